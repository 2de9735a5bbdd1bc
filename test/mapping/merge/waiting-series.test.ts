import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PointAccumulator } from '../../../src/mapping/merge/point-accumulator.js';
import { seriesKey } from '../../../src/mapping/state/series-key.js';
import { attributes as anyAttributes } from '../../support/metrics/arbitrary-metrics.js';

type Point = readonly [attributes: Record<string, unknown>, value: number];

function batch(name: string, type: 'counter' | 'gauge', points: readonly Point[]): ResourceMetrics {
  const metric = {
    descriptor: { name, unit: '', description: '', valueType: 0 },
    aggregationTemporality: AggregationTemporality.DELTA,
    ...(type === 'counter'
      ? { dataPointType: DataPointType.SUM, isMonotonic: true }
      : { dataPointType: DataPointType.GAUGE }),
    dataPoints: points.map(([attributes, value]) => ({
      attributes,
      value,
      startTime: [1, 0],
      endTime: [2, 0],
    })),
  };
  return {
    resource: { attributes: {} } as ResourceMetrics['resource'],
    scopeMetrics: [{ scope: { name: 's' }, metrics: [metric as unknown as MetricData] }],
  };
}

/** Series of each metric with their values, by an independent identity. */
class Reference {
  readonly metrics = new Map<string, Map<string, number>>();

  add(name: string, type: 'counter' | 'gauge', points: readonly Point[]): void {
    const series = this.metrics.get(name) ?? new Map<string, number>();
    this.metrics.set(name, series);
    for (const [attributes, value] of points) {
      const key = seriesKey('', attributes);
      series.set(key, type === 'gauge' ? value : (series.get(key) ?? 0) + value);
    }
  }

  /** The oldest series of the oldest metric first. */
  take(count: number): [string, string, number][] {
    const taken: [string, string, number][] = [];
    for (const [name, series] of this.metrics) {
      for (const [key, value] of series) {
        if (taken.length === count) return taken;
        series.delete(key);
        taken.push([name, key, value]);
      }
      this.metrics.delete(name);
    }
    return taken;
  }
}

function taken(waiting: PointAccumulator, count: number): [string, string, unknown][] {
  return (waiting.take(count)?.scopeMetrics ?? []).flatMap(({ metrics }) =>
    metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }): [string, string, unknown] => [
        descriptor.name,
        seriesKey('', attributes),
        value,
      ]),
    ),
  );
}

/** Few keys and values, in any order, so that series meet again. */
const commonAttributes = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('a', 'b', 'c', 'd', '1', '__proto__'),
      fc.constantFrom<unknown>(0, -0, 1, '1', '', 'x', true, 'true', null, undefined, Number.NaN, ['x'], {}),
    ),
    { selector: ([key]) => key, maxLength: 5 },
  )
  .map((entries) => Object.fromEntries(entries));

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ points: fc.array(fc.tuple(commonAttributes, fc.nat())), metric: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 12 }) }) },
);

function accumulator(options: { maxSeries?: number; maxBytes?: number } = {}): PointAccumulator {
  return new PointAccumulator({
    ...{ maxSeries: 1e6, maxBytes: 1e9, ...options },
    copyValue: (value) => value,
    drop: (reason) => expect.unreachable(reason),
  });
}

