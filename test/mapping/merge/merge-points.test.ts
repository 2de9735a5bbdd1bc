import {
  AggregationTemporality,
  DataPointType,
  type ExponentialHistogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyPoint,
  type MergeKind,
  mergeKind,
  mergePoints,
} from '../../../src/mapping/merge/merge-points.js';

function point(value: AnyPoint['value'], start = 1, end = 2): AnyPoint {
  return { attributes: { a: 1 }, startTime: [start, 0], endTime: [end, 0], value } as AnyPoint;
}

function mergedValue(
  kind: MergeKind,
  a: AnyPoint['value'],
  b: AnyPoint['value'],
): AnyPoint['value'] | undefined {
  return mergePoints(kind, point(a), point(b))?.value;
}

describe('the kind of merge', () => {
  it.each<[DataPointType, AggregationTemporality, boolean, MergeKind]>([
    [DataPointType.SUM, AggregationTemporality.DELTA, true, 'delta-sum'],
    [DataPointType.SUM, AggregationTemporality.DELTA, false, 'delta-sum'],
    [DataPointType.SUM, AggregationTemporality.CUMULATIVE, true, 'cumulative'],
    [DataPointType.SUM, AggregationTemporality.CUMULATIVE, false, 'last'],
    [DataPointType.GAUGE, AggregationTemporality.DELTA, false, 'last'],
    [DataPointType.HISTOGRAM, AggregationTemporality.DELTA, false, 'delta-histogram'],
    [DataPointType.HISTOGRAM, AggregationTemporality.CUMULATIVE, false, 'cumulative'],
    [DataPointType.EXPONENTIAL_HISTOGRAM, AggregationTemporality.DELTA, false, 'delta-exponential'],
    [DataPointType.EXPONENTIAL_HISTOGRAM, AggregationTemporality.CUMULATIVE, false, 'cumulative'],
  ])(
    'of type %i, temporality %i, monotonic %s is %s',
    (dataPointType, aggregationTemporality, isMonotonic, kind) => {
      expect(mergeKind({ dataPointType, aggregationTemporality, isMonotonic } as MetricData)).toBe(kind);
    },
  );
});

describe('numbers', () => {
  it('add up as deltas, from the first start to the last end', () => {
    expect(mergePoints('delta-sum', point(2, 1, 2), point(3, 2, 4))).toEqual(point(5, 1, 4));
  });

  it('replace one another as gauges, start and end included', () => {
    expect(mergePoints('last', point(2, 1, 2), point(3, 3, 4))).toEqual(point(3, 3, 4));
  });

  it('replace one another as cumulative sums, until a reset', () => {
    expect(mergePoints('cumulative', point(2, 1, 2), point(3, 1, 4))).toEqual(point(3, 1, 4));
    expect(mergePoints('cumulative', point(2, 1, 2), point(3, 2, 4))).toBeUndefined();
    expect(mergePoints('cumulative', point(2, 1, 2), point(1, 1, 4))).toBeUndefined();
  });
});

it('cumulative histograms replace one another by their count', () => {
  const at = (count: number) => ({ buckets: { boundaries: [], counts: [count] }, count });
  expect([
    mergedValue('cumulative', at(1), at(1)),
    mergedValue('cumulative', at(1), at(2)),
    mergedValue('cumulative', at(2), at(1)),
  ]).toEqual([at(1), at(2), undefined]);
});

