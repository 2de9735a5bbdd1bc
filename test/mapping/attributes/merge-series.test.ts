import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import {
  AttributeFilter,
  type AttributeSelection,
} from '../../../src/mapping/attributes/attribute-filter.js';
import { mergeSeries } from '../../../src/mapping/attributes/merge-series.js';
import { SeriesState } from '../../../src/mapping/state/series-state.js';
import { StepBudget } from '../../../src/mapping/step-budget.js';
import { counter, gauge, point } from '../../support/mapping.js';

const { CUMULATIVE, DELTA } = AggregationTemporality;

function merger({ maxSeries = 10, selection = ['a'] as AttributeSelection } = {}) {
  const state = new SeriesState(maxSeries);
  const filter = new AttributeFilter(selection);
  return (metric: MetricData) => {
    const drops: string[] = [];
    const report = { drop: (reason: string) => drops.push(reason) };
    const steps = mergeSeries(metric, filter, { key: 'm', state, report, budget: new StepBudget() });
    let yields = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) yields += 1;
    return { metric: step.value, drops, yields };
  };
}

function valuesOf({ dataPoints }: MetricData): [unknown, unknown][] {
  return (dataPoints as DataPoint<unknown>[]).map(({ attributes, value }) => [attributes, value]);
}

const one = { attributes: { a: 1, id: 'x' } };
const two = { attributes: { a: 1, id: 'y' } };
const other = { attributes: { a: 2, id: 'x' } };

describe('a counter whose series become one', () => {
  it('adds up deltas', () => {
    const { metric, drops } = merger()(counter([point(1, one), point(2, two), point(4, other)]));
    expect({
      values: valuesOf(metric),
      aggregationTemporality: metric.aggregationTemporality,
      drops,
    }).toEqual({
      values: [
        [{ a: 1 }, 3],
        [{ a: 2 }, 4],
      ],
      aggregationTemporality: DELTA,
      drops: [],
    });
  });

  it('adds up the increases of cumulative series, of which one may be reset', () => {
    const merge = merger();
    const later: DataPoint<number>['startTime'] = [1_700_000_020, 0];
    const exports = [
      [point(10, one), point(20, two)],
      [point(11, one), point(25, two)],
      [point(3, { ...one, startTime: later }), point(25, two)],
      [point(7, { ...one, startTime: later })],
    ];
    const sums = exports.map((points) => merge(counter(points, { temporality: CUMULATIVE })).metric);
    expect(sums.map(valuesOf)).toEqual([30, 6, 3, 4].map((sum) => [[{ a: 1 }, sum]]));
    expect(sums.map((metric) => metric.aggregationTemporality)).toEqual(Array(4).fill(DELTA));
  });

  it('drops values that would spoil the sum', () => {
    const { metric, drops } = merger()(
      counter([point(Number.NaN, one), point(2, two), point(-5, two), point(Infinity, other)]),
    );
    expect({ values: valuesOf(metric), drops }).toEqual({
      values: [[{ a: 1 }, 2]],
      drops: ['non_finite', 'unsupported', 'non_finite'],
    });
  });

  it('drops cumulative series beyond the limit of the state', () => {
    const merge = merger({ maxSeries: 1 });
    const { metric, drops } = merge(counter([point(1, one), point(2, two)], { temporality: CUMULATIVE }));
    expect({ values: valuesOf(metric), drops }).toEqual({ values: [[{ a: 1 }, 1]], drops: ['series_limit'] });
  });
});

describe('an up-down counter whose series become one', () => {
  it.each([CUMULATIVE, DELTA])('adds up values of temporality %i, which it keeps', (temporality) => {
    const points = [point(5, one), point(-2, two), point(1, other)];
    const { metric } = merger()(counter(points, { temporality, monotonic: false }));
    expect({ values: valuesOf(metric), aggregationTemporality: metric.aggregationTemporality }).toEqual({
      values: [
        [{ a: 1 }, 3],
        [{ a: 2 }, 1],
      ],
      aggregationTemporality: temporality,
    });
  });
});

describe('a gauge whose series become one', () => {
  const at = (seconds: number, nanoseconds = 0): DataPoint<number>['endTime'] => [seconds, nanoseconds];

  it('has the newest value', () => {
    const points = [
      point(1, { ...one, endTime: at(100, 5) }),
      point(2, { ...two, endTime: at(100, 4) }),
      point(3, { ...other, endTime: at(1) }),
      point(4, { ...other, endTime: at(2) }),
    ];
    expect(valuesOf(merger()(gauge(points)).metric)).toEqual([
      [{ a: 1 }, 1],
      [{ a: 2 }, 4],
    ]);
  });

  it('has the last value of one time', () => {
    expect(valuesOf(merger()(gauge([point(1, one), point(2, two)])).metric)).toEqual([[{ a: 1 }, 2]]);
  });

  it('has the newest finite value', () => {
    const { metric, drops } = merger()(gauge([point(1, one), point(Number.NaN, two)]));
    expect({ values: valuesOf(metric), drops }).toEqual({ values: [[{ a: 1 }, 1]], drops: ['non_finite'] });
  });
});

