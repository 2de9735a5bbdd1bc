import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { hashBytes, inverseOf, powersOf } from '../../../src/mapping/fast-path/rolling-hash.js';

const powersA = powersOf('a', 100);
const powersB = powersOf('b', 100);
const text = fc.uint8Array({ maxLength: 100 });

it('the hash of a text can be computed from the hashes of its parts', () => {
  fc.assert(
    fc.property(text, text, (head, tail) => {
      const [first, second] = [hashBytes(head), hashBytes(tail)];
      const whole = hashBytes(new Uint8Array([...head, ...tail]));
      expect(hashBytes(tail, first)).toEqual(whole);
      expect({
        a: (Math.imul(first.a, powersA[tail.length]!) + second.a) | 0,
        b: (Math.imul(first.b, powersB[tail.length]!) + second.b) | 0,
      }).toEqual(whole);
    }),
  );
});

it('inverseOf a power undoes the multiplication with it', () => {
  const products = [...powersA, ...powersB].map((power) => Math.imul(power, inverseOf(power)));
  expect(products).toEqual(products.map(() => 1));
});
