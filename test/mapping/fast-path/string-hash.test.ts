import { expect, it } from 'vitest';
import { choosePlaces, slotOf } from '../../../src/mapping/fast-path/string-hash.js';

function slotsTaken(texts: readonly string[], slots: number): number {
  const [a, b, c] = choosePlaces(texts);
  return new Set(texts.map((text) => slotOf(text, a, b, c, slots - 1))).size;
}

it.each([
  ['routes', (index: number) => `/api/v1/customers/{id}/orders-${index}`],
  ['hosts', (index: number) => `web-${index}.eu-west-1.example.internal`],
  ['ids', (index: number) => `${(index * 7919).toString(36)}-0000`],
])('texts that differ in a few characters get a slot each, nearly all of them: %s', (_, textOf) => {
  const texts = Array.from({ length: 60 }, (_, index) => textOf(index));
  expect(slotsTaken(texts, 512)).toBeGreaterThanOrEqual(45);
});

it('short texts and no texts at all have slots, too', () => {
  expect([choosePlaces([]).length, slotOf('a', 0, 20, 39, 63) < 64]).toEqual([3, true]);
});
