// Gauges that overwrite each other on the server, written as bytes: which of them the fast path compares.
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import type { MappingOptions } from '../../../src/mapping/options.js';
import { batchOf, gauge, mapperOf, point } from '../../support/mapping.js';

const { dogstatsd, statsd } = dialects;

/** A gauge of which later exports have more series: the descriptor stays the same, as the SDK's. */
function gaugeOf(name: string): (...series: readonly object[]) => MetricData {
  const { descriptor } = gauge([], { name });
  return (...series) => ({ ...gauge(series.map((attributes) => point(1, { attributes }))), descriptor });
}

/** A gauge of so many points that the names of the metrics are compared instead of the series. */
const LARGE = gauge(
  Array.from({ length: 65 }, (_, index) => point(1, { attributes: { index } })),
  { name: 'large' },
);

/** The warnings of each export. */
function warningsOf(
  dialect: Dialect,
  exports: readonly (readonly MetricData[])[],
  options: Partial<MappingOptions> = {},
): (readonly string[])[] {
  const map = mapperOf(dialect, options);
  return exports.map((metrics) => map(batchOf([...metrics, LARGE])).warnings);
}

const collision = (metrics: string, series: string): string =>
  `several series of ${metrics} are one to the server, ${series}: each of their gauges overwrites the one before`;

describe('a series that collides with one of the same gauge is warned of in the export after it came', () => {
  it.each<[string, object, object, string, Dialect, Partial<MappingOptions>]>([
    ['a replaced character', { a: 'x_y' }, { a: 'x|y' }, 'm|#a:x_y', dogstatsd, {}],
    ['two replaced characters', { a: 'x,y' }, { a: 'x|y' }, 'm|#a:x_y', dogstatsd, {}],
    ['a number and its text', { a: 200 }, { a: '200' }, 'm|#a:200', dogstatsd, {}],
    ['a boolean and its text', { a: 'true' }, { a: true }, 'm|#a:true', dogstatsd, {}],
    ['an empty text and no attribute', {}, { a: '' }, 'm', dogstatsd, {}],
    ['null and no attribute', { b: 1 }, { b: 1, a: null }, 'm|#b:1', dogstatsd, {}],
    ['undefined and no attribute', { b: 1 }, { b: 1, a: undefined }, 'm|#b:1', dogstatsd, {}],
    ['an array and its text', { a: '[1]' }, { a: [1] }, 'm|#a:[1]', dogstatsd, {}],
    ['a replaced character in a key', { a_b: 1 }, { 'a b': 1 }, 'm|#a_b:1', dogstatsd, {}],
    ['a reserved key', { host_: 1 }, { host: 1 }, 'm|#host_:1', dogstatsd, {}],
    ['a constant tag', { a: 1 }, { a: 2 }, 'm|#a:3', dogstatsd, { tags: { a: '3' } }],
    ['a name with tags in it', { a: 'b.c' }, { a: 'b_c' }, 'm.a.b_c', statsd, {}],
    [
      'upper case',
      { a: 'b' },
      { a: 'B' },
      'm.a.B',
      { ...statsd, nameCollisions: { ignoreCase: true, equivalentCharacters: undefined } },
      {},
    ],
    [
      'marks that may be part of a value',
      { a: '1', b: '2' },
      { a: '1;b=2' },
      'm|#a=1;b=2',
      { ...dogstatsd, tags: { ...dogstatsd.tags, assign: '=', separator: ';' } },
      {},
    ],
  ])('by %s', (_, first, second, series, dialect, options) => {
    const metric = gaugeOf('m');
    const [before, , after] = warningsOf(
      dialect,
      [[metric(first)], [metric(first, second)], [metric(first, second)]],
      options,
    );
    expect({ before, after }).toEqual({ before: [], after: [collision('m', series)] });
  });
});

describe('a series that collides with one of another metric is warned of at once', () => {
  it('by two metrics of one name', () => {
    const [one, other] = [gaugeOf('m'), gaugeOf('m')];
    const [first, second] = warningsOf(dogstatsd, [[one({ a: 1 })], [one({ a: 1 }), other({ a: 1 })]]);
    expect({ first, second }).toEqual({ first: [], second: [collision('m', 'm|#a:1')] });
  });

  it('by a name that continues another with a tag', () => {
    const [short, long] = [gaugeOf('m'), gaugeOf('m.a.b')];
    const batch = [short({ a: 'b' }), long({})];
    expect(warningsOf(statsd, [batch, batch])).toEqual([
      [collision('m and m.a.b', 'm.a.b')],
      [collision('m and m.a.b', 'm.a.b')],
    ]);
  });

  it('by a statistic of a histogram', () => {
    const histogram: MetricData = {
      descriptor: { name: 'm', unit: '', description: '', valueType: 1 },
      dataPointType: DataPointType.HISTOGRAM,
      aggregationTemporality: AggregationTemporality.DELTA,
      dataPoints: [
        point({ buckets: { boundaries: [1], counts: [1, 0] }, count: 1, sum: 1, min: 1, max: 1 }, {}),
      ],
    };
    const other = gaugeOf('m.min');
    const batch = [histogram, other({})];
    const histograms = { mode: 'summary', exactSum: true, percentiles: [] } as const;
    const warning = collision('m and m.min', 'm.min');
    expect(warningsOf(dogstatsd, [[other({})], batch, batch], { histograms })).toEqual([
      [],
      [warning],
      [warning],
    ]);
  });

  it('by names that a rule makes equal', () => {
    const [ruled, other] = [gaugeOf('ruled'), gaugeOf('m')];
    const batch = [other({ a: 1 }), ruled({ a: 1 })];
    expect(warningsOf(dogstatsd, [batch, batch], { names: { ruled: 'm' } })).toEqual([
      [collision('m and ruled', 'm|#a:1')],
      [collision('m and ruled', 'm|#a:1')],
    ]);
  });
});

it('points of equal attributes are warned of in the first export of their metric', () => {
  expect(warningsOf(dogstatsd, [[gaugeOf('m')({ a: 1 }, { a: 1 })]])).toEqual([[collision('m', 'm|#a:1')]]);
});

it('series that the server tells apart are not warned of', () => {
  const metric = gaugeOf('m');
  const batch = [
    metric({ a: 'x' }, { a: 'X' }, { a: 1 }, { a: 2 }, { b: 'x' }, { a: 'x', b: 'x' }, { b: true }, {}),
  ];
  expect(warningsOf(dogstatsd, [batch, batch, batch])).toEqual([[], [], []]);
});
