import { describe, expect, it } from 'vitest';
import {
  mergeEqualValues,
  sampleRate,
  splitWeight,
} from '../../../../src/mapping/histograms/samples/weights.js';
import { formatNumber } from '../../../../src/mapping/numbers/format-number.js';

const sampleRateText = (weight: number): string => formatNumber(sampleRate(weight));

describe('sampleRate', () => {
  it.each([
    [1, '1'],
    [2, '0.5'],
    [3, '0.3333333333333333'],
    [10, '0.1'],
    [1000, '0.001'],
    [49, '0.02040816326530612'],
    [93, '0.01075268817204301'],
    [10_000_000, '0.0000001'],
  ])('writes the rate of weight %i as %s', (weight, text) => {
    expect(sampleRateText(weight)).toBe(text);
  });

  it('is read back as exactly the weight by truncating and by rounding servers', () => {
    const beyondAMillion = Array.from({ length: 2000 }, (_, step) => Math.floor(1e6 * 1.0127 ** step)).filter(
      (weight) => weight < 2 ** 50,
    );
    const weights = [...Array.from({ length: 20_000 }, (_, index) => index + 1), ...beyondAMillion];
    const wrong = weights.filter((weight) => {
      const rate = Number(sampleRateText(weight));
      return Math.trunc(1 / rate) !== weight || Math.round(1 / rate) !== weight;
    });
    expect(wrong).toEqual([]);
  });

  it('prints without an exponent for any weight', () => {
    const odd = [7, 93, 1e6, 1e7 + 1, 1e9, 2 ** 40].filter(
      (weight) => !/^0\.\d+$/.test(sampleRateText(weight)),
    );
    expect(odd).toEqual([]);
  });
});

describe('splitWeight', () => {
  it.each([
    [1, 100, [1]],
    [100, 100, [100]],
    [101, 100, [51, 50]],
    [305, 100, [77, 76, 76, 76]],
    [3, 1, [1, 1, 1]],
    [7, Infinity, [7]],
  ])('splits %i into parts of at most %i', (weight, maxWeight, parts) => {
    expect(splitWeight(weight, maxWeight)).toEqual(parts);
  });
});

describe('mergeEqualValues', () => {
  it('adds the weights of equal neighbours', () => {
    const values = Float64Array.of(0, 0, 1, 2, 2, 2);
    const weights = Float64Array.of(1, 5, 7, 1, 2, 3);
    expect(mergeEqualValues({ values, weights })).toEqual({
      values: Float64Array.of(0, 1, 2),
      weights: Float64Array.of(6, 7, 6),
    });
  });

  it('merges a constant into one sample, and nothing into nothing', () => {
    const nothing = new Float64Array(0);
    expect(
      mergeEqualValues({ values: new Float64Array(50).fill(3), weights: new Float64Array(50).fill(2) }),
    ).toEqual({
      values: Float64Array.of(3),
      weights: Float64Array.of(100),
    });
    expect(mergeEqualValues({ values: nothing, weights: nothing })).toEqual({
      values: nothing,
      weights: nothing,
    });
  });
});
