import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  decadeOf,
  powerOfTen,
  roundHalfUp,
  roundToDigits,
  roundToPlaces,
} from '../../../src/mapping/numbers/rounding.js';

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

it('roundToDigits gives zero for both zeros', () => {
  expect([0, -0].map((value) => roundToDigits(value, 7))).toEqual([0, 0]);
});

it('powerOfTen is the double nearest to the power where that is exact or its inverse is, and 10 to the exponent elsewhere', () => {
  const exponents = Array.from({ length: 600 }, (_, index) => index - 300);
  expect(exponents.map(powerOfTen)).toEqual(
    exponents.map((exponent) => (Math.abs(exponent) <= 22 ? Number(`1e${exponent}`) : 10 ** exponent)),
  );
});

it('decadeOf is the exponent in scientific notation, next to powers of ten, too', () => {
  const near = fc
    .tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -2, max: 2 }))
    .map(([exponent, steps]) => Number(`1e${exponent}`) * (1 + steps * Number.EPSILON));
  fc.assert(
    fc.property(fc.oneof(near, fc.double({ min: 1e-300, max: 1e300, noNaN: true })), (size) => {
      const decade = decadeOf(size);
      // As powers of ten are rounded.
      expect([powerOfTen(decade) <= size, size < powerOfTen(decade + 1)]).toEqual([true, true]);
    }),
    { numRuns: 5_000 },
  );
});

it('roundToPlaces rounds to decimals, to tens, and not at all where no power is exact', () => {
  const rounded = [2, 0, -2, 23, -23, 30].map((places) => roundToPlaces(1_234.5678, places));
  expect(rounded).toEqual([1_234.57, 1_235, 1_200, 1_234.5678, 1_234.5678, 1_234.5678]);
});
