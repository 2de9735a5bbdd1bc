import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { DistributionReader } from '../../../../src/mapping/histograms/model/distribution.js';
import { type PlainDistribution, plain } from '../../../support/metrics/bins.js';

/** One for all, so that every test finds what another left behind. */
const reader = new DistributionReader();

function fromExplicitBuckets(value: Histogram, factor: number): PlainDistribution | undefined {
  const distribution = reader.explicit(value, factor);
  return distribution && plain(distribution);
}

function fromExponentialBuckets(value: ExponentialHistogram, factor: number): PlainDistribution | undefined {
  const distribution = reader.exponential(value, factor);
  return distribution && plain(distribution);
}

const noBuckets = { offset: 0, bucketCounts: [] };

function explicit(overrides: Partial<Histogram> & { boundaries?: number[]; counts?: number[] }): Histogram {
  const { boundaries = [10, 20], counts = [1, 2, 3], ...facts } = overrides;
  return { buckets: { boundaries, counts }, count: 6, ...facts };
}

function exponential(overrides: Partial<ExponentialHistogram>): ExponentialHistogram {
  return { count: 1, scale: 0, zeroCount: 0, positive: noBuckets, negative: noBuckets, ...overrides };
}

describe('fromExplicitBuckets', () => {
  it('turns filled buckets into bins between min and max', () => {
    expect(fromExplicitBuckets(explicit({ sum: 100, min: 4, max: 33 }), 1)).toEqual({
      bins: [
        { lo: 4, hi: 10, count: 1, logarithmic: false },
        { lo: 10, hi: 20, count: 2, logarithmic: false },
        { lo: 20, hi: 33, count: 3, logarithmic: false },
      ],
      count: 6,
      sum: 100,
      min: 4,
      max: 33,
      floor: 4,
      ceiling: 33,
    });
  });

  it('omits empty buckets', () => {
    const point = explicit({ boundaries: [10, 20, 30], counts: [0, 6, 0, 0], sum: 90, min: 11, max: 19 });
    expect(fromExplicitBuckets(point, 1)).toEqual({
      bins: [{ lo: 11, hi: 19, count: 6, logarithmic: false }],
      count: 6,
      sum: 90,
      min: 11,
      max: 19,
      floor: 11,
      ceiling: 19,
    });
  });

  it('starts at 0 and ends at the last boundary where min and max are unknown', () => {
    expect(fromExplicitBuckets(explicit({}), 1)).toEqual({
      bins: [
        { lo: 0, hi: 10, count: 1, logarithmic: false },
        { lo: 10, hi: 20, count: 2, logarithmic: false },
        { lo: 20, hi: 20, count: 3, logarithmic: false },
      ],
      count: 6,
      sum: undefined,
      min: undefined,
      max: undefined,
      floor: -Infinity,
      ceiling: Infinity,
    });
  });

  it('knows the range without min and max where only bounded buckets are filled', () => {
    const point = explicit({ boundaries: [10, 20, 30], counts: [0, 6, 0, 0] });
    expect(fromExplicitBuckets(point, 1)).toMatchObject({ floor: 10, ceiling: 20 });
  });

  it('places a first bucket below zero at its bound', () => {
    const point = explicit({ boundaries: [-5], counts: [6, 0] });
    expect(fromExplicitBuckets(point, 1)?.bins).toEqual([{ lo: -5, hi: -5, count: 6, logarithmic: false }]);
  });

  it.each([
    [{ min: 2, max: 9, sum: 20 }, 2, 9],
    [{ sum: 24 }, 4, 4],
    [{ min: 2, sum: 24 }, 2, 2],
    [{ max: 9 }, 0, 9],
    [{ max: -9 }, -9, -9],
    [{}, 0, 0],
  ])('has one bin where there are no boundaries, placed by %o', (facts, lo, hi) => {
    const bins = [{ lo, hi, count: 6, logarithmic: false }];
    expect(fromExplicitBuckets(explicit({ boundaries: [], counts: [6], ...facts }), 1)?.bins).toEqual(bins);
    expect(fromExplicitBuckets(explicit({ boundaries: [], counts: [], ...facts }), 1)?.bins).toEqual(bins);
  });

  it.each([
    { min: Infinity, max: -Infinity, sum: Number.NaN },
    { min: 30, max: 4, sum: Infinity },
    { min: Number.NaN, max: Infinity, sum: -Infinity },
  ])('takes %o as unknown', (facts) => {
    expect(fromExplicitBuckets(explicit(facts), 1)).toEqual(fromExplicitBuckets(explicit({}), 1));
  });

  it('keeps min where only max is infinite', () => {
    expect(fromExplicitBuckets(explicit({ min: 4, max: Infinity, sum: Infinity }), 1)).toEqual({
      bins: [
        { lo: 4, hi: 10, count: 1, logarithmic: false },
        { lo: 10, hi: 20, count: 2, logarithmic: false },
        { lo: 20, hi: 20, count: 3, logarithmic: false },
      ],
      count: 6,
      sum: undefined,
      min: 4,
      max: undefined,
      floor: 4,
      ceiling: Infinity,
    });
  });

  it('clips bins that contradict min and max', () => {
    expect(fromExplicitBuckets(explicit({ min: 15, max: 17 }), 1)?.bins).toEqual([
      { lo: 15, hi: 15, count: 1, logarithmic: false },
      { lo: 15, hi: 17, count: 2, logarithmic: false },
      { lo: 17, hi: 17, count: 3, logarithmic: false },
    ]);
  });

  it('treats infinite boundaries as open ends', () => {
    const point = explicit({ boundaries: [-Infinity, 10, Infinity], counts: [0, 2, 4, 0] });
    expect(fromExplicitBuckets(point, 1)).toEqual({
      bins: [
        { lo: 0, hi: 10, count: 2, logarithmic: false },
        { lo: 10, hi: 10, count: 4, logarithmic: false },
      ],
      count: 6,
      sum: undefined,
      min: undefined,
      max: undefined,
      floor: -Infinity,
      ceiling: Infinity,
    });
  });

  it('counts the observations in the buckets where the count contradicts them', () => {
    expect(fromExplicitBuckets(explicit({ count: 99 }), 1)?.count).toBe(6);
  });

  it.each([0, Number.NaN])('is undefined for a count of %d', (count) => {
    expect(fromExplicitBuckets(explicit({ count }), 1)).toBeUndefined();
  });

  it('converts bounds, sum, min and max by the unit factor', () => {
    expect(fromExplicitBuckets(explicit({ sum: 0.1, min: 0.004, max: 33 }), 1000)).toEqual({
      bins: [
        { lo: 4, hi: 10_000, count: 1, logarithmic: false },
        { lo: 10_000, hi: 20_000, count: 2, logarithmic: false },
        { lo: 20_000, hi: 33_000, count: 3, logarithmic: false },
      ],
      count: 6,
      sum: 100,
      min: 4,
      max: 33_000,
      floor: 4,
      ceiling: 33_000,
    });
  });

  it('converts to a larger unit with correct rounding, which multiplying by 1e-6 would miss', () => {
    const point = explicit({ boundaries: [], counts: [6], min: 7, max: 1_100_003, sum: 2_200_006 });
    expect(fromExplicitBuckets(point, 1e-6)).toMatchObject({ min: 0.000007, max: 1.100003, sum: 2.200006 });
  });
});

