import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaledBound, unitScale } from '../../../src/mapping/numbers/unit-scale.js';

describe('unitScale', () => {
  it('converts the decimal that a recorded value prints as', () => {
    const { of } = unitScale(1000);
    expect([0.022399, 0.0061, 5e-324, -1.5e-7, 1e21, 1e307].map(of)).toEqual([
      22.399,
      6.1,
      5e-321,
      -0.00015,
      1e24,
      Infinity,
    ]);
    expect([22_399, 7].map(unitScale(1e-6).of)).toEqual([0.022399, 0.000007]);
    expect([0.1, 1.1].map(unitScale(6e4).of)).toEqual([6000, 66_000]);
  });

  it('converts any number to the double nearest to its shortest decimal with another exponent', () => {
    const fewDigits = fc
      .tuple(fc.integer(), fc.integer({ min: 0, max: 9 }))
      .map(([digits, places]) => digits / 10 ** places);
    const numbers = fc.oneof(
      fewDigits,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
    );
    fc.assert(
      fc.property(numbers, fc.integer({ min: -9, max: 9 }), (value, power) => {
        const [digits, exponent = '0'] = String(value).split('e');
        const converted = Number(`${digits}e${Number(exponent) + power}`);
        expect(unitScale(Number(`1e${power}`)).of(value) + 0).toBe(converted + 0);
      }),
      { numRuns: 5_000 },
    );
  });

  it('converts any decimal to the double nearest to its thousandfold', () => {
    const decimals = fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 15 }));
    fc.assert(
      fc.property(decimals, ([digits, places]) => {
        const value = Number(`${digits}e-${places}`);
        // Of two doubles, one division of integers below 2^53 finds the nearest.
        const thousandfold = places >= 3 ? digits / 10 ** (places - 3) : digits * 10 ** (3 - places);
        expect(unitScale(1000).of(value) + 0).toBe(thousandfold + 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the order of bounds', () => {
    const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(doubles, doubles, fc.constantFrom(1, 1000, 1e-3, 1e-6, 6e4, 3.6e6), (a, b, factor) => {
        const scale = unitScale(factor);
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        for (const convert of [scale.of, scale.ofBound]) {
          expect(scaledBound(low, convert)).toBeLessThanOrEqual(scaledBound(high, convert));
        }
      }),
    );
  });

  it('keeps a finite bound finite', () => {
    const { of } = unitScale(1000);
    expect([1e308, -1e308, Infinity].map((bound) => scaledBound(bound, of))).toEqual([
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
      Infinity,
    ]);
  });
});
