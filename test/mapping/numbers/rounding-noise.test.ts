import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutRoundingNoise } from '../../../src/mapping/numbers/rounding-noise.js';

function ulpOf(value: number): number {
  return Math.max(Number.EPSILON * 2 ** Math.floor(Math.log2(Math.abs(value))), Number.MIN_VALUE);
}

describe('withoutRoundingNoise', () => {
  it('restores the decimal that arithmetic missed by rounding errors', () => {
    const blurred = [0.1 + 0.2, 1.1 * 3, -(0.7 + 0.1), 4.35 * 100, 0, 999999999.9999989];
    expect(blurred.map((value) => withoutRoundingNoise(value))).toEqual([
      0.3, 3.3, -0.8, 435, 0, 999999999.999999,
    ]);
  });

  it('finds the nearest decimal for a sum of thousands of numbers', () => {
    expect(withoutRoundingNoise(97604.96600000004, 3_000)).toBe(97604.966);
  });

  it('leaves other numbers unchanged', () => {
    const values = [1 / 3, Math.PI, -1.2345678901234567];
    expect(values.map((value) => withoutRoundingNoise(value))).toEqual(values);
  });

  it('gives back any decimal of up to 15 digits after a few roundings', () => {
    const decimals = fc
      .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 1, max: 12 }))
      .map(([digits, places]) => Number(`${digits || 1}e-${places}`));
    fc.assert(
      fc.property(decimals, fc.integer({ min: -1, max: 1 }), (decimal, ulps) => {
        const blurred = decimal + ulps * ulpOf(decimal * 0.999_999);
        expect(withoutRoundingNoise(blurred)).toBe(decimal);
      }),
      { numRuns: 5_000 },
    );
  });

  it('moves no number by more than the given roundings', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e300, max: 1e300, noNaN: true }).filter((value) => Math.abs(value) > 1e-300),
        fc.integer({ min: 0, max: 9 }),
        (value, most) => {
          const error = Math.abs(withoutRoundingNoise(value, most) - value);
          expect(error).toBeLessThanOrEqual((most / 2) * ulpOf(value));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('leaves whole numbers unchanged, however many digits they have', () => {
    const values = [2 ** 53 - 1, -(2 ** 53) + 3, 1e20 + 2 ** 20];
    expect(values.map((value) => withoutRoundingNoise(value))).toEqual(values);
  });

  it('rounds as the text of 15 digits does, near halves and powers of two, too', () => {
    const significand = fc.oneof(
      fc.double({ min: 1, max: 10, noNaN: true }),
      fc.integer({ min: 1e14, max: 1e15 - 1 }).map((digits) => (digits + 0.5) / 1e14),
      fc.integer({ min: 0, max: 60 }).map((power) => 2 ** (power / 20)),
    );
    fc.assert(
      fc.property(significand, fc.integer({ min: -9, max: 16 }), fc.nat(4), (first, decade, ulps) => {
        const size = first * 10 ** decade;
        const value = -(size + ulps * ulpOf(size));
        fc.pre(!Number.isInteger(value));
        const rounded = Number(value.toPrecision(15));
        const isNear = Math.abs(rounded - value) <= 3 * ulpOf(value);
        expect(withoutRoundingNoise(value, 6)).toBe(isNear ? rounded : value);
      }),
      { numRuns: 20_000 },
    );
  });

  it('rounds to 15 digits whatever the distance, if so many roundings can explain it', () => {
    const significand = fc.integer({ min: 1e14, max: 1e15 - 1 });
    const offset = fc.constantFrom(0, 0.25, 0.5, 0.5, 0.5, 0.75);
    fc.assert(
      fc.property(
        significand,
        offset,
        fc.integer({ min: -9, max: 16 }),
        fc.nat(2),
        (digits, part, decade, ulps) => {
          const size = ((digits + part) / 1e14) * 10 ** decade;
          const value = size + ulps * ulpOf(size);
          fc.pre(!Number.isInteger(value));
          expect(withoutRoundingNoise(value, 100)).toBe(Number(value.toPrecision(15)));
        },
      ),
      { numRuns: 20_000 },
    );
  });
});
