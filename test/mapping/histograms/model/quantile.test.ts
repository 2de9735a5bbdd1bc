import { describe, expect, it } from 'vitest';
import { quantile, quantileAtRank } from '../../../../src/mapping/histograms/model/quantile.js';
import { fromExplicitBuckets, fromExponentialBuckets } from '../../../support/metrics/distributions.js';
import { exponentialPoint } from '../../../support/metrics/histogram-points.js';
import { valuesOf } from '../../../support/metrics/random-values.js';

const distribution = fromExplicitBuckets(
  { buckets: { boundaries: [10, 20], counts: [2, 6, 2] }, count: 10, min: 0, max: 50, sum: 150 },
  1,
)!;

describe('quantile', () => {
  it('goes from min to max, linearly within an explicit bucket', () => {
    const qs = [0, 0.1, 0.2, 0.5, 0.8, 0.9, 1];
    expect(qs.map((q) => quantile(distribution, q))).toEqual([0, 5, 10, 15, 20, 35, 50]);
  });

  it('is what the rank of that share of the count has', () => {
    expect([0, 1, 2, 5, 8, 9, 10].map((rank) => quantileAtRank(distribution, rank))).toEqual([
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

  it('is within a bucket of the recorded values', () => {
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
