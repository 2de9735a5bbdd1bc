// What TypeScript users can and cannot write. The assertions are the compiler's: `npm run check:types`.
import { Writable } from 'node:stream';
import type { MeterProvider } from '@opentelemetry/api';
import {
  AggregationTemporality,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { expect, expectTypeOf, test } from 'vitest';
import type { ClusterAggregatorOptions, ClusterWorkerExporterOptions } from '../../src/cluster.js';
import {
  ConfigError,
  type ConfigFault,
  type Dialect,
  type DialectName,
  dialects,
  type ExporterEvent,
  type FlushOnOptions,
  type HistogramMode,
  type HistogramOptions,
  type OriginOptions,
  type PacingOptions,
  type QueueOptions,
  StatsdExporter,
  type StatsdExporterOptions,
  type StatsdExporterStats,
} from '../../src/index.js';

test('an exporter is what the SDK takes', () => {
  expectTypeOf<StatsdExporter>().toExtend<PushMetricExporter>();
  expectTypeOf<ConstructorParameters<typeof StatsdExporter>>().toEqualTypeOf<
    [options?: StatsdExporterOptions | undefined]
  >();
  expectTypeOf<StatsdExporter['stats']>().returns.toEqualTypeOf<StatsdExporterStats>();
  expectTypeOf<StatsdExporter['setSelfObsMeterProvider']>().parameters.toEqualTypeOf<[MeterProvider]>();
  const exporter = new StatsdExporter({ lines: () => {} });
  expect(new PeriodicExportingMetricReader({ exporter })).toBeInstanceOf(PeriodicExportingMetricReader);
});

test('options are taken as documented', () => {
  const options: StatsdExporterOptions[] = [
    {},
    { endpoint: 'tcp://statsd.example:8125', delivery: 'persistent', onUnconfirmed: 'drop' },
    { host: 'statsd.example', port: 8125, protocol: 'tls', tls: { ca: 'pem', servername: 'statsd' } },
    { path: '/run/statsd.sock', protocol: 'unixgram', maxPayloadBytes: 8_192 },
    { stream: new Writable(), pacing: false },
    { lines: async (lines: string[]) => void lines.length },
    { dialect: { ...dialects.dogstatsd, types: { ...dialects.dogstatsd.types, histogram: 'h' } } },
    { names: { 'http.*': 'timers.{http.route}', jobs: ({ name, unit }) => `${name}.${unit}` } },
    { names: ({ name, scope }, attributes) => `${scope}.${name}.${String(attributes['route'])}` },
    { tags: { team: 'shop' }, resourceTags: ['service.name'], prefix: '{service.name}' },
    { resourceTags: { 'service.name': 'service' }, histograms: 'buckets' },
    { histograms: { mode: 'summary', percentiles: [50, 99.9] } },
    { temporality: () => AggregationTemporality.CUMULATIVE, timestamps: true },
    { queue: { softBytes: 1, maxBytes: 65_536, maxSeries: 10 }, pacing: { bytesPerSecond: 1e6 } },
    { sets: { 'shop.visitors': 'user.id' }, scopeTags: true, timeUnit: 's' },
    { flushOn: ['SIGTERM', 'beforeExit'] },
    { flushOn: { events: ['SIGINT'], collect: async () => {} } },
  ];
  expect(options).toHaveLength(17);
});

test('what is no option, or no value of one, does not compile', () => {
  const options: StatsdExporterOptions[] = [
    // @ts-expect-error no such option
    { endpiont: 'udp://127.0.0.1' },
    // @ts-expect-error a port is a number
    { port: '8125' },
    // @ts-expect-error no such dialect
    { dialect: 'datadog' },
    // @ts-expect-error no such protocol
    { protocol: 'http' },
    // @ts-expect-error no such mode
    { histograms: 'percentiles' },
    // @ts-expect-error SIGKILL cannot be watched
    { flushOn: ['SIGKILL'] },
    // @ts-expect-error a dialect is a whole record
    { dialect: { name: 'mine' } },
  ];
  expect(options).toHaveLength(7);
});

/** An object in which every property is given as undefined, as from `{ endpoint: process.env.X }`. */
type AllUndefined<T> = { [K in keyof T]: undefined };

test('undefined counts as not given, also with exactOptionalPropertyTypes', () => {
  expectTypeOf<AllUndefined<StatsdExporterOptions>>().toExtend<StatsdExporterOptions>();
  expectTypeOf<AllUndefined<HistogramOptions>>().toExtend<HistogramOptions>();
  expectTypeOf<AllUndefined<QueueOptions>>().toExtend<QueueOptions>();
  expectTypeOf<AllUndefined<PacingOptions>>().toExtend<PacingOptions>();
  expectTypeOf<AllUndefined<FlushOnOptions>>().toExtend<FlushOnOptions>();
  expectTypeOf<AllUndefined<OriginOptions>>().toExtend<OriginOptions>();
  expectTypeOf<AllUndefined<ClusterWorkerExporterOptions>>().toExtend<ClusterWorkerExporterOptions>();
  type AggregatorOptions = Omit<ClusterAggregatorOptions, 'exporter'>;
  expectTypeOf<AllUndefined<AggregatorOptions>>().toExtend<AggregatorOptions>();
  type OptionalFields = Pick<
    Dialect,
    'leadingLetter' | 'misreadTypes' | 'unixStreamFraming' | 'toleratesConnectionReset' | 'originFields'
  >;
  expectTypeOf<AllUndefined<OptionalFields>>().toExtend<OptionalFields>();
  const options: StatsdExporterOptions = { endpoint: process.env['NO_SUCH_VARIABLE'] };
  expect(new StatsdExporter(options).stats().exports).toBe(0);
});

test('events are a union by kind', () => {
  const dataOf = (event: ExporterEvent): unknown => {
    switch (event.kind) {
      case 'outage':
        return event.cause;
      case 'recovered':
        return event.outageMillis;
      case 'lines-dropped':
        return [event.reason, event.lines, event.metric];
      case 'points-dropped':
        return [event.reason, event.points, event.metric];
      default:
        return event.message;
    }
  };
  expect(dataOf({ kind: 'outage', cause: 'reset', level: 'warn', message: '' })).toBe('reset');
  expectTypeOf<ExporterEvent['kind']>().toEqualTypeOf<
    | 'outage'
    | 'recovered'
    | 'downgraded'
    | 'permanent-failure'
    | 'lines-dropped'
    | 'points-dropped'
    | 'summarised'
    | 'warning'
  >();
});

test('dialects are records by their names', () => {
  expectTypeOf<DialectName>().toEqualTypeOf<keyof typeof dialects>();
  expectTypeOf(dialects).toExtend<Readonly<Record<DialectName, Dialect>>>();
  expectTypeOf<HistogramMode>().toEqualTypeOf<'samples' | 'summary' | 'buckets'>();
});

test('mistakes in options are readable data', () => {
  expectTypeOf<ConfigError['faults']>().toEqualTypeOf<readonly ConfigFault[]>();
  expectTypeOf<ConfigFault>().toEqualTypeOf<{
    readonly option: string;
    readonly message: string;
  }>();
  expect(new ConfigError([{ option: 'port', message: 'expected a port' }])).toBeInstanceOf(Error);
});
