import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import type { HistogramPoint } from '../../../src/mapping/histograms/histogram-point.js';
import { CumulativeHistograms } from '../../../src/mapping/state/cumulative-histograms.js';

function explicit(counts: number[], totals: Partial<Histogram>, start = 1): HistogramPoint {
  const count = counts.reduce((a, b) => a + b, 0);
  const value = { buckets: { boundaries: [1, 2], counts }, count, ...totals } as Histogram;
  return { kind: 'explicit', attributes: {}, startTime: [start, 0], endTime: [9, 0], value };
}

function exponential(scale: number, offset: number, counts: number[], zeroCount = 0): HistogramPoint {
  const count = counts.reduce((a, b) => a + b, zeroCount);
  const value: ExponentialHistogram = {
    scale,
    zeroCount,
    positive: { offset, bucketCounts: counts },
    negative: { offset: 0, bucketCounts: [] },
    count,
    sum: 10 * count,
    min: 1,
    max: 9,
  };
  return { kind: 'exponential', attributes: {}, startTime: [1, 0], endTime: [9, 0], value };
}

describe('a cumulative histogram', () => {
  it('is sent whole at first, then as its increase without min and max', () => {
    const histograms = new CumulativeHistograms(10);
    const first = explicit([1, 2, 0], { sum: 4, min: 0.5, max: 2 });
    expect(histograms.growth('a', first)).toEqual(first);
    const second = explicit([1, 5, 1], { sum: 14, min: 0.5, max: 5 });
    expect(histograms.growth('a', second)).toEqual({
      ...second,
      value: { buckets: { boundaries: [1, 2], counts: [0, 3, 1] }, count: 4, sum: 10 },
    });
    expect(histograms.growth('a', second)?.value.count).toBe(0);
  });

  it('is sent whole after a new start time or a fall', () => {
    const histograms = new CumulativeHistograms(10);
    histograms.growth('a', explicit([5, 0, 0], { sum: 5 }));
    const restarted = explicit([6, 0, 0], { sum: 6 }, 2);
    expect(histograms.growth('a', restarted)).toEqual(restarted);
    const fallen = explicit([5, 9, 0], { sum: 20 }, 2);
    expect(histograms.growth('a', fallen)).toEqual(fallen);
  });

  it('with exponential buckets is compared at the later scale', () => {
    const histograms = new CumulativeHistograms(10);
    histograms.growth('a', exponential(2, 4, [1, 1, 2], 1));
    const later = exponential(1, 2, [3, 2, 7], 1);
    expect(histograms.growth('a', later)).toEqual({
      ...later,
      value: {
        scale: 1,
        zeroCount: 0,
        positive: { offset: 2, bucketCounts: [1, 0, 7] },
        negative: { offset: 0, bucketCounts: [] },
        count: 8,
        sum: 80,
      },
    });
  });

  it('that comes back after it was forgotten has no known increase at first', () => {
    const histograms = new CumulativeHistograms(1);
    histograms.growth('a', explicit([1, 0, 0], {}));
    for (let index = 0; index < 30; index++) histograms.beginExport();
    expect(histograms.growth('a', explicit([3, 0, 0], {}))).toBeUndefined();
    expect(histograms.growth('a', explicit([4, 0, 0], {}))?.value.count).toBe(1);
  });

  it('has no known increase when the state is full', () => {
    const histograms = new CumulativeHistograms(1);
    histograms.growth('a', explicit([1, 0, 0], {}));
    expect(histograms.growth('b', explicit([1, 0, 0], {}))).toBeUndefined();
    expect(histograms.growth('a', explicit([2, 0, 0], {}))?.value.count).toBe(1);
  });
});
