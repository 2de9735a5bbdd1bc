import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { attributesBytes } from '../../../src/mapping/merge/attribute-table.js';
import { PointAccumulator } from '../../../src/mapping/merge/point-accumulator.js';

type Points = readonly (readonly [attributes: Record<string, unknown>, value: number, start?: number])[];

function batch(
  points: Points,
  { name = 'm', temporality = AggregationTemporality.DELTA, type = DataPointType.SUM, scope = 's' } = {},
): ResourceMetrics {
  const metric = {
    descriptor: { name, unit: '', description: '', valueType: 0 },
    aggregationTemporality: temporality,
    dataPointType: type,
    isMonotonic: true,
    dataPoints: points.map(([attributes, value, start = 1]) => ({
      attributes,
      value,
      startTime: [start, 0],
      endTime: [start + 1, 0],
    })),
  };
  return {
    resource: { attributes: {} } as ResourceMetrics['resource'],
    scopeMetrics: [{ scope: { name: scope, version: '' }, metrics: [metric as unknown as MetricData] }],
  };
}

function values(taken: ResourceMetrics | undefined): unknown[] {
  return (taken?.scopeMetrics ?? []).flatMap(({ scope, metrics }) =>
    metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => [scope.name, descriptor.name, attributes, value]),
    ),
  );
}

function accumulator(maxSeries: number, maxBytes: number, dropped: string[] = []): PointAccumulator {
  const drop = (reason: string, metric: string) => dropped.push(`${reason} ${metric}`);
  return new PointAccumulator({ maxSeries, maxBytes, copyValue: (value) => value, drop });
}