describe('a histogram whose series become one', () => {
  const histogramOf = (counts: number[], boundaries: number[], min: number, max: number): Histogram => ({
    buckets: { boundaries, counts },
    count: counts.reduce((sum, count) => sum + count, 0),
    sum: min + max,
    min,
    max,
  });
  const histograms = (points: DataPoint<Histogram>[]): MetricData => ({
    descriptor: { name: 'h', unit: 's', description: '', valueType: 1 },
    dataPointType: DataPointType.HISTOGRAM,
    aggregationTemporality: DELTA,
    dataPoints: points,
  });

  it('adds up buckets of the same boundaries, and keeps others beside them', () => {
    const { metric } = merger()(
      histograms([
        point(histogramOf([1, 0], [5], 1, 2), one),
        point(histogramOf([1, 1], [7], 1, 9), two),
        point(histogramOf([0, 2], [5], 6, 8), two),
      ]),
    );
    expect(valuesOf(metric)).toEqual([
      [{ a: 1 }, { buckets: { boundaries: [5], counts: [1, 2] }, count: 3, sum: 17, min: 1, max: 8 }],
      [{ a: 1 }, histogramOf([1, 1], [7], 1, 9)],
    ]);
  });

  it('does not add the buckets of a point that counted nothing', () => {
    const empty = { ...histogramOf([3, 0], [5], 0, 0), count: 0 };
    const { metric, drops } = merger()(
      histograms([point(empty, one), point(histogramOf([1, 0], [5], 1, 1), two)]),
    );
    expect({ values: valuesOf(metric), drops }).toEqual({
      values: [[{ a: 1 }, histogramOf([1, 0], [5], 1, 1)]],
      drops: ['non_finite'],
    });
  });
});

describe('a cumulative histogram whose series become one', () => {
  const explicit = (count: number): Histogram => ({
    buckets: { boundaries: [5], counts: [count, 0] },
    count,
  });
  const exponential = (count: number): ExponentialHistogram => ({
    scale: 0,
    zeroCount: 0,
    positive: { offset: 1, bucketCounts: [count] },
    negative: { offset: 0, bucketCounts: [] },
    count,
  });

  it.each<[string, DataPointType, (count: number) => Histogram | ExponentialHistogram]>([
    ['explicit', DataPointType.HISTOGRAM, explicit],
    ['exponential', DataPointType.EXPONENTIAL_HISTOGRAM, exponential],
  ])('adds up the increases of its series with %s buckets, and reports no loss', (_, dataPointType, of) => {
    const merge = merger();
    const exports = [
      [1, 2],
      [3, 2],
      [3, 2],
      [3, 7],
    ].map(([a, b]) => {
      const dataPoints = [point(of(a!), one), point(of(b!), two)];
      const descriptor = counter([]).descriptor;
      return merge({
        descriptor,
        dataPointType,
        aggregationTemporality: CUMULATIVE,
        dataPoints,
      } as MetricData);
    });
    expect(
      exports.map(({ metric, drops }) => [valuesOf(metric), metric.aggregationTemporality, drops]),
    ).toEqual([3, 2, 0, 5].map((count) => [count === 0 ? [] : [[{ a: 1 }, of(count)]], DELTA, []]));
  });

  it.each([true, false])('beyond the limit of the state is dropped: explicit buckets %s', (isExplicit) => {
    const of = isExplicit ? explicit : exponential;
    const { metric, drops } = merger({ maxSeries: 1 })({
      descriptor: counter([]).descriptor,
      dataPointType: isExplicit ? DataPointType.HISTOGRAM : DataPointType.EXPONENTIAL_HISTOGRAM,
      aggregationTemporality: CUMULATIVE,
      dataPoints: [point(of(1), one), point(of(2), two)],
    } as MetricData);
    expect({ values: valuesOf(metric), drops }).toEqual({
      values: [[{ a: 1 }, of(1)]],
      drops: ['series_limit'],
    });
  });
});

