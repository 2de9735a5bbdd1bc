import { describe, expect, it } from 'vitest';
import {
  DEFAULT_BOUNDARIES,
  oneTwoFiveBoundaries,
  rebin,
} from '../../../../src/mapping/histograms/model/rebin.js';
import { fromExplicitBuckets, fromExponentialBuckets } from '../../../support/metrics/distributions.js';
import { exponentialPoint } from '../../../support/metrics/histogram-points.js';
import { valuesOf } from '../../../support/metrics/random-values.js';

const explicit = { buckets: { boundaries: [10, 20], counts: [4, 8, 4] }, count: 16 };

describe('rebin', () => {
  it('splits a bin in proportion to the part below a boundary', () => {
    const distribution = fromExplicitBuckets({ ...explicit, min: 2, max: 24 }, 1)!;
    expect(rebin(distribution, [0, 4, 15, 22])).toEqual([0, 1, 7, 6, 2]);
  });

  it('returns the counts of the point at its own boundaries', () => {
    expect(rebin(fromExplicitBuckets(explicit, 1)!, [10, 20])).toEqual([4, 8, 4]);
    expect(rebin(fromExplicitBuckets({ ...explicit, min: 2, max: 24 }, 1)!, [10, 20])).toEqual([4, 8, 4]);
  });

  it('counts all observations of a bin without an end below any boundary above its lower bound', () => {
    expect(rebin(fromExplicitBuckets(explicit, 1)!, [5, 10, 20, 25])).toEqual([2, 2, 8, 4, 0]);
  });

  it('splits exponential bins by ratio', () => {
    const positive = { offset: 1, bucketCounts: [0, 8] };
    const negative = { offset: 1, bucketCounts: [0, 8] };
    const point = { count: 20, scale: 0, zeroCount: 4, positive, negative };
    const distribution = fromExponentialBuckets(point, 1)!;
    expect(rebin(distribution, [-Math.sqrt(32), 0, Math.sqrt(32)])).toEqual([4, 8, 4, 4]);
  });

  it('counts a value that equals a boundary below it', () => {
    const zeros = { offset: 0, bucketCounts: [] };
    const point = {
      count: 6,
      scale: 0,
      zeroCount: 6,
      positive: zeros,
      negative: zeros,
      min: 0,
      max: 0,
      sum: 0,
    };
    expect(rebin(fromExponentialBuckets(point, 1)!, [-1, 0, 1])).toEqual([0, 6, 0, 0]);
  });

  it('counts min and max on their sides of a boundary', () => {
    const point = { buckets: { boundaries: [], counts: [2] }, count: 2, min: 1, max: 100 };
    const distribution = fromExplicitBuckets(point, 1)!;
    expect([1, 2, 99, 100].map((boundary) => rebin(distribution, [boundary]))).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
      [2, 0],
    ]);
  });

  it('counts a single observation where its rounded share falls', () => {
    const point = { buckets: { boundaries: [10], counts: [1, 0] }, count: 1 };
    expect(rebin(fromExplicitBuckets(point, 1)!, [2, 4, 6, 8])).toEqual([0, 0, 1, 0, 0]);
  });

  it('returns one bucket with all observations where there are no boundaries', () => {
    expect(rebin(fromExplicitBuckets(explicit, 1)!, [])).toEqual([16]);
  });

  it('differs from the true counts by less than one exponential bucket', () => {
    const values = valuesOf('lognormal', 10_000, 3);
    const point = exponentialPoint(values);
    const boundaries = oneTwoFiveBoundaries(-1, 4);
    const counts = rebin(fromExponentialBuckets(point, 1)!, boundaries);
    let below = 0;
    const errors = boundaries.map((boundary, index) => {
      below += counts[index]!;
      return Math.abs(below - values.filter((value) => value <= boundary).length);
    });
    expect(Math.max(...errors)).toBeLessThanOrEqual(Math.max(...point.positive.bucketCounts));
  });
});

describe('oneTwoFiveBoundaries', () => {
  it('returns zero and three boundaries per decade, as exact decimals', () => {
    expect(oneTwoFiveBoundaries(-3, 1)).toEqual([
      0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50,
    ]);
  });

  it('covers millionths to trillions by default', () => {
    expect([DEFAULT_BOUNDARIES.length, ...DEFAULT_BOUNDARIES.slice(0, 2), DEFAULT_BOUNDARIES.at(-1)]).toEqual(
      [58, 0, 0.000001, 5e12],
    );
  });
});