describe('an accumulator', () => {
  it('merges per series, scope and metric, and is empty after take', () => {
    const waiting = accumulator(10, 1e6);
    expect(
      waiting.add(
        batch([
          [{ a: 1, b: 2 }, 1],
          [{ a: 2 }, 5],
        ]),
      ),
    ).toEqual({ merged: 0, refused: 0 });
    expect(waiting.add(batch([[{ b: 2, a: 1 }, 2]]))).toEqual({ merged: 1, refused: 0 });
    waiting.add(batch([[{ a: 1, b: 2 }, 7]], { scope: 't' }));
    waiting.add(batch([[{}, 3]], { name: 'n' }));
    expect(waiting.series).toBe(4);
    expect(values(waiting.take(100))).toEqual([
      ['s', 'm', { a: 1, b: 2 }, 3],
      ['s', 'm', { a: 2 }, 5],
      ['t', 'm', { a: 1, b: 2 }, 7],
      ['s', 'n', {}, 3],
    ]);
    expect({ isEmpty: waiting.isEmpty, bytes: waiting.bytes, taken: waiting.take(100) }).toEqual({
      isEmpty: true,
      bytes: 0,
      taken: undefined,
    });
  });

  it('may be emptied in the middle of a batch; the rest of the batch waits', () => {
    const waiting = accumulator(1_000, 1e6);
    const steps = waiting.steps(batch(Array.from({ length: 200 }, (_, a) => [{ a }, 1] as const)));
    steps.next();
    const first = values(waiting.take(1_000));
    expect({ next: steps.next(), series: waiting.series }).toEqual({
      next: { done: true, value: { merged: 0, refused: 0 } },
      series: 200 - first.length,
    });
    expect([...first, ...values(waiting.take(1_000))]).toEqual(
      Array.from({ length: 200 }, (_, a) => ['s', 'm', { a }, 1]),
    );
    expect({ isEmpty: waiting.isEmpty, bytes: waiting.bytes }).toEqual({ isEmpty: true, bytes: 0 });
  });

  it('returns as many series at a time as asked for', () => {
    const waiting = accumulator(10, 1e6);
    waiting.add(
      batch([
        [{ a: 1 }, 1],
        [{ a: 2 }, 2],
      ]),
    );
    waiting.add(batch([[{}, 3]], { name: 'n' }));
    expect(values(waiting.take(1))).toEqual([['s', 'm', { a: 1 }, 1]]);
    waiting.add(batch([[{ a: 1 }, 4]]));
    expect(values(waiting.take(2))).toEqual([
      ['s', 'm', { a: 2 }, 2],
      ['s', 'm', { a: 1 }, 4],
    ]);
    expect(values(waiting.take(2))).toEqual([['s', 'n', {}, 3]]);
    expect({ isEmpty: waiting.isEmpty, bytes: waiting.bytes }).toEqual({ isEmpty: true, bytes: 0 });
  });

  it('refuses new series beyond its limit and still merges known ones', () => {
    const waiting = accumulator(1, 1e6);
    waiting.add(batch([[{ a: 1 }, 1]]));
    expect(
      waiting.add(
        batch([
          [{ a: 2 }, 1],
          [{ a: 1 }, 2],
        ]),
      ),
    ).toEqual({ merged: 1, refused: 1 });
    expect(values(waiting.take(100))).toEqual([['s', 'm', { a: 1 }, 3]]);
  });

  it('keeps nothing of a metric whose points were all refused', () => {
    const waiting = accumulator(1, 1e6);
    waiting.add(batch([[{}, 1]]));
    waiting.add(batch([[{}, 2]], { name: 'n' }));
    const taken = waiting.take(100);
    expect(
      taken?.scopeMetrics.map(({ metrics }) => metrics.map(({ descriptor }) => descriptor.name)),
    ).toEqual([['m']]);
  });

  it('counts a metric on top of its series', () => {
    const oneMetric = accumulator(1_000, 1e6);
    const manyMetrics = accumulator(1_000, 1e6);
    for (let index = 100; index < 200; index += 1) {
      oneMetric.add(batch([[{ index }, 1]]));
      manyMetrics.add(batch([[{ index }, 1]], { name: `m${index}` }));
    }
    expect(manyMetrics.bytes - oneMetric.bytes).toBe(99 * 1_900);
    manyMetrics.take(100);
    expect(manyMetrics.bytes).toBe(0);
  });

  it('counts other memory towards its limit in bytes', () => {
    const waiting = accumulator(10, 3_000);
    expect(waiting.add(batch([[{}, 1]]), 1_000)).toEqual({ merged: 0, refused: 1 });
    expect(waiting.add(batch([[{}, 1]]), 0)).toEqual({ merged: 0, refused: 0 });
  });

  it('counts other series towards its limit of series', () => {
    const waiting = accumulator(10, 1e6);
    expect(waiting.add(batch([[{}, 1]]), 0, 10)).toEqual({ merged: 0, refused: 1 });
    expect(waiting.add(batch([[{}, 1]]), 0, 9)).toEqual({ merged: 0, refused: 0 });
  });

  it('counts long texts of a metric towards its limit in bytes', () => {
    const waiting = accumulator(10, 100_000);
    expect(waiting.add(batch([[{}, 1]], { name: 'm'.repeat(60_000) }))).toEqual({ merged: 0, refused: 1 });
    waiting.add(batch([[{}, 1]], { name: 'm'.repeat(40_000) }));
    waiting.take(1);
    expect(waiting.bytes).toBe(0);
  });

  it('keeps two points of a cumulative series that was reset', () => {
    const options = { temporality: AggregationTemporality.CUMULATIVE };
    const waiting = accumulator(10, 1e6);
    for (const [value, start] of [
      [5, 1],
      [8, 1],
      [2, 3],
      [4, 3],
    ] as const) {
      waiting.add(batch([[{}, value, start]], options));
    }
    expect(values(waiting.take(100))).toEqual([
      ['s', 'm', {}, 8],
      ['s', 'm', {}, 4],
    ]);
  });

  it('keeps its own copy of the attributes', () => {
    const waiting = accumulator(10, 1e6);
    const scratch: Record<string, unknown> = { a: 1 };
    waiting.add(batch([[scratch, 1]]));
    scratch['a'] = 2;
    waiting.add(batch([[scratch, 10]]));
    expect(values(waiting.take(100))).toEqual([
      ['s', 'm', { a: 1 }, 1],
      ['s', 'm', { a: 2 }, 10],
    ]);
  });

  it('keeps one point for each set of boundaries, in whatever order they come', () => {
    const waiting = accumulator(10, 1e6);
    const options = { type: DataPointType.HISTOGRAM };
    for (const boundary of [1, 2, 1, 2, 1]) {
      const histogram = { buckets: { boundaries: [boundary], counts: [1, 0] }, count: 1, sum: boundary };
      waiting.add(batch([[{}, histogram as unknown as number]], options));
    }
    expect(values(waiting.take(100))).toEqual([
      ['s', 'm', {}, { buckets: { boundaries: [1], counts: [3, 0] }, count: 3, sum: 3 }],
      ['s', 'm', {}, { buckets: { boundaries: [2], counts: [2, 0] }, count: 2, sum: 4 }],
    ]);
    expect(waiting.bytes).toBe(0);
  });

  it('refuses histograms of one series with more than 16 different boundaries', () => {
    const waiting = accumulator(1_000, 1e6);
    const add = (boundary: number) => {
      const histogram = { buckets: { boundaries: [boundary], counts: [1, 0] }, count: 1, sum: 1 };
      return waiting.add(batch([[{}, histogram as unknown as number]], { type: DataPointType.HISTOGRAM }));
    };
    for (let boundary = 0; boundary < 16; boundary += 1) add(boundary);
    expect([add(16), add(15)]).toEqual([
      { merged: 0, refused: 1 },
      { merged: 1, refused: 0 },
    ]);
    expect(waiting.series).toBe(16);
  });

  it('yields after every 128 numbers, over all metrics of a batch', () => {
    const points = (count: number): Points => Array.from({ length: count }, (_, a) => [{ a }, 1] as const);
    const metricOf = (count: number, name: string) => batch(points(count), { name }).scopeMetrics;
    const yieldsOf = (...counts: number[]): number => {
      const waiting = accumulator(1_000, 1e9);
      const scopeMetrics = counts.flatMap((count, index) => metricOf(count, `m${index}`));
      const steps = [...waiting.steps({ resource: batch([]).resource, scopeMetrics })];
      expect(waiting.series).toBe(counts.reduce((sum, count) => sum + count, 0));
      return steps.length;
    };
    expect([yieldsOf(127), yieldsOf(128), yieldsOf(300), yieldsOf(80, 80, 80, 80)]).toEqual([0, 1, 2, 2]);
  });

  it('has the bytes of its metrics, points and values, and no more than its limit', () => {
    const one = accumulator(10, 1e6);
    one.add(batch([[{ a: 1 }, 1]]));
    const { bytes } = one;
    expect(bytes).toBe(1_900 + 400 + 8 + attributesBytes({ a: 1 }));
    const [fits, exceeds] = [bytes, bytes - 1].map((limit) => accumulator(10, limit));
    expect([fits!.add(batch([[{ a: 1 }, 1]])), exceeds!.add(batch([[{ a: 1 }, 1]]))]).toEqual([
      { merged: 0, refused: 0 },
      { merged: 0, refused: 1 },
    ]);
    fits!.add(batch([[{ a: 1 }, 2]]));
    expect([fits!.bytes, exceeds!.bytes]).toEqual([bytes, 0]);
  });

  it('has the bytes of a merged value in place of those of both', () => {
    const waiting = accumulator(10, 1e6);
    const add = (offset: number): void => {
      const positive = { offset, bucketCounts: [1] };
      const histogram = {
        scale: 0,
        zeroCount: 0,
        positive,
        negative: { offset: 0, bucketCounts: [] },
        count: 1,
      };
      waiting.add(
        batch([[{}, histogram as unknown as number]], { type: DataPointType.EXPONENTIAL_HISTOGRAM }),
      );
    };
    add(0);
    const { bytes } = waiting;
    add(9);
    expect(waiting.bytes - bytes).toBe(9 * 8);
    waiting.take(1);
    expect(waiting.bytes).toBe(0);
  });

  it('keeps metrics of other temporality or direction apart', () => {
    const waiting = accumulator(10, 1e6);
    waiting.add(batch([[{}, 1]]));
    waiting.add(batch([[{}, 2]], { temporality: AggregationTemporality.CUMULATIVE }));
    const falling = batch([[{}, 4]]);
    const [{ scope, metrics }] = falling.scopeMetrics as [(typeof falling.scopeMetrics)[0]];
    waiting.add({
      ...falling,
      scopeMetrics: [
        { scope, metrics: metrics.map((metric) => ({ ...metric, isMonotonic: false }) as MetricData) },
      ],
    });
    expect(values(waiting.take(100)).map((row) => (row as unknown[])[3])).toEqual([1, 2, 4]);
  });

  it('returns the resource of the latest batch, its scopes and its metrics without their points', () => {
    const waiting = accumulator(10, 1e6);
    waiting.add(batch([[{}, 1]]));
    const later = { ...batch([[{ a: 1 }, 2]]), resource: { attributes: { b: 1 } } as never };
    waiting.add(later);
    const { resource, scopeMetrics } = later;
    expect(waiting.resource).toBe(resource);
    expect(waiting.take(100)).toEqual({
      resource,
      scopeMetrics: [
        {
          scope: scopeMetrics[0]!.scope,
          metrics: [
            {
              ...scopeMetrics[0]!.metrics[0],
              dataPoints: [1, 2].map((value) => ({
                attributes: value === 1 ? {} : { a: 1 },
                value,
                startTime: [1, 0],
                endTime: [2, 0],
              })),
            },
          ],
        },
      ],
    });
    expect([waiting.take(100), waiting.isEmpty]).toEqual([undefined, true]);
  });

  it('takes no metric beyond the series asked for', () => {
    const waiting = accumulator(10, 1e6);
    for (const name of ['m', 'n']) waiting.add(batch([[{}, 1]], { name }));
    const names = (taken: ResourceMetrics | undefined) =>
      taken?.scopeMetrics.flatMap(({ metrics }) => metrics.map(({ descriptor }) => descriptor.name));
    expect([names(waiting.take(0)), names(waiting.take(1)), names(waiting.take(1))]).toEqual([
      [],
      ['m'],
      ['n'],
    ]);
  });

  it('keeps an earlier total of a cumulative histogram that fell, and merges with the latest alone', () => {
    const waiting = accumulator(10, 1e6);
    const options = { type: DataPointType.HISTOGRAM, temporality: AggregationTemporality.CUMULATIVE };
    for (const count of [5, 3, 4, 6]) {
      const histogram = { buckets: { boundaries: [], counts: [count] }, count };
      waiting.add(batch([[{}, histogram as unknown as number]], options));
    }
    expect(values(waiting.take(1)).map((row) => (row as [0, 0, 0, { count: number }])[3].count)).toEqual([
      5, 6,
    ]);
  });
});