describe('explicit histograms', () => {
  const a = { buckets: { boundaries: [1, 2], counts: [1, 0, 2] }, count: 3, sum: 9, min: 0.5, max: 5 };
  const b = { buckets: { boundaries: [1, 2], counts: [0, 4, 0] }, count: 4, sum: 6, min: 1.2, max: 1.9 };

  it('of the same boundaries add up', () => {
    expect(mergedValue('delta-histogram', a, b)).toEqual({
      buckets: { boundaries: [1, 2], counts: [1, 4, 2] },
      count: 7,
      sum: 15,
      min: 0.5,
      max: 5,
    });
  });

  it('of other boundaries stay apart', () => {
    const c = { ...b, buckets: { boundaries: [1, 3], counts: [0, 4, 0] } };
    expect(mergedValue('delta-histogram', a, c)).toBeUndefined();
  });

  it('keep a total only when both have it', () => {
    const { sum: _, min: __, ...unknowing } = b;
    expect(mergedValue('delta-histogram', a, unknowing)).toEqual({
      buckets: { boundaries: [1, 2], counts: [1, 4, 2] },
      count: 7,
      max: 5,
    });
  });

  it('of more boundaries, or of the first ones alone, stay apart', () => {
    const more = { ...b, buckets: { boundaries: [1, 2, 3], counts: [0, 4, 0, 0] } };
    expect([mergedValue('delta-histogram', a, more), mergedValue('delta-histogram', more, a)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('may have fewer counts than boundaries', () => {
    const short = { buckets: { boundaries: [1, 2], counts: [1] }, count: 1 };
    expect(mergedValue('delta-histogram', { ...a, sum: undefined } as never, short)).toEqual({
      buckets: { boundaries: [1, 2], counts: [2, 0, 2] },
      count: 4,
    });
  });

  it('that are both empty have no totals', () => {
    const empty = { buckets: { boundaries: [1], counts: [0, 0] }, count: 0, sum: 0, min: 1, max: 2 };
    expect(mergedValue('delta-histogram', empty, empty)).toEqual({
      buckets: { boundaries: [1], counts: [0, 0] },
      count: 0,
    });
  });

  it('that are empty do not affect sum, min and max', () => {
    const empty = { buckets: { boundaries: [1, 2], counts: [0, 0, 0] }, count: 0 };
    expect(mergedValue('delta-histogram', empty, b)).toEqual(b);
  });
});

describe('exponential histograms', () => {
  const none = { offset: 0, bucketCounts: [] };

  it('take the coarser scale', () => {
    const fine = {
      scale: 2,
      zeroCount: 1,
      positive: { offset: -3, bucketCounts: [1, 2, 3, 4] },
      negative: none,
      count: 11,
    };
    const coarse = {
      scale: 1,
      zeroCount: 0,
      positive: { offset: 1, bucketCounts: [5] },
      negative: none,
      count: 5,
    };
    expect(mergedValue('delta-exponential', fine, coarse)).toEqual({
      scale: 1,
      zeroCount: 1,
      // Buckets -3, -2, -1, 0 of scale 2 are -2, -1, -1, 0 of scale 1.
      positive: { offset: -2, bucketCounts: [1, 5, 4, 5] },
      negative: none,
      count: 16,
    });
  });

  it('become coarser still rather than larger than 160 buckets', () => {
    const at = (offset: number): ExponentialHistogram => ({
      scale: 20,
      zeroCount: 0,
      positive: { offset, bucketCounts: [1] },
      negative: none,
      count: 1,
    });
    expect(mergedValue('delta-exponential', at(-5_000_000), at(5_000_000))).toEqual({
      scale: 4,
      zeroCount: 0,
      positive: { offset: -77, bucketCounts: [1, ...new Array(152).fill(0), 1] },
      negative: none,
      count: 2,
    });
  });

  it.each([
    [{ scale: 0.5 }, {}],
    [{}, { scale: Number.NaN }],
    [{}, { zeroCount: -1 }],
  ])('that make no sense stay apart: %j and %j', (one, other) => {
    const histogram = { scale: 0, zeroCount: 0, positive: none, negative: none, count: 0 };
    expect(
      mergedValue('delta-exponential', { ...histogram, ...one }, { ...histogram, ...other }),
    ).toBeUndefined();
  });

  const buckets = fc.record({
    offset: fc.integer({ min: -3000, max: 3000 }),
    bucketCounts: fc.array(fc.nat(9), { maxLength: 160 }),
  });
  const histogram: fc.Arbitrary<ExponentialHistogram> = fc
    .record({
      scale: fc.integer({ min: -2, max: 20 }),
      zeroCount: fc.nat(9),
      positive: buckets,
      negative: buckets,
    })
    .map((parts) => ({ ...parts, count: total(parts) }));

  it('keep every count in the bucket that holds it, in any order of merging', () => {
    fc.assert(
      fc.property(histogram, histogram, histogram, (a, b, c) => {
        const left = merge(merge(a, b), c);
        const right = merge(a, merge(b, c));
        const scale = Math.min(left.scale, right.scale);
        expect(at(left, scale)).toEqual(at(right, scale));
        expect(at(left, scale)).toEqual(sum(at(a, scale), at(b, scale), at(c, scale)));
        expect(total(left)).toBe(left.count);
        for (const h of [left, right]) {
          expect(
            Math.max(h.positive.bucketCounts.length, h.negative.bucketCounts.length),
          ).toBeLessThanOrEqual(160);
        }
      }),
    );
  });
});

function merge(a: ExponentialHistogram, b: ExponentialHistogram): ExponentialHistogram {
  return mergedValue('delta-exponential', a, b) as ExponentialHistogram;
}

function total({ zeroCount, positive, negative }: Omit<ExponentialHistogram, 'count'>): number {
  return [...positive.bucketCounts, ...negative.bucketCounts].reduce((a, b) => a + b, zeroCount);
}

/** Counts by sign and index at a coarser scale, from the definition of a bucket. */
function at({ scale, positive, negative }: ExponentialHistogram, coarser: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [sign, { offset, bucketCounts }] of Object.entries({ positive, negative })) {
    bucketCounts.forEach((count, position) => {
      if (count === 0) return;
      const key = `${sign} ${Math.floor((offset + position) / 2 ** (scale - coarser))}`;
      counts[key] = (counts[key] ?? 0) + count;
    });
  }
  return counts;
}

function sum(...all: Record<string, number>[]): Record<string, number> {
  const merged: Record<string, number> = {};
  for (const counts of all)
    for (const [key, count] of Object.entries(counts)) merged[key] = (merged[key] ?? 0) + count;
  return merged;
}
