import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it, test } from 'vitest';
import type { Instant } from '../../../src/mapping/state/instant.js';
import { metricKey, seriesKey } from '../../../src/mapping/state/series-key.js';
import { SeriesState } from '../../../src/mapping/state/series-state.js';
import { counter, gauge } from '../../support/mapping.js';

const T0: Instant = [1, 5];
const T1: Instant = [2, 5];

function total(startTime: Instant, value: number): Parameters<SeriesState['growth']>[1] {
  return { startTime, endTime: [3, 0], value };
}

test('what was counted of series of every kind is kept apart', () => {
  const state = new SeriesState(2);
  const fractions = ['a', 'b', 'a'].map((key) => state.fractions.take(key, 0.4, 0));
  const totals = ['a', 'b', 'a'].map((key) => state.perSecondTotals.add(key, 1, 5));
  expect([fractions, totals, state.total('a', 1), state.growth('a', total(T0, 7))]).toEqual([
    [0, 0, 1],
    [5, 5, 10],
    1,
    7,
  ]);
});

test('series of cumulative sums and histograms that are gone make room, and gauges are compared anew', () => {
  const state = new SeriesState(1);
  const histogram = {
    kind: 'explicit' as const,
    attributes: {},
    startTime: T0,
    endTime: T0,
    value: { buckets: { boundaries: [], counts: [1] }, count: 1 },
  };
  state.growth('a', total(T0, 1));
  state.histograms.growth('a', histogram as never);
  const isFirst = (): boolean =>
    state.gaugeCollisions.isFirst(1, 2, state.gaugeCollisions.metricIndexOf('m'));
  const gauges = [isFirst(), isFirst()];
  for (let index = 0; index < 30; index++) state.beginExport();
  const later: Instant = [9, 0];
  const fresh = { ...histogram, startTime: later, endTime: later };
  expect([
    gauges,
    isFirst(),
    state.growth('b', { startTime: later, endTime: later, value: 1 }),
    state.histograms.growth('b', fresh as never)?.value.count,
  ]).toEqual([[true, false], true, 1, 1]);
});

describe('the growth of a cumulative series', () => {
  it('is the whole first value, then the difference', () => {
    const state = new SeriesState(10);
    expect([5, 7, 7, 10.5].map((value) => state.growth('a', total(T0, value)))).toEqual([5, 2, 0, 3.5]);
  });

  it('is the whole value after a fall and after a new start', () => {
    const state = new SeriesState(10);
    state.growth('a', total(T0, 5));
    expect(state.growth('a', total(T0, 3))).toBe(3);
    expect(state.growth('a', total(T1, 4))).toBe(4);
    expect(state.growth('a', total([2, 6], 4))).toBe(4);
    expect(state.growth('a', total([2, 6], 6))).toBe(2);
  });

  it('is kept per series', () => {
    const state = new SeriesState(10);
    state.growth('a', total(T0, 5));
    expect([state.growth('b', total(T0, 7)), state.growth('a', total(T0, 6))]).toEqual([7, 1]);
  });
});

test('a running total is kept per series', () => {
  const state = new SeriesState(10);
  expect([
    state.total('a', 5),
    state.total('b', 1),
    state.total('a', -7),
    state.total('a', 0.5),
    state.total('b', 1),
  ]).toEqual([5, 1, -2, -1.5, 2]);
});

test('new series are refused beyond the limit of their kind, known ones are kept', () => {
  const state = new SeriesState(1);
  state.growth('a', total(T0, 1));
  state.total('b', 1);
  expect([state.growth('c', total(T0, 1)), state.total('c', 1)]).toEqual([undefined, undefined]);
  expect([state.growth('a', total(T0, 3)), state.total('b', 1)]).toEqual([2, 2]);
});

test('a running total is kept for as long as its series does not change', () => {
  const state = new SeriesState(1);
  state.total('a', 5);
  for (let index = 0; index < 100; index++) state.beginExport();
  expect([state.total('b', 1), state.total('a', 1)]).toEqual([undefined, 6]);
});

describe('the identity of a series', () => {
  it('does not depend on the order of its attributes', () => {
    expect(seriesKey('m', { b: 1, a: 2 })).toBe(seriesKey('m', { a: 2, b: 1 }));
  });

  it.each<[object, object]>([
    [{ a: 1 }, { a: '1' }],
    [{ a: true }, { a: 'true' }],
    [{ a: ['b'] }, { a: '["b"]' }],
    [{ a: 'b', c: 'd' }, { a: 'b,c:d' }],
    [{ 'a"': 'b' }, { a: '"b' }],
    [{ a: '' }, {}],
    [{ 'a 1 b': 'c' }, { a: '1 b c' }],
    [{ a: 'x 1 b string 1 y' }, { a: 'x', b: 'y' }],
    [{ a: undefined }, { a: null }],
    [
      { a: 'x', b: '' },
      { a: '', b: 'x' },
    ],
  ])('tells %j from %j', (one, other) => {
    expect(seriesKey('m', { ...one })).not.toBe(seriesKey('m', { ...other }));
  });

  it('begins with that of its metric', () => {
    expect(seriesKey('m', { b: 'x', a: 12 })).toBe('m 1 a number 2 12 1 b string 1 x');
    expect(seriesKey('m', {})).toBe('m');
  });

  it('is that of a scope without version and schema if these are empty', () => {
    expect(metricKey({ name: 's' }, counter([]))).toBe(
      metricKey({ name: 's', version: '', schemaUrl: '' }, counter([])),
    );
  });

  it('includes its instrument', () => {
    const scope = { name: 's', version: '1' };
    const keys = [
      metricKey(scope, counter([])),
      metricKey({ name: 's' }, counter([])),
      metricKey({ name: 't', version: '1' }, counter([])),
      metricKey({ ...scope, schemaUrl: 'x' }, counter([])),
      metricKey(scope, counter([], { name: 'n' })),
      metricKey(scope, counter([], { unit: 's' })),
      metricKey(scope, gauge([])),
      metricKey(scope, { ...counter([]), descriptor: { ...counter([]).descriptor, valueType: 0 } }),
      metricKey(scope, { ...counter([]), dataPointType: DataPointType.GAUGE } as unknown as MetricData),
    ];
    expect(new Set(keys).size).toBe(keys.length - 1);
  });
});
