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

function boundariesOf(point: HistogramPoint, boundaries: number[]): HistogramPoint {
  const value = point.value as Histogram;
  return { ...point, value: { ...value, buckets: { ...value.buckets, boundaries } } } as HistogramPoint;
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

  it('with exponential buckets has the increase of its negative buckets, too', () => {
    const histograms = new CumulativeHistograms(10);
    const at = (counts: number[]): HistogramPoint => {
      const point = exponential(3, 0, [1]);
      const value = {
        ...(point.value as ExponentialHistogram),
        negative: { offset: -2, bucketCounts: counts },
      };
      return { ...point, value } as HistogramPoint;
    };
    histograms.growth('a', at([1, 2]));
    expect(histograms.growth('a', at([1, 5]))?.value).toEqual({
      scale: 3,
      zeroCount: 0,
      positive: { offset: 0, bucketCounts: [] },
      negative: { offset: -1, bucketCounts: [3] },
      count: 0,
      sum: 0,
    });
    const fallen = at([0, 5]);
    expect(histograms.growth('a', fallen)).toBe(fallen);
  });

  it.each<[string, HistogramPoint, HistogramPoint]>([
    ['other boundaries', explicit([1, 1, 1], {}), boundariesOf(explicit([2, 2, 2], {}), [1, 3])],
    ['explicit buckets in place of exponential ones', exponential(1, 0, [1]), explicit([2, 0, 0], {})],
    ['exponential buckets in place of explicit ones', explicit([2, 0, 0], {}), exponential(1, 0, [3])],
    ['a higher scale', exponential(1, 0, [1]), exponential(2, 0, [3])],
    ['fewer recordings in a bucket', exponential(1, 0, [1, 5]), exponential(1, 0, [2, 4])],
    ['fewer recordings of zero', exponential(1, 0, [1], 2), exponential(1, 0, [5], 1)],
    ['a scale before that makes no sense', exponential(0.5, 0, [1]), exponential(0.5, 0, [2])],
    ['a scale that makes no sense', exponential(1, 0, [1]), exponential(0.5, 0, [2])],
  ])('is sent whole after %s', (_, earlier, later) => {
    const histograms = new CumulativeHistograms(10);
    histograms.growth('a', earlier);
    expect(histograms.growth('a', later)).toBe(later);
  });

  it('is compared with no bucket as with an empty one', () => {
    const histograms = new CumulativeHistograms(10);
    histograms.growth('a', explicit([1], {}));
    expect(histograms.growth('a', explicit([1, 2, 0], {}))?.value).toEqual({
      buckets: { boundaries: [1, 2], counts: [0, 2, 0] },
      count: 2,
    });
  });

  it.each<[string, Partial<Histogram>, Partial<Histogram>, Partial<Histogram>]>([
    ['no sum before', {}, { sum: 5 }, {}],
    ['no sum', { sum: 5 }, {}, {}],
    ['an infinite sum before', { sum: Infinity }, { sum: 5 }, {}],
    ['an infinite sum', { sum: 5 }, { sum: Infinity }, { sum: Infinity }],
    ['two sums', { sum: 5 }, { sum: 4 }, { sum: -1 }],
  ])('with %s has the sum of its increase if that is known', (_, earlier, later, expected) => {
    const histograms = new CumulativeHistograms(10);
    histograms.growth('a', explicit([1, 0, 0], earlier));
    expect(histograms.growth('a', explicit([1, 2, 0], later))?.value).toEqual({
      buckets: { boundaries: [1, 2], counts: [0, 2, 0] },
      count: 2,
      ...expected,
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
