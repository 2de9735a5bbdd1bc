import { describe, expect, it } from 'vitest';
import { logRatio } from '../../../../src/mapping/histograms/model/bins.js';
import type { Distribution } from '../../../../src/mapping/histograms/model/distribution.js';
import {
  quantile,
  quantileAtRank,
  RankCursor,
  valueInBin,
} from '../../../../src/mapping/histograms/model/rank-cursor.js';
import { binsFrom } from '../../../support/metrics/bins.js';
import { fromExplicitBuckets, fromExponentialBuckets } from '../../../support/metrics/distributions.js';
import { exponentialPoint } from '../../../support/metrics/histogram-points.js';
import { valuesOf } from '../../../support/metrics/random-values.js';

const first = { lo: 0, hi: 10, count: 2, logarithmic: false };
const second = { lo: 20, hi: 80, count: 4, logarithmic: true };
const third = { lo: 100, hi: 100, count: 1, logarithmic: false };
const distribution: Distribution = {
  bins: binsFrom([first, second, third]),
  count: 7,
  sum: undefined,
  min: undefined,
  max: undefined,
  floor: 0,
  ceiling: 100,
};

describe('RankCursor', () => {
  it('finds the bin of each rank, a rank on a border in the lower bin', () => {
    const cursor = new RankCursor(distribution);
    const found = [0, 2, 2.5, 6, 6.5, 7].map((rank) => cursor.advanceTo(rank));
    expect(found).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('interpolates linearly in linear bins and by ratio in logarithmic ones', () => {
    const cursor = new RankCursor(distribution);
    const values = [0, 0.5, 1, 2, 4, 6, 7].map((rank) => cursor.valueAt(rank));
    expect(values.map((value) => Number(value.toPrecision(12)))).toEqual([0, 2.5, 5, 10, 40, 80, 100]);
  });

  it('clamps ranks out of range to the outermost bins', () => {
    expect([-1, 8].map((rank) => new RankCursor(distribution).valueAt(rank))).toEqual([0, 100]);
  });

  it('gives no rank to excluded observations', () => {
    const cursor = new RankCursor(distribution, 1, 1);
    const found = [0.5, 1.5, 4.5, 5].map((rank) => cursor.advanceTo(rank));
    expect(found).toEqual([0, 1, 1, 1]);
    expect(new RankCursor(distribution, 1, 1).valueAt(0.5)).toBe(5);
  });

  it('excludes observations at both ends of a single bin', () => {
    const bin = { lo: 0, hi: 10, count: 6, logarithmic: false };
    const cursor = new RankCursor({ bins: binsFrom([bin]) }, 1, 1);
    expect([1, 2, 4].map((rank) => cursor.valueAt(rank))).toEqual([2.5, 5, 10]);
  });

  it('serves distributions of more and of fewer bins one after the other', () => {
    const cursor = new RankCursor();
    const found = [[first], [first, second], [first, second, third], [first]].map((bins) => {
      cursor.reset({ bins: binsFrom(bins) });
      return [1, 2.5, 6.5].map((rank) => cursor.advanceTo(rank));
    });
    expect(found).toEqual([
      [0, 0, 0],
      [0, 1, 1],
      [0, 1, 2],
      [0, 0, 0],
    ]);
  });

  it('interpolates in negative logarithmic bins and in bins as wide as the range of doubles', () => {
    const middleOf = (lo: number, hi: number, logarithmic: boolean): number =>
      new RankCursor({ bins: binsFrom([{ lo, hi, count: 1, logarithmic }]) }).valueAt(0.5);
    const largest = Number.MAX_VALUE;
    expect([middleOf(-16, -4, true), middleOf(-largest, largest, false), middleOf(5e-324, 2, true)]).toEqual([
      expect.closeTo(-8, 12),
      0,
      expect.closeTo(0, 12),
    ]);
  });
});

describe('valueInBin', () => {
  it.each([
    [-1, [20, 20]],
    [0, [20, 20]],
    [0.5, [50, 40]],
    [1, [80, 80]],
    [2, [80, 80]],
    // Of a bin in which no observation has a rank.
    [Number.NaN, [20, 20]],
  ])('of part %d is within a bin from 20 to 80', (part, [linear, logarithmic]) => {
    const found = [valueInBin(20, 80, 0, part), valueInBin(20, 80, Math.log(4), part)];
    expect(found).toEqual([linear, expect.closeTo(logarithmic!, 12)]);
  });
});

describe('logRatio', () => {
  it('is finite even where the ratio of two doubles overflows', () => {
    expect([logRatio(Math.E, 1), logRatio(-4, -4), logRatio(2, 5e-324)]).toEqual([
      expect.closeTo(1, 15),
      0,
      Math.log(Number.MAX_VALUE),
    ]);
  });
});

const explicit = fromExplicitBuckets(
  { buckets: { boundaries: [10, 20], counts: [2, 6, 2] }, count: 10, min: 0, max: 50, sum: 150 },
  1,
)!;

describe('quantile', () => {
  it('goes from min to max, linearly within an explicit bucket', () => {
    const qs = [0, 0.1, 0.2, 0.5, 0.8, 0.9, 1];
    expect(qs.map((q) => quantile(explicit, q))).toEqual([0, 5, 10, 15, 20, 35, 50]);
  });

  it('equals the value at the rank of that fraction of the count', () => {
    expect([0, 1, 2, 5, 8, 9, 10].map((rank) => quantileAtRank(explicit, rank))).toEqual([
      0, 5, 10, 15, 20, 35, 50,
    ]);
  });

  it('is log-uniform within an exponential bucket', () => {
    const buckets = { offset: 0, bucketCounts: [0, 0, 4] };
    const point = {
      count: 4,
      scale: 0,
      zeroCount: 0,
      positive: buckets,
      negative: { offset: 0, bucketCounts: [] },
    };
    expect(quantile(fromExponentialBuckets(point, 1)!, 0.5)).toBeCloseTo(Math.sqrt(4 * 8), 12);
  });

  it('differs from the recorded values by less than one bucket', () => {
    const values = valuesOf('lognormal', 10_000, 1).sort((a, b) => a - b);
    const point = exponentialPoint(values);
    const base = 2 ** (2 ** -point.scale);
    const exponential = fromExponentialBuckets(point, 1)!;
    const errors = [0.01, 0.5, 0.9, 0.99, 0.999].map((q) =>
      Math.abs(Math.log(quantile(exponential, q) / values[q * values.length]!)),
    );
    expect(Math.max(...errors)).toBeLessThan(Math.log(base));
  });
});
