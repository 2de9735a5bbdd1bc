import type { Meter } from '@opentelemetry/api';
import {
  AggregationTemporality,
  AggregationType,
  DataPointType,
  InstrumentType,
  type MetricData,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/mapping/dialects/index.js';
import { MetricsMapper } from '../../src/mapping/metrics-mapper.js';
import type { NamingRules, NamingTable } from '../../src/mapping/naming/naming-rules.js';
import {
  batchOf,
  counter,
  gauge,
  mapOnce,
  mapperOf,
  mappingOptions,
  point,
  recordingSink,
} from '../support/mapping.js';
import { instrument } from '../support/metrics/collect.js';

const { CUMULATIVE, DELTA } = AggregationTemporality;
const { statsd, dogstatsd } = dialects;

const additive = new Set([
  InstrumentType.COUNTER,
  InstrumentType.OBSERVABLE_COUNTER,
  InstrumentType.HISTOGRAM,
]);

/** What StatsD wants of the SDK. */
const wishes = {
  selectAggregationTemporality: (type: InstrumentType) => (additive.has(type) ? DELTA : CUMULATIVE),
  selectAggregation: (type: InstrumentType) =>
    type === InstrumentType.HISTOGRAM
      ? ({
          type: AggregationType.EXPONENTIAL_HISTOGRAM,
          options: { maxSize: 160, recordMinMax: true },
        } as const)
      : ({ type: AggregationType.DEFAULT } as const),
};

const ofEverything = (temporality: AggregationTemporality) => ({
  ...wishes,
  selectAggregationTemporality: () => temporality,
});

/** One instrument of each kind; `records` is what happens in each interval. */
function everyInstrument(meter: Meter): (interval: number) => void {
  const counter = meter.createCounter('counter', { unit: '{request}' });
  const upDown = meter.createUpDownCounter('up.down');
  const histogram = meter.createHistogram('histogram', { unit: 's' });
  const gauge = meter.createGauge('gauge', { unit: 'By' });
  let total = 0;
  let level = 0;
  meter.createObservableCounter('observable.counter').addCallback((result) => {
    result.observe(total, { state: 'active' });
  });
  meter.createObservableUpDownCounter('observable.up.down').addCallback((result) => result.observe(level));
  meter.createObservableGauge('observable.gauge', { unit: 's' }).addCallback((result) => {
    result.observe(0.0125, { p: 99 });
  });
  return (interval) => {
    counter.add(2, { route: '/a', method: 'GET' });
    counter.add(1.5, { method: 'PUT', route: '/b' });
    upDown.add(interval === 0 ? 4 : -7);
    histogram.record(0.25, { route: '/a' });
    histogram.record(0.5, { route: '/a' });
    gauge.record(7 + interval);
    total += 3;
    level -= 5;
  };
}

async function mapIntervals(
  map: ReturnType<typeof mapperOf>,
  selectors: typeof wishes,
  views: ViewOptions[] = [],
): Promise<string[][]> {
  const { meter, provider, collect } = instrument(selectors, { views });
  const record = everyInstrument(meter);
  const intervals: string[][] = [];
  for (const interval of [0, 1]) {
    record(interval);
    const { lines, drops, warnings } = map(await collect());
    expect({ drops, warnings }).toEqual({ drops: {}, warnings: [] });
    intervals.push([...lines]);
  }
  await provider.shutdown();
  return intervals;
}

describe('all seven instruments of the SDK', () => {
  it('become lines for statsd', async () => {
    expect(await mapIntervals(mapperOf(statsd), wishes)).toEqual([
      [
        'counter.method.GET.route._a:2|c',
        'counter.method.PUT.route._b:1.5|c',
        'up.down:4|g',
        'histogram.route._a:250|ms',
        'histogram.route._a:500|ms',
        'histogram.sum.route._a:750|c',
        'gauge:7|g',
        'observable.counter.state.active:3|c',
        'observable.up.down:0|g',
        'observable.up.down:-5|g',
        'observable.gauge.p.99:12.5|g',
      ],
      [
        'counter.method.GET.route._a:2|c',
        'counter.method.PUT.route._b:1.5|c',
        'up.down:0|g',
        'up.down:-3|g',
        'histogram.route._a:250|ms',
        'histogram.route._a:500|ms',
        'histogram.sum.route._a:750|c',
        'gauge:8|g',
        'observable.counter.state.active:3|c',
        'observable.up.down:0|g',
        'observable.up.down:-10|g',
        'observable.gauge.p.99:12.5|g',
      ],
    ]);
  });

  it('become lines for the Datadog agent', async () => {
    const map = mapperOf(dogstatsd, { prefix: 'shop', tags: { env: 'test' } });
    expect(await mapIntervals(map, wishes)).toEqual([
      [
        'shop.counter:2|c|#env:test,method:GET,route:/a',
        'shop.counter:1.5|c|#env:test,method:PUT,route:/b',
        'shop.up.down:4|g|#env:test',
        'shop.histogram:0.25:0.5|d|#env:test,route:/a',
        'shop.gauge:7|g|#env:test',
        'shop.observable.counter:3|c|#env:test,state:active',
        'shop.observable.up.down:-5|g|#env:test',
        'shop.observable.gauge:0.0125|g|#env:test,p:99',
      ],
      [
        'shop.counter:2|c|#env:test,method:GET,route:/a',
        'shop.counter:1.5|c|#env:test,method:PUT,route:/b',
        'shop.up.down:-3|g|#env:test',
        'shop.histogram:0.25:0.5|d|#env:test,route:/a',
        'shop.gauge:8|g|#env:test',
        'shop.observable.counter:3|c|#env:test,state:active',
        'shop.observable.up.down:-10|g|#env:test',
        'shop.observable.gauge:0.0125|g|#env:test,p:99',
      ],
    ]);
  });

  it.each([DELTA, CUMULATIVE])(
    'become the same counters and gauges whatever temporality the reader chose (%i)',
    async (temporality) => {
      const notHistograms = (lines: readonly string[]): string[] =>
        lines.filter((line) => !line.startsWith('histogram'));
      const asked = await mapIntervals(mapperOf(statsd), wishes);
      // A histogram of cumulative temporality is another matter.
      const views: ViewOptions[] = [
        { instrumentName: 'histogram', aggregation: { type: AggregationType.DROP } },
      ];
      const given = await mapIntervals(mapperOf(statsd), ofEverything(temporality), views);
      expect(given).toEqual(asked.map(notHistograms));
    },
  );
});

describe('views', () => {
  it('may turn a histogram into a sum and a counter into a gauge', async () => {
    const views: ViewOptions[] = [
      { instrumentName: 'histogram', aggregation: { type: AggregationType.SUM }, name: 'total' },
      { instrumentName: 'counter', aggregation: { type: AggregationType.LAST_VALUE }, name: 'last' },
      ...['up.down', 'gauge', 'observable.*'].map((instrumentName): ViewOptions => {
        return { instrumentName, aggregation: { type: AggregationType.DROP } };
      }),
    ];
    expect(await mapIntervals(mapperOf(dogstatsd), wishes, views)).toEqual(
      Array.from({ length: 2 }, () => [
        'last:2|g|#method:GET,route:/a',
        'last:1.5|g|#method:PUT,route:/b',
        'total:0.75|c|#route:/a',
      ]),
    );
  });
});

describe('names', () => {
  it('without a legal character lose their points, which are counted', () => {
    const { lines, drops } = mapOnce(statsd, [
      counter([point(1), point(2)], { name: '日本' }),
      counter([point(3)], { name: 'ok' }),
    ]);
    expect({ lines, drops }).toEqual({ lines: ['ok:3|c'], drops: { empty_name: 2 } });
  });

  it('of two scopes may be the same: their counters add up on the server', () => {
    const map = mapperOf(statsd);
    const one = batchOf([counter([point(1)], { temporality: CUMULATIVE })], { scope: 'a' });
    const other = batchOf([counter([point(5)], { temporality: CUMULATIVE })], { scope: 'b' });
    const both = { ...one, scopeMetrics: [...one.scopeMetrics, ...other.scopeMetrics] };
    expect([map(both).lines, map(both).lines]).toEqual([['m:1|c', 'm:5|c'], []]);
  });
});

describe('gauges that collide', () => {
  const series = (name: string) => {
    const { descriptor } = gauge([], { name });
    return (...values: unknown[]): MetricData => ({
      ...gauge(values.map((a) => point(1, { attributes: { a } }))),
      descriptor,
    });
  };
  const ofSize = (size: number, metric = gauge): MetricData =>
    metric(
      Array.from({ length: size }, (_, index) => point(1, { attributes: { index } })),
      { name: 'large' },
    );
  const large = ofSize(65);
  const histogramOf = (name: string): MetricData => ({
    descriptor: { name, unit: '', description: '', valueType: 1 },
    dataPointType: DataPointType.HISTOGRAM,
    aggregationTemporality: DELTA,
    dataPoints: [point({ buckets: { boundaries: [1], counts: [1, 0] }, count: 1, sum: 1 })],
  });

  /** Whether series of the gauge that become one are warned of in the export that they come in. */
  function isComparedAtOnce(
    others: readonly MetricData[],
    { names, name = 'm', prefix = '' }: { names?: NamingRules; name?: string; prefix?: string } = {},
  ): boolean {
    const map = mapperOf(dogstatsd, { names, prefix });
    const metric = series(name);
    map(batchOf([metric(1), ...others]));
    return map(batchOf([metric(1, '1'), ...others])).warnings.some((text) =>
      text.includes('are one to the server'),
    );
  }

  it('are compared at once, unless a gauge of more than 64 points makes it worth while to know the names', () => {
    expect([
      isComparedAtOnce([]),
      isComparedAtOnce([ofSize(64)]),
      isComparedAtOnce([ofSize(65, counter)]),
      isComparedAtOnce([large]),
      isComparedAtOnce([gauge([point(1)], { name: 'small' }), large]),
    ]).toEqual([true, true, true, false, false]);
  });

  it('are compared at once where the series of another metric may have the name', () => {
    const other = gauge([point(1, { attributes: { k: 'v' } })], { name: 'other' });
    const named = (rule: NamingTable[string]): boolean =>
      isComparedAtOnce([large, other], { names: { other: rule }, name: 'm.x' });
    expect([
      isComparedAtOnce([large, gauge([point(2, { attributes: { b: 1 } })])]),
      isComparedAtOnce([large, gauge([point(1)], { name: '日本' })]),
      isComparedAtOnce([large, histogramOf('m')], { name: 'm.x' }),
      isComparedAtOnce([large, gauge([point(2)])], { name: 'm.x' }),
      isComparedAtOnce([large, gauge([point(2)])], { name: 'm', prefix: '{type}' }),
      named('m.{k}'),
      named('{k}.m'),
      named(() => 'a'),
      named('m'),
      named('a'),
      named('m.x'),
    ]).toEqual([true, true, true, false, true, true, true, true, true, false, true]);
  });

  it('are found if one scope of several has a large gauge', () => {
    const metric = series('m');
    const map = mapperOf(dogstatsd);
    const warnings = [[1], [1, '1']].map((values) => {
      const [one, other] = [batchOf([metric(...values)], { scope: 'a' }), batchOf([large], { scope: 'b' })];
      return map({ ...one, scopeMetrics: [...one.scopeMetrics, ...other.scopeMetrics] }).warnings;
    });
    expect(warnings).toEqual([[], []]);
  });

  it('need no more than a step for the names of 255 metrics', () => {
    const steps = (count: number): number => {
      const mapper = new MetricsMapper(mappingOptions(dogstatsd), () => 0);
      const few = Array.from({ length: count }, (_, index) => gauge([], { name: `m${index}` }));
      const report = { drop: () => {}, summarise: () => {}, warn: () => {} };
      return [...mapper.steps(batchOf([large, ...few]), recordingSink([], true), report)].length;
    };
    // 65 units of work are the points of the large gauge.
    expect([steps(255 - 66), steps(256 - 66), steps(255), steps(600)]).toEqual([0, 1, 1, 2]);
  });
});

describe('a histogram with a name of its attributes', () => {
  it('has this name in all its lines', () => {
    const metric = {
      descriptor: { name: 'h', unit: '', description: '', valueType: 1 },
      dataPointType: DataPointType.HISTOGRAM,
      aggregationTemporality: DELTA,
      dataPoints: ['a', 'b'].map((route) =>
        point(
          { buckets: { boundaries: [1], counts: [1, 0] }, count: 1, sum: 1, min: 1, max: 1 },
          {
            attributes: { route, k: 'v' },
          },
        ),
      ),
    } as MetricData;
    expect(mapOnce(dogstatsd, [metric], { names: { h: 'calls.{route}' } }).lines).toEqual([
      'calls.a:1|d|#k:v',
      'calls.b:1|d|#k:v',
    ]);
  });
});

describe('a histogram in buckets', () => {
  it('has a counter for each bucket that is not empty, with its bound among the tags', () => {
    const metric = {
      descriptor: { name: 'h', unit: '', description: '', valueType: 1 },
      dataPointType: DataPointType.HISTOGRAM,
      aggregationTemporality: DELTA,
      dataPoints: [
        point(
          { buckets: { boundaries: [1, 5], counts: [1, 0, 2] }, count: 3, sum: 20 },
          { attributes: { k: 'v' } },
        ),
      ],
    } as MetricData;
    const histograms = { mode: 'buckets', exactSum: true, percentiles: [] } as const;
    const lines = [true, false].map(
      (takesBytes) => mapperOf(statsd, { histograms }, { takesBytes })(batchOf([metric])).lines,
    );
    expect(lines[0]).toEqual(lines[1]);
    expect(lines[0]).toEqual([
      'h.bucket.k.v.le.1:1|c',
      'h.bucket.k.v.le.inf:2|c',
      'h.count.k.v:3|c',
      'h.sum.k.v:20|c',
    ]);
  });
});

describe('a metric that is no counter', () => {
  it('is no set, whatever its name and unit', () => {
    const points = [point(5, { attributes: { k: 1 } })];
    const metrics = [
      gauge(points, { name: 'g', unit: '{distinct:k}' }),
      counter(points, { name: 'u', monotonic: false, temporality: CUMULATIVE }),
      counter(points, { name: 'c' }),
    ];
    expect(mapOnce(dogstatsd, metrics, { sets: { '*': 'k' } }).lines).toEqual([
      'g:5|g|#k:1',
      'u:5|g|#k:1',
      'c:1|s',
    ]);
  });
});

describe('the attributes that stay', () => {
  const points = [point(1, { attributes: { a: 1, b: 2, k: 3 } })];
  const metrics = ['m', 'n', 'o', 's', 't'].map((name) => counter(points, { name }));
  const options = {
    attributes: { m: ['a'], s: ['a'] },
    names: { m: { name: '{name}', attributes: ['b'] }, n: { name: '{name}', attributes: ['b'] } },
    sets: { s: 'k', t: 'k' },
  };

  it('are those of the option, else those of the name, and the member of a set where the server has sets', () => {
    expect([
      mapOnce(dogstatsd, metrics, options).lines,
      mapOnce(dialects.brubeck, metrics, options).lines,
    ]).toEqual([
      ['m:1|c|#a:1', 'n:1|c|#b:2', 'o:1|c|#a:1,b:2,k:3', 's:3|s|#a:1', 't:3|s|#a:1,b:2'],
      ['m.a.1:1|c', 'n.b.2:1|c', 'o.a.1.b.2.k.3:1|c', 's.a.1:1|c', 't.a.1.b.2:1|c'],
    ]);
  });
});

describe('metrics of one name on the server', () => {
  const both = (): MetricData[] => [counter([point(1)], { name: 'a' }), gauge([point(2)], { name: 'a' })];

  it('are told in the first export of both', () => {
    const map = mapperOf(dialects['statsd-exporter']);
    const metrics = both();
    expect([map(batchOf(metrics)).warnings.length, map(batchOf(metrics)).warnings.length]).toEqual([1, 0]);
  });

  it('are not known where a function names the points', () => {
    expect(mapOnce(dialects['statsd-exporter'], both(), { names: () => 'b' }).warnings).toEqual([]);
  });

  it('include those that the server makes of a set', () => {
    const metrics = ['a', 'sets.a.count'].map((name) =>
      counter([point(1, { attributes: { k: 1 } })], { name }),
    );
    const warnings = (sets: Record<string, string>): number =>
      mapOnce(statsd, metrics, { sets }).warnings.length;
    expect([warnings({ a: 'k' }), warnings({ '*': 'k' }), warnings({})]).toEqual([1, 0, 0]);
  });
});

describe('the mapper warns', () => {
  it('of a naming function without a result, which leaves the metric its name', () => {
    const { lines, warnings } = mapOnce(statsd, [counter([point(1)])], { names: () => 5 as never });
    expect({ lines, warnings }).toEqual({
      lines: ['m:1|c'],
      warnings: ['the naming function gave metric "m" no name; it keeps its own'],
    });
  });

  it('of attributes that are shortened', () => {
    const { warnings } = mapOnce(dogstatsd, [counter([point(1, { attributes: { k: 'v'.repeat(300) } })])]);
    expect(warnings).toEqual([
      'metric "m" has attributes longer than the server reads whole; they are sent shortened',
    ]);
  });

  it('with a subject for each metric, so that each is logged once', () => {
    const mapper = new MetricsMapper(
      mappingOptions(dialects.brubeck, { names: { n: () => 5 as never }, sets: { s: 'k' } }),
      () => 0,
    );
    const subjects: string[] = [];
    const report = { drop: () => {}, summarise: () => {}, warn: (subject: string) => subjects.push(subject) };
    const metrics = [
      counter([point(1)], { name: 'n' }),
      counter([point(1, { attributes: { k: 'v'.repeat(1_000) } })], { name: 'l' }),
      counter([point(1)], { name: 's' }),
    ];
    mapper.map(batchOf(metrics), recordingSink([], true), report);
    expect(new Set(subjects)).toEqual(new Set(['naming n', 'shortened l', 'set s']));
  });
});

describe('a prefix with the type of the metric', () => {
  it('sorts names by counters, gauges and timers', async () => {
    const { meter, collect } = instrument(wishes);
    meter.createCounter('jobs').add(1);
    meter.createUpDownCounter('open').add(2);
    meter.createGauge('load').record(3);
    meter.createHistogram('latency', { unit: 'ms' }).record(4);
    const map = mapperOf(statsd, { prefix: 'shop.{type}' });
    expect(map(await collect()).lines).toEqual([
      'shop.counters.jobs:1|c',
      'shop.gauges.open:2|g',
      'shop.gauges.load:3|g',
      'shop.timers.latency:4|ms',
      'shop.timers.latency.sum:4|c',
    ]);
  });
});

describe('fields that every line ends in', () => {
  it('follow the tags and precede the time', () => {
    const metrics = [counter([point(1, { attributes: { k: 'v' } })]), gauge([point(-2)], { name: 'b' })];
    const { lines } = mapOnce(dogstatsd, metrics, { fields: '|c:in-1', timestamps: true });
    expect(lines.map((line) => line.replace(/T\d+$/, 'T'))).toEqual([
      'm:1|c|#k:v|c:in-1|T',
      'b:-2|g|c:in-1|T',
    ]);
  });
});

describe('prefix and resource tags', () => {
  const resource = { 'service.name': 'shop.eu', 'service.version': '1.0', 'process.pid': 42 };

  it('come from the resource', () => {
    const map = mapperOf(dogstatsd, {
      prefix: 'apps.{service.name}',
      resourceTags: { 'service.version': 'version', 'process.pid': 'pid', 'host.name': 'host' },
      tags: { team: 'a|b' },
    });
    expect(map(batchOf([counter([point(1)])], { resource })).lines).toEqual([
      'apps.shop_eu.m:1|c|#pid:42,team:a_b,version:1.0',
    ]);
  });

  it('may use reserved tag keys, unlike attributes', () => {
    const map = mapperOf(dogstatsd, { resourceTags: { 'host.name': 'host' } });
    const metric = counter([point(1, { attributes: { host: 'other', 'host.name': 'x' } })]);
    expect(map(batchOf([metric], { resource: { 'host.name': 'web1' } })).lines).toEqual([
      'm:1|c|#host:web1,host.name:x,host_:other',
    ]);
  });

  it('without the attribute are left out, with a warning', () => {
    const { lines, warnings } = mapOnce(statsd, [counter([point(1)])], { prefix: 'apps.{service.name}' });
    expect({ lines, warnings }).toEqual({
      lines: ['apps.m:1|c'],
      warnings: [
        'the resource has no service.name, so the prefix "apps.{service.name}" is sent without that segment',
      ],
    });
  });
});

describe('what cannot be mapped', () => {
  it('does not affect other points', () => {
    const throwing = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const points = [throwing, revoked.proxy, {}].map((attributes) => point(1, { attributes }));
    const { lines, drops } = mapOnce(dogstatsd, [counter(points), gauge(points, { name: 'g' })]);
    expect({ lines, drops }).toEqual({ lines: ['m:1|c', 'g:1|g'], drops: { unreadable: 4 } });
  });

  it('is counted point by point, also when its kind is not known', () => {
    const future = { ...counter([point(1), point(2)]), dataPointType: 99 as DataPointType } as MetricData;
    const { lines, drops } = mapOnce(dogstatsd, [future]);
    expect({ lines, drops }).toEqual({ lines: [], drops: { unsupported: 2 } });
  });

  it('is a point with an attribute that throws', () => {
    const attributes = {
      a: 1,
      get b() {
        throw new Error('no');
      },
    };
    const { lines, drops } = mapOnce(dogstatsd, [counter([point(1, { attributes })])]);
    expect({ lines, drops }).toEqual({ lines: [], drops: { unreadable: 1 } });
  });
});

it('does not change the attributes it is given', () => {
  const attributes = Object.freeze({ b: Object.freeze(['x']), a: 1 });
  expect(mapOnce(dogstatsd, [counter([point(1, { attributes })])]).lines).toEqual(['m:1|c|#a:1,b:["x"]']);
});