describe('fromExponentialBuckets', () => {
  it('turns negative, zero and positive buckets into bins in ascending order', () => {
    const point = exponential({
      count: 10,
      zeroCount: 3,
      negative: { offset: 0, bucketCounts: [1, 2] },
      positive: { offset: 1, bucketCounts: [3, 0, 0, 1] },
    });
    expect(fromExponentialBuckets(point, 1)).toEqual({
      bins: [
        { lo: -4, hi: -2, count: 2, logarithmic: true },
        { lo: -2, hi: -1, count: 1, logarithmic: true },
        { lo: 0, hi: 0, count: 3, logarithmic: false },
        { lo: 2, hi: 4, count: 3, logarithmic: true },
        { lo: 16, hi: 32, count: 1, logarithmic: true },
      ],
      count: 10,
      sum: undefined,
      min: undefined,
      max: undefined,
      floor: -4,
      ceiling: 32,
    });
  });

  it('clips the outermost bins to min and max', () => {
    const point = exponential({
      count: 4,
      positive: { offset: 1, bucketCounts: [3, 1] },
      min: 3,
      max: 5,
      sum: 15,
    });
    expect(fromExponentialBuckets(point, 1)).toEqual({
      bins: [
        { lo: 3, hi: 4, count: 3, logarithmic: true },
        { lo: 4, hi: 5, count: 1, logarithmic: true },
      ],
      count: 4,
      sum: 15,
      min: 3,
      max: 5,
      floor: 3,
      ceiling: 5,
    });
  });

  it('makes a bin linear that a contradictory min or max extends to zero', () => {
    const positive = exponential({ positive: { offset: 0, bucketCounts: [1] }, min: -1 });
    const negative = exponential({ negative: { offset: 0, bucketCounts: [1] }, max: 0 });
    expect([positive, negative].map((point) => fromExponentialBuckets(point, 1)?.bins)).toEqual([
      [{ lo: -1, hi: 2, count: 1, logarithmic: false }],
      [{ lo: -2, hi: 0, count: 1, logarithmic: false }],
    ]);
  });

  it('keeps bounds precise over a thousand buckets', () => {
    const bucketCounts = new Array<number>(1000).fill(1);
    const errors = [1, 2, 3, 4, 5, 6].flatMap((scale) => {
      const point = exponential({ scale, positive: { offset: -500, bucketCounts } });
      const { bins } = fromExponentialBuckets(point, 1)!;
      return bins.map(({ hi }, index) => Math.abs(hi / 2 ** ((index - 499) / 2 ** scale) - 1));
    });
    expect(errors.length).toBe(6000);
    expect(Math.max(...errors)).toBeLessThan(5e-15);
  });

  it.each([-10, -11, -20])('stays within finite numbers at scale %i', (scale) => {
    const point = exponential({ count: 2, scale, positive: { offset: -1, bucketCounts: [1, 1] } });
    expect(fromExponentialBuckets(point, 1000)?.bins).toEqual([
      { lo: 0, hi: 1000, count: 1, logarithmic: false },
      { lo: 1000, hi: Number.MAX_VALUE, count: 1, logarithmic: true },
    ]);
  });

  it('begins at zero with the bucket of subnormal numbers', () => {
    const point = exponential({ scale: 20, positive: { offset: -1022 * 2 ** 20 - 1, bucketCounts: [1] } });
    expect(fromExponentialBuckets(point, 1)?.bins).toEqual([
      { lo: 0, hi: 2 ** -1022, count: 1, logarithmic: false },
    ]);
  });

  it('has a single bin where all buckets are omitted', () => {
    expect(fromExponentialBuckets(exponential({ count: 5, sum: 50 }), 1)?.bins).toEqual([
      { lo: 10, hi: 10, count: 5, logarithmic: false },
    ]);
  });

  it('is undefined for count 0, even beside filled buckets', () => {
    const point = exponential({ count: 0, negative: { offset: 0, bucketCounts: [1] } });
    expect(fromExponentialBuckets(point, 1)).toBeUndefined();
  });
});
