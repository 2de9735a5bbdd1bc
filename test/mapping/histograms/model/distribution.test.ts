import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { DistributionReader } from '../../../../src/mapping/histograms/model/distribution.js';
import { point } from '../../../support/mapping.js';
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

  it('clips all bins to a max below them, and to a min above them', () => {
    const below = { counts: [0, 2, 4], max: 5 };
    const above = { counts: [2, 4, 0], min: 25 };
    expect([below, above].map((facts) => fromExplicitBuckets(explicit(facts), 1)?.bins)).toEqual([
      [
        { lo: 5, hi: 5, count: 2, logarithmic: false },
        { lo: 5, hi: 5, count: 4, logarithmic: false },
      ],
      [
        { lo: 25, hi: 25, count: 2, logarithmic: false },
        { lo: 25, hi: 25, count: 4, logarithmic: false },
      ],
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
      negative: { offset: 0, bucketCounts: [1, 0, 2, 0] },
      positive: { offset: 1, bucketCounts: [3, 0, 0, 1] },
    });
    expect(fromExponentialBuckets(point, 1)).toEqual({
      bins: [
        { lo: -8, hi: -4, count: 2, logarithmic: true },
        { lo: -2, hi: -1, count: 1, logarithmic: true },
        { lo: 0, hi: 0, count: 3, logarithmic: false },
        { lo: 2, hi: 4, count: 3, logarithmic: true },
        { lo: 16, hi: 32, count: 1, logarithmic: true },
      ],
      count: 10,
      sum: undefined,
      min: undefined,
      max: undefined,
      floor: -8,
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
    const fromZero = exponential({ positive: { offset: 0, bucketCounts: [1] }, min: 0 });
    const negative = exponential({ negative: { offset: 0, bucketCounts: [1] }, max: 0 });
    expect([positive, fromZero, negative].map((point) => fromExponentialBuckets(point, 1)?.bins)).toEqual([
      [{ lo: -1, hi: 2, count: 1, logarithmic: false }],
      [{ lo: 0, hi: 2, count: 1, logarithmic: false }],
      [{ lo: -2, hi: 0, count: 1, logarithmic: false }],
    ]);
  });

  it('keeps negative bins logarithmic that min and max clip', () => {
    const negative = { offset: 0, bucketCounts: [1, 2] };
    const { bins } = reader.exponential(exponential({ count: 3, negative, min: -3, max: -1.5 }), 1)!;
    const widths = [...bins.logWidth.subarray(0, bins.length)];
    expect([plain({ bins } as never).bins, widths]).toEqual([
      [
        { lo: -3, hi: -2, count: 2, logarithmic: true },
        { lo: -2, hi: -1.5, count: 1, logarithmic: true },
      ],
      [Math.log(2 / 3), Math.log(1.5 / 2)],
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
    const buckets = { offset: -1022 * 2 ** 20 - 1, bucketCounts: [1] };
    const both = exponential({ count: 2, scale: 20, positive: buckets, negative: buckets });
    const { bins } = reader.exponential(both, 1)!;
    expect([
      [...bins.lo.subarray(0, 2)],
      [...bins.hi.subarray(0, 2)],
      [...bins.logWidth.subarray(0, 2)],
    ]).toEqual([
      [-(2 ** -1022), 0],
      [-0, 2 ** -1022],
      [0, 0],
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

describe('totals', () => {
  const explicitPoint = (value: Histogram) => ({ kind: 'explicit', ...point(value) }) as const;
  const exponentialPoint = (value: ExponentialHistogram) =>
    ({ kind: 'exponential', ...point(value) }) as const;
  const facts = { sum: 100, min: 4, max: 33 };

  it('are those of the bins of a point', () => {
    const explicits = [
      explicit({ count: 99, ...facts }),
      explicit({ count: 99, counts: [0.1, 0.2, 0.7] }),
      explicit({ boundaries: [], counts: [], ...facts }),
      explicit({ min: 30, max: 4, sum: Infinity }),
    ];
    const negative = { offset: 0, bucketCounts: [0.5, 0, 2] };
    const positive = { offset: 1, bucketCounts: [3, 0, 0, 1] };
    const exponentials = [
      exponential({ count: 99, zeroCount: 3, negative, positive, ...facts }),
      exponential({ count: 5, ...facts }),
      exponential({ count: 5, zeroCount: 0.25, positive: { offset: 0, bucketCounts: [0.1, 0.2, 0.3] } }),
    ];
    const found = [
      ...explicits.map((value) => reader.totals(explicitPoint(value), 1000)),
      ...exponentials.map((value) => reader.totals(exponentialPoint(value), 1000)),
    ];
    const ofBins = [
      ...explicits.map((value) => fromExplicitBuckets(value, 1000)!),
      ...exponentials.map((value) => fromExponentialBuckets(value, 1000)!),
    ];
    expect(found).toEqual(ofBins.map(({ count, sum, min, max }) => ({ count, sum, min, max })));
    expect(found.map((totals) => totals?.count)).toEqual([6, 1, 6, 6, 9.5, 5, 0.25 + 0.1 + 0.2 + 0.3]);
  });

  it.each([0, Number.NaN])('are undefined for a count of %d', (count) => {
    expect(reader.totals(explicitPoint(explicit({ count })), 1)).toBeUndefined();
  });
});