it('exponential histograms whose series become one add up', () => {
  const of = (count: number, offset: number): ExponentialHistogram => ({
    scale: 0,
    zeroCount: 0,
    positive: { offset, bucketCounts: [count] },
    negative: { offset: 0, bucketCounts: [] },
    count,
  });
  const { metric } = merger()({
    descriptor: counter([]).descriptor,
    dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
    aggregationTemporality: DELTA,
    dataPoints: [point(of(1, 0), one), point(of(2, 1), two)],
  });
  expect(valuesOf(metric)).toEqual([
    [{ a: 1 }, { ...of(3, 0), positive: { offset: 0, bucketCounts: [1, 2] } }],
  ]);
});

it('an increase of a cumulative counter is that since its last finite value', () => {
  const merge = merger();
  const exports = [5, Number.NaN, 7].map((value) => {
    const { metric, drops } = merge(counter([point(value, one)], { temporality: CUMULATIVE }));
    return [valuesOf(metric), drops];
  });
  expect(exports).toEqual([
    [[[{ a: 1 }, 5]], []],
    [[], ['non_finite']],
    [[[{ a: 1 }, 2]], []],
  ]);
});

it('a cumulative counter without an increase adds zero, which is no loss', () => {
  const merge = merger();
  const exports = [5, 5].map((value) => {
    const { metric, drops } = merge(counter([point(value, one)], { temporality: CUMULATIVE }));
    return [valuesOf(metric), drops];
  });
  expect(exports[1]).toEqual([[[{ a: 1 }, 0]], []]);
});

it('an up-down counter below zero is no fault', () => {
  const { metric, drops } = merger()(counter([point(-5, one)], { monotonic: false }));
  expect({ values: valuesOf(metric), drops }).toEqual({ values: [[{ a: 1 }, -5]], drops: [] });
});

it('a metric of a kind that is not known is left as it is', () => {
  const metric = { ...counter([point(1, one)]), dataPointType: 99 } as unknown as MetricData;
  expect(merger()(metric).metric).toBe(metric);
});

it('a cumulative metric becomes one of deltas even if no attribute is removed', () => {
  const { metric } = merger({ selection: { except: [] } })(
    counter([point(1, one)], { temporality: CUMULATIVE }),
  );
  expect([metric.aggregationTemporality, valuesOf(metric)]).toEqual([DELTA, [[one.attributes, 1]]]);
});

it('a metric of which no attribute is removed is left as it is', () => {
  const metric = counter([point(1, one), point(2, two)]);
  expect(merger({ selection: ['a', 'id'] })(metric).metric).toBe(metric);
});

it('a point whose attributes cannot be read is dropped, and no other', () => {
  const attributes = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  );
  const { metric, drops } = merger()(counter([point(1, { attributes }), point(2, two)]));
  expect({ values: valuesOf(metric), drops }).toEqual({ values: [[{ a: 1 }, 2]], drops: ['unreadable'] });
});

it('a point whose attributes cannot be read is dropped even if no attribute is removed', () => {
  const attributes = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  );
  const { metric, drops } = merger({ selection: ['a', 'id'] })(
    counter([point(1, { attributes }), point(2, two)]),
  );
  expect({ values: valuesOf(metric), drops }).toEqual({
    values: [[two.attributes, 2]],
    drops: ['unreadable'],
  });
});

it('a cumulative histogram whose count is no number is dropped and reported', () => {
  const value = { buckets: { boundaries: [5], counts: [1, 0] }, count: Number.NaN };
  const { metric, drops } = merger()({
    descriptor: counter([]).descriptor,
    dataPointType: DataPointType.HISTOGRAM,
    aggregationTemporality: CUMULATIVE,
    dataPoints: [point(value, one)],
  } as MetricData);
  expect({ values: valuesOf(metric), drops }).toEqual({ values: [], drops: ['non_finite'] });
});

it('deltas add up whatever the order of their times', () => {
  const points = [point(1, { ...one, endTime: [100, 5] }), point(2, { ...two, endTime: [100, 4] })];
  expect(valuesOf(merger()(counter(points)).metric)).toEqual([[{ a: 1 }, 3]]);
});

it('a long metric is merged in several steps', () => {
  const points = Array.from({ length: 1_000 }, (_, id) => point(1, { attributes: { a: 1, id } }));
  const { metric, yields } = merger()(counter(points));
  expect(valuesOf(metric)).toEqual([[{ a: 1 }, 1_000]]);
  // The first point has an attribute to remove: no other is looked at before. 256 units of work, 8 for each point.
  expect(yields).toBe(Math.floor((1_000 * 8) / 256));
});

it('a long metric of which no attribute is removed is looked at in several steps', () => {
  const points = Array.from({ length: 1_000 }, (_, id) => point(1, { attributes: { a: 1, id } }));
  const { yields } = merger({ selection: ['a', 'id'] })(counter(points));
  expect(yields).toBe(Math.floor(1_000 / 256));
});
