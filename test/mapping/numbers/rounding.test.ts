import fc from 'fast-check';
import { expect, it } from 'vitest';
import { roundHalfUp, roundToDigits } from '../../../src/mapping/numbers/rounding.js';

it('roundHalfUp rounds as Math.round does below 2^52', () => {
  const values = fc.oneof(
    fc.double({ min: 0.5, max: 2 ** 52, noNaN: true }),
    fc.integer({ min: 0, max: 2 ** 31 }).map((halves) => halves / 2),
  );
  fc.assert(
    fc.property(values, (value) => {
      expect(roundHalfUp(value)).toBe(Math.round(value));
    }),
    { numRuns: 1_000 },
  );
});

it('roundToDigits rounds to significant digits of any magnitude', () => {
  expect([1234567.891, -0.00012345678, 0, 98765432.1].map((value) => roundToDigits(value, 7))).toEqual([
    1234568, -0.0001234568, 0, 98765430,
  ]);
});