describe('waiting series', () => {
  it('are those of a map by text, however batches and takes alternate', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const waiting = accumulator();
        const reference = new Reference();
        for (const each of steps) {
          if ('take' in each) {
            expect(taken(waiting, each.take)).toEqual(reference.take(each.take));
            continue;
          }
          const type = each.metric % 2 === 0 ? 'counter' : 'gauge';
          waiting.add(batch(`m${each.metric}`, type, each.points));
          if (each.points.length > 0) reference.add(`m${each.metric}`, type, each.points);
        }
        expect(taken(waiting, Infinity)).toEqual(reference.take(Infinity));
        expect({
          series: waiting.series,
          bytes: waiting.bytes,
          attributes: waiting.attributes.inUse,
        }).toEqual({
          series: 0,
          bytes: 0,
          attributes: 0,
        });
      }),
      { numRuns: 500 },
    );
  });

  it('are told apart by any attributes', () => {
    fc.assert(
      fc.property(fc.array(anyAttributes, { maxLength: 8 }), (all) => {
        const readable = all.filter(isReadable);
        const waiting = accumulator();
        const reference = new Reference();
        const points = [...readable, ...readable].map((attributes): Point => [attributes, 1]);
        waiting.add(batch('m', 'counter', points));
        if (points.length > 0) reference.add('m', 'counter', points);
        expect(taken(waiting, Infinity)).toEqual(reference.take(Infinity));
      }),
    );
  });

  it('are found again among thousands, with their attributes in another order', () => {
    const waiting = accumulator();
    const points = (reverse: boolean) =>
      Array.from({ length: 5_000 }, (_, index): Point => {
        const entries = [
          ['a', index % 10],
          ['b', String(index % 70)],
          ['c', `value ${index}`],
        ] as const;
        return [Object.fromEntries(reverse ? entries.toReversed() : entries), index];
      });
    expect([
      waiting.add(batch('m', 'counter', points(false))),
      waiting.add(batch('m', 'counter', points(true))),
    ]).toEqual([
      { merged: 0, refused: 0 },
      { merged: 5_000, refused: 0 },
    ]);
    expect(taken(waiting, Infinity).map(([, , value]) => value)).toEqual(
      Array.from({ length: 5_000 }, (_, index) => 2 * index),
    );
  });

  it('take no more memory when they come and go in an outage without end', () => {
    const waiting = accumulator();
    let first = 0;
    const addSome = (count: number): void => {
      const points = Array.from({ length: count }, (_, index): Point => [{ id: first + index }, 1]);
      waiting.add(batch('m', 'counter', points));
      first += count;
    };
    addSome(100);
    for (let round = 0; round < 200; round += 1) {
      addSome(50);
      expect(taken(waiting, 50)).toHaveLength(50);
    }
    expect({ series: waiting.series, inUse: waiting.attributes.inUse, ids: waiting.attributes.size }).toEqual(
      {
        series: 100,
        inUse: 100,
        ids: 151,
      },
    );
  });

  it('leave nothing behind where they are refused', () => {
    const waiting = accumulator({ maxSeries: 3 });
    const points = Array.from({ length: 1_000 }, (_, id): Point => [{ id: `id ${id}` }, 1]);
    expect(waiting.add(batch('m', 'counter', points))).toEqual({ merged: 0, refused: 997 });
    expect(waiting.attributes.inUse).toBe(3);
  });

  it('are counted right when they are taken while those of a metric are refused', () => {
    const waiting = accumulator({ maxSeries: 1 });
    waiting.add(batch('a', 'counter', [[{}, 1]]));
    const points = Array.from({ length: 1_000 }, (_, id): Point => [{ id }, 1]);
    const steps = waiting.steps(batch('b', 'counter', points));
    steps.next();
    expect(taken(waiting, Infinity)).toEqual([['a', seriesKey('', {}), 1]]);
    expect(waiting.bytes).toBe(0);
    while (steps.next().done !== true);
    expect(taken(waiting, Infinity)).toHaveLength(1);
    expect({ series: waiting.series, bytes: waiting.bytes }).toEqual({ series: 0, bytes: 0 });
  });

  it.each(['counter', 'gauge'] as const)('of a %s are not hurt by a value that is no number', (type) => {
    const dropped: string[] = [];
    const waiting = new PointAccumulator({
      ...{ maxSeries: 10, maxBytes: 1e6, copyValue: (value: unknown) => value },
      drop: (reason, metric) => dropped.push(`${reason} ${metric}`),
    });
    for (const value of [2, Number.NaN, 3, Infinity]) waiting.add(batch('m', type, [[{}, value]]));
    expect([taken(waiting, 10), dropped]).toEqual([
      [['m', seriesKey('', {}), type === 'counter' ? 5 : 3]],
      ['non_finite m', 'non_finite m'],
    ]);
  });

  it('are not hurt by attributes that throw', () => {
    const dropped: string[] = [];
    const waiting = new PointAccumulator({
      ...{ maxSeries: 10, maxBytes: 1e6, copyValue: (value: unknown) => value },
      drop: (reason, metric) => dropped.push(`${reason} ${metric}`),
    });
    const hostile = Object.defineProperty({ a: 1 }, 'b', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    waiting.add(
      batch('m', 'counter', [
        [hostile, 1],
        [{ a: 1 }, 2],
      ]),
    );
    expect([taken(waiting, 10), dropped]).toEqual([[['m', seriesKey('', { a: 1 }), 2]], ['unreadable m']]);
  });

  it('have no attributes that are inherited', () => {
    const waiting = accumulator();
    waiting.add(
      batch('m', 'counter', [
        [Object.create({ a: 1 }) as Record<string, unknown>, 1],
        [{}, 2],
      ]),
    );
    expect(taken(waiting, 10)).toEqual([['m', seriesKey('', {}), 3]]);
  });
});

function isReadable(attributes: Record<string, unknown>): boolean {
  try {
    seriesKey('', attributes);
    return true;
  } catch {
    return false;
  }
}
