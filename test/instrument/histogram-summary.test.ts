import { describe, expect, it } from 'vitest';
import { type HistogramValue, histogramSummary } from '../../src/instrument/histogram-summary.js';
import { DistributionReader } from '../../src/mapping/histograms/model/distribution.js';

const explicit = { boundaries: [10, 20, 30], counts: [0, 10, 0, 0] };

function summaryOf(value: HistogramValue, percentiles: readonly number[]): Record<string, number> {
  return histogramSummary(value, percentiles, new DistributionReader());
}

describe('the summary of a histogram', () => {
  it('has everything the point knows, and percentiles from the buckets', () => {
    const value = { buckets: explicit, count: 10, sum: 150, min: 10, max: 20 };
    expect(summaryOf(value, [50, 99.5])).toEqual({
      count: 10,
      sum: 150,
      min: 10,
      max: 20,
      mean: 15,
      p50: 15,
      p99_5: 19.95,
    });
  });

  it('leaves out what the point does not know', () => {
    expect(summaryOf({ buckets: explicit, count: 10 }, [50])).toStrictEqual({ count: 10, p50: 15 });
  });

  it('is a count of 0 while nothing is recorded', () => {
    const value = { buckets: explicit, count: 0, sum: 0, min: Infinity, max: -Infinity };
    expect(summaryOf(value, [50])).toEqual({ count: 0 });
  });

  it('guesses no percentiles without buckets', () => {
    const value = { buckets: { boundaries: [], counts: [3] }, count: 3, sum: 60, min: 0, max: 50 };
    expect(summaryOf(value, [50])).toEqual({ count: 3, sum: 60, min: 0, max: 50, mean: 20 });
  });

  it('takes exponential histograms, with values below, at and above 0', () => {
    const value = {
      scale: 0,
      zeroCount: 1,
      positive: { offset: 0, bucketCounts: [1] },
      negative: { offset: 0, bucketCounts: [1] },
      count: 3,
      sum: 0,
      min: -2,
      max: 2,
    };
    expect(summaryOf(value, [0, 50, 100])).toEqual({
      count: 3,
      sum: 0,
      min: -2,
      max: 2,
      mean: 0,
      p0: -2,
      p50: 0,
      p100: 2,
    });
  });
});
