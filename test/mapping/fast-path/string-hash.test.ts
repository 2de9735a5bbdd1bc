import { expect, it } from 'vitest';
import { chooseHashPositions, hashString } from '../../../src/mapping/fast-path/string-hash.js';

function distinctSlots(texts: readonly string[], slots: number): number {
  const [a, b, c] = chooseHashPositions(texts);
  return new Set(texts.map((text) => hashString(text, a, b, c) & (slots - 1))).size;
}

it.each([
  ['routes', (index: number) => `/api/v1/customers/{id}/orders-${index}`],
  ['host names', (index: number) => `web-${index}.eu-west-1.example.internal`],
  ['identifiers', (index: number) => `${(index * 7919).toString(36)}-0000`],
])('chooseHashPositions gives at least three of four similar %s a slot of their own', (_, textOf) => {
  const texts = Array.from({ length: 60 }, (_, index) => textOf(index));
  expect(distinctSlots(texts, 512)).toBeGreaterThanOrEqual(45);
});

it('chooseHashPositions takes one position when there is no string to tell apart', () => {
  expect(chooseHashPositions([])).toEqual([0, -1, -1]);
});

it('hashString takes positions beyond the beginning of a string for its first character', () => {
  expect(hashString('a', 0, 20, 39)).toBe(hashString('a', 0, 0, 0));
});
