import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber } from '../../../src/mapping/numbers/format-number.js';
import { withoutRoundingNoise } from '../../../src/mapping/numbers/rounding-noise.js';
import { ShortestDecimal } from '../../../src/mapping/numbers/shortest-decimal.js';

const shortest = new ShortestDecimal();

/** The decimal that was found, undefined where it is in doubt. */
function found(value: number, isComputed = false): string | undefined {
  shortest.input[0] = value;
  if (!shortest.find(isComputed)) return undefined;
  const { high, low, places } = shortest;
  const digits = `${String(high).padStart(9, '0')}${String(low).padStart(8, '0')}`;
  expect(digits).toMatch(/^[1-9][0-9]{16}$/);
  const padded = digits.padStart(places + 1, '0');
  const [whole, decimals] = [
    padded.slice(0, -places || undefined),
    places === 0 ? '' : padded.slice(-places),
  ];
  return `${whole}.${decimals}`.replace(/\.?0*$/, '');
}

const significand = fc.integer({ min: 1, max: 999_999_999_999_999 });
const decimals = fc
  .tuple(significand, fc.integer({ min: -20, max: -1 }))
  .map(([digits, exponent]) => Number(`${digits}e${exponent}`));
const near = fc
  .tuple(fc.integer({ min: -19, max: 49 }), fc.integer({ min: -6, max: 6 }))
  .map(([exponent, steps]) => 2 ** exponent * (1 + steps * (Number.EPSILON / 2)));
const nearDecade = fc
  .tuple(fc.integer({ min: -6, max: 14 }), fc.integer({ min: -4, max: 4 }))
  .map(([exponent, steps]) => Number(`1e${exponent}`) * (1 + steps * Number.EPSILON));
const sums = fc
  .tuple(significand, fc.integer({ min: 1, max: 15 }), fc.integer({ min: -4, max: 4 }))
  .map(([digits, places, steps]) => Number(`${digits}e-${places}`) * (1 + steps * Number.EPSILON));
/** Near the end of the digits that are computed in one piece, where a quotient is rounded up. */
const nines = fc
  .tuple(
    fc.integer({ min: 3e8, max: 1e9 - 1 }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 2, max: 22 }),
  )
  .map(([high, less, places]) => Number(`${BigInt(high) * 100_000_000n - BigInt(less)}e-${places}`));
/** Halfway between two decimals of 17 digits, or between two doubles. */
const halves = fc
  .tuple(fc.integer({ min: 2 ** 52, max: 2 ** 53 - 1 }), fc.integer({ min: 3, max: 12 }))
  .map(([digits, bits]) => digits / 2 ** bits);
const any = fc.double({ min: 1e-7, max: 2e15, noNaN: true });
const kinds = { decimals, near, nearDecade, sums, nines, halves, any };

describe('the shortest decimal', () => {
  it.each([
    [0.3, '0.3'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1 / 3, '0.3333333333333333'],
    [Math.PI * 1e10, '31415926535.89793'],
    [0.000_001_5, '0.0000015'],
    [99_999_999_999_999.98, '99999999999999.98'],
    [9.999_999_999_999_998, '9.999999999999998'],
    [123_456_789.123_456_7, '123456789.1234567'],
    [5, '5'],
  ])('of %d is %s', (value, text) => {
    expect(found(value)).toBe(text);
  });

  it.each(Object.entries(kinds))('is that of formatNumber, where it is found: %s', (_, values) => {
    fc.assert(
      fc.property(values, (value) => {
        const text = formatNumber(value);
        expect(found(value) ?? text).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(Object.entries(kinds))(
    'of a computed number is that without rounding noise, where it is found: %s',
    (_, values) => {
      fc.assert(
        fc.property(values, (value) => {
          const text = formatNumber(withoutRoundingNoise(value));
          expect(found(value, true) ?? text).toBe(text);
        }),
        { numRuns: 2_000 },
      );
    },
  );

  it.each([0, -1.5, 9.9e-7, 1e15, 1.5e15, Infinity, -Infinity, Number.NaN])(
    'is not found for %d',
    (value) => {
      expect(found(value)).toBeUndefined();
    },
  );

  it('is found for powers of two, and is right for all doubles near them, on both sides', () => {
    const powers = Array.from({ length: 69 }, (_, index) => 2 ** (index - 19));
    expect(powers.map((power) => found(power))).toEqual(powers.map(formatNumber));
    const steps = Array.from({ length: 41 }, (_, index) => index - 20);
    const near = powers.flatMap((power) => steps.map((step) => power * (1 + step * (Number.EPSILON / 2))));
    for (const value of near) {
      const [plain, computed] = [value, withoutRoundingNoise(value)].map(formatNumber);
      expect([found(value) ?? plain, found(value, true) ?? computed]).toEqual([plain, computed]);
    }
  });

  it('is found for nearly all numbers of any size', () => {
    const sizes = Array.from({ length: 21 }, (_, index) => Number(`1e${index - 6}`));
    const fractions = Array.from({ length: 500 }, (_, index) => (index * 0.618_033_988_749_894_9) % 1);
    const many = sizes.flatMap((size) => fractions.map((fraction) => (1 + 9 * fraction) * size));
    const declined = (isComputed: boolean): number =>
      many.filter((value) => found(value, isComputed) === undefined).length;
    // Most of these are above 10^13, where decimals halfway between two are common.
    expect(Math.max(declined(false), declined(true))).toBeLessThanOrEqual(0.03 * many.length);
  });
});
