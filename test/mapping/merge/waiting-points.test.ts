import type { Histogram } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { AttributeTable } from '../../../src/mapping/merge/attribute-table.js';
import type { AnyPoint, MergeKind } from '../../../src/mapping/merge/merge-points.js';
import { NOT_FOUND } from '../../../src/mapping/merge/series-table.js';
import { WaitingPoints } from '../../../src/mapping/merge/waiting-points.js';

type Written = [series: unknown, start: number, end: number, value: AnyPoint['value']];

/** The series of one metric, told apart by an attribute; times are whole seconds. */
class Metric {
  readonly attributes = new AttributeTable((value) => value);
  readonly points: WaitingPoints;

  constructor(kind: MergeKind, series = 4) {
    this.points = new WaitingPoints(kind, this.attributes, series);
  }

  /** By how many bytes the waiting point has grown, if there was one. */
  add(series: unknown, value: AnyPoint['value'], start = 1, end = start + 1): number | 'kept' | 'refused' {
    this.attributes.intern({ series });
    const point = { attributes: {}, startTime: [start, 0], endTime: [end, 0], value } as AnyPoint;
    const index = this.points.find();
    if (index !== NOT_FOUND) {
      const grown = this.points.merge(index, point);
      if (grown !== undefined) return grown;
      if (!this.points.mayHaveMore(index)) return 'refused';
    }
    this.points.add(index, point);
    return 'kept';
  }

  take(series: number): { counts: number[]; written: Written[] } {
    const written: Written[] = [];
    const counts = Array.from({ length: series }, () =>
      this.points.take((ids, firstId, endId, startTime, endTime, value) => {
        expect(endId - firstId).toBe(1);
        written.push([this.attributes.get(ids[firstId]!).value, startTime[0], endTime[0], value]);
      }),
    );
    return { counts, written };
  }
}

function histogram(boundaries: number[], counts: number[]): Histogram {
  return { buckets: { boundaries, counts }, count: counts.reduce((sum, count) => sum + count, 0) };
}

describe('waiting numbers', () => {
  it('of deltas add up over the time of both', () => {
    const metric = new Metric('delta-sum');
    expect([metric.add('a', 5, 1), metric.add('b', 1, 1), metric.add('a', 7, 2)]).toEqual([
      'kept',
      'kept',
      0,
    ]);
    expect(metric.take(2)).toEqual({
      counts: [1, 1],
      written: [
        ['a', 1, 3, 12],
        ['b', 1, 2, 1],
      ],
    });
    expect({ isEmpty: metric.points.isEmpty, inUse: metric.attributes.inUse }).toEqual({
      isEmpty: true,
      inUse: 0,
    });
  });

  it('of a gauge are the latest, with its times', () => {
    const metric = new Metric('last');
    expect([metric.add('a', 5, 1), metric.add('a', 3, 2)]).toEqual(['kept', 0]);
    expect(metric.take(1)).toEqual({ counts: [1], written: [['a', 2, 3, 3]] });
  });

  it.each<[string, [value: number, start: number, end: number][], Written[]]>([
    [
      'that grow are one',
      [
        [5, 1, 2],
        [8, 1, 3],
      ],
      [['a', 1, 3, 8]],
    ],
    [
      'that stay are one',
      [
        [5, 1, 2],
        [5, 1, 3],
      ],
      [['a', 1, 3, 5]],
    ],
    [
      'that fall are two',
      [
        [5, 1, 2],
        [4, 1, 3],
      ],
      [
        ['a', 1, 2, 5],
        ['a', 1, 3, 4],
      ],
    ],
    [
      'with another start are two, though the total grew',
      [
        [5, 1, 2],
        [8, 2, 3],
      ],
      [
        ['a', 1, 2, 5],
        ['a', 2, 3, 8],
      ],
    ],
    [
      'merge with the latest alone',
      [
        [5, 1, 2],
        [3, 2, 3],
        [7, 1, 4],
      ],
      [
        ['a', 1, 2, 5],
        ['a', 2, 3, 3],
        ['a', 1, 4, 7],
      ],
    ],
  ])('of a cumulative counter %s', (_, added, written) => {
    const metric = new Metric('cumulative');
    for (const [value, start, end] of added) metric.add('a', value, start, end);
    expect(metric.take(1)).toEqual({ counts: [written.length], written });
    expect(metric.points.isEmpty).toBe(true);
  });

  it('of a counter that is reset again and again are all kept', () => {
    const metric = new Metric('cumulative');
    const outcomes = Array.from({ length: 40 }, (_, start) => metric.add('a', 1, start));
    expect(new Set(outcomes)).toEqual(new Set(['kept']));
    expect(metric.take(1).written).toEqual(
      Array.from({ length: 40 }, (_, start) => ['a', start, start + 1, 1]),
    );
  });

  it('are right while series come and go', () => {
    const metric = new Metric('delta-sum', 1);
    const written: Written[] = [];
    for (let series = 0; series < 100; series += 1) {
      metric.add(series, series);
      metric.add(series - 1, 1_000);
      if (series % 3 > 0) written.push(...metric.take(1).written);
    }
    while (!metric.points.isEmpty) written.push(...metric.take(1).written);
    const totals = new Map<unknown, number>();
    for (const [series, , , value] of written) {
      totals.set(series, (totals.get(series) ?? 0) + (value as number));
    }
    expect([...totals].sort(([a], [b]) => Number(a) - Number(b))).toEqual([
      [-1, 1_000],
      ...Array.from({ length: 99 }, (_, series) => [series, series + 1_000]),
      [99, 99],
    ]);
    expect(metric.attributes.inUse).toBe(0);
  });
});

describe('waiting histograms', () => {
  it('of one series are a point for each set of boundaries', () => {
    const metric = new Metric('delta-histogram');
    const outcomes = [
      metric.add('a', histogram([1], [1, 0]), 1),
      metric.add('a', histogram([2], [2, 0]), 2),
      metric.add('b', histogram([1], [1, 0]), 2),
      metric.add('b', histogram([3], [1, 0]), 3),
      metric.add('a', histogram([1], [0, 4]), 3),
      metric.add('a', histogram([2], [8, 0]), 4),
    ];
    expect(outcomes).toEqual(['kept', 'kept', 'kept', 'kept', 0, 0]);
    expect(metric.take(2)).toEqual({
      counts: [2, 2],
      written: [
        ['a', 1, 4, histogram([1], [1, 4])],
        ['a', 2, 5, histogram([2], [10, 0])],
        ['b', 2, 3, histogram([1], [1, 0])],
        ['b', 3, 4, histogram([3], [1, 0])],
      ],
    });
    expect(metric.points.isEmpty).toBe(true);
  });

  it('are refused beyond sixteen sets of boundaries of one series', () => {
    const metric = new Metric('delta-histogram');
    const add = (series: string, boundary: number) => metric.add(series, histogram([boundary], [1, 0]));
    for (let boundary = 0; boundary < 16; boundary += 1) expect(add('a', boundary)).toBe('kept');
    expect([add('a', 16), add('a', 15), add('a', 0), add('b', 0), add('b', 16)]).toEqual([
      'refused',
      0,
      0,
      'kept',
      'kept',
    ]);
  });

  it('of a cumulative series merge with the latest alone', () => {
    const metric = new Metric('cumulative');
    for (const [count, start] of [
      [5, 1],
      [3, 2],
      [7, 1],
    ] as const) {
      expect(metric.add('a', histogram([], [count]), start)).toBe('kept');
    }
    expect(metric.take(1).written.map(([, , , value]) => value)).toEqual(
      [5, 3, 7].map((count) => histogram([], [count])),
    );
  });

  it('stay with their series when others before them were removed', () => {
    const metric = new Metric('delta-histogram', 4);
    const add = (series: number, boundary: number) => metric.add(series, histogram([boundary], [1, 0]));
    for (let series = 0; series < 4; series += 1) {
      add(series, 10 + series);
      add(series, 20 + series);
    }
    expect(metric.take(2).counts).toEqual([2, 2]);
    for (let series = 4; series < 7; series += 1) add(series, series);
    expect([add(2, 12), add(3, 23), add(4, 4)]).toEqual([0, 0, 0]);
    expect(metric.take(5)).toEqual({
      counts: [2, 2, 1, 1, 1],
      written: [
        [2, 1, 2, histogram([12], [2, 0])],
        [2, 1, 2, histogram([22], [1, 0])],
        [3, 1, 2, histogram([13], [1, 0])],
        [3, 1, 2, histogram([23], [2, 0])],
        [4, 1, 2, histogram([4], [2, 0])],
        [5, 1, 2, histogram([5], [1, 0])],
        [6, 1, 2, histogram([6], [1, 0])],
      ],
    });
    expect(metric.attributes.inUse).toBe(0);
  });
});
