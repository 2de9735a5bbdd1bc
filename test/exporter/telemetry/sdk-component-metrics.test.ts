import { createNoopMeter, type Meter } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { SdkComponentMetrics } from '../../../src/exporter/telemetry/sdk-component-metrics.js';
import { StatsdExporter } from '../../../src/index.js';
import { monotonicNow } from '../../../src/runtime/timers.js';
import { exportOnce, instrument } from '../../support/metrics/collect.js';

/** What a provider's instruments hold, as `[name, unit, attributes, value]`, times left out. */
function observer() {
  const memory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: memory, exportIntervalMillis: 1e6 });
  const provider = new MeterProvider({ readers: [reader] });
  const read = async () => {
    memory.reset();
    await provider.forceFlush();
    const [batch] = memory.getMetrics();
    return (batch?.scopeMetrics ?? []).flatMap(({ scope, metrics }) =>
      metrics.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => {
          const { 'otel.component.name': component, ...others } = attributes;
          const count = typeof value === 'number' ? value : { count: (value as { count: number }).count };
          return [scope.name, descriptor.name, descriptor.unit, component !== undefined, others, count];
        }),
      ),
    );
  };
  return { provider, read };
}

/** Exports what a new SDK holds after it has been recorded. */
async function exportOf(exporter: StatsdExporter, record: (meter: Meter) => void): Promise<void> {
  const { meter, collect } = instrument(exporter);
  record(meter);
  await exportOnce(exporter, await collect());
}

const scope = 'opentelemetry-exporter-statsd';
const type = { 'otel.component.type': 'statsd_metric_exporter' };

test('an export records its points and duration, with the address of the server', async () => {
  const { provider, read } = observer();
  const exporter = new StatsdExporter({
    endpoint: 'udp://127.0.0.1:9',
    shutdownTimeoutMillis: 100,
    selfObsMeterProvider: provider,
  });
  await exportOf(exporter, (meter) => {
    meter.createCounter('a').add(1);
    meter.createGauge('b').record(2);
    meter.createGauge('c').record(Number.NaN);
  });
  await exporter.shutdown();
  const server = { ...type, 'server.address': '127.0.0.1', 'server.port': 9 };
  expect(await read()).toEqual([
    [scope, 'otel.sdk.exporter.metric_data_point.inflight', '{data_point}', true, server, 0],
    [
      scope,
      'otel.sdk.exporter.metric_data_point.exported',
      '{data_point}',
      true,
      { ...server, 'error.type': 'non_finite' },
      1,
    ],
    [scope, 'otel.sdk.exporter.metric_data_point.exported', '{data_point}', true, server, 2],
    [scope, 'otel.sdk.exporter.operation.duration', 's', true, server, { count: 1 }],
  ]);
});

test('refused points count as rejected', async () => {
  const { provider, read } = observer();
  const exporter = new StatsdExporter({
    lines: () => new Promise(() => {}),
    queue: { maxBytes: 65_536, softBytes: 65_536 },
    shutdownTimeoutMillis: 1,
    selfObsMeterProvider: provider,
  });
  const manySeries = (length: number) => (meter: Meter) => {
    const counter = meter.createCounter('a');
    const text = 'x'.repeat(250);
    for (let index = 0; index < length; index += 1)
      counter.add(1, { a: text, b: text, c: text, d: text, index });
  };
  await exportOf(exporter, manySeries(30));
  await exportOf(exporter, manySeries(60));
  await exporter.shutdown();
  const exported = (await read()).filter(([, name]) => String(name).endsWith('exported'));
  const rejected = exporter.stats().droppedLines.queue_full ?? 0;
  expect(rejected).toBeGreaterThan(0);
  expect(exported.map(([, , , , attributes, count]) => [attributes, count])).toEqual(
    expect.arrayContaining([
      [type, 90 - rejected],
      [{ ...type, 'error.type': 'rejected' }, rejected],
    ]),
  );
});

test('a provider that exports through the exporter itself can be set later, and each export then adds three lines', async () => {
  const lines: string[] = [];
  const exporter = new StatsdExporter({ lines: (more) => void lines.push(...more), dialect: 'dogstatsd' });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e6 });
  const provider = new MeterProvider({ readers: [reader] });
  exporter.setSelfObsMeterProvider(provider);
  provider.getMeter('app').createCounter('orders').add(1);
  const names: string[][] = [];
  for (let round = 0; round < 4; round += 1) {
    lines.length = 0;
    await provider.forceFlush();
    names.push(lines.map((line) => line.replace(/:.*/, '')));
  }
  await provider.shutdown();
  const own = [
    'otel.sdk.exporter.metric_data_point.exported',
    'otel.sdk.exporter.operation.duration',
    'otel.sdk.exporter.metric_data_point.inflight',
  ];
  expect(names).toEqual([['orders'], own, own, own]);
});

test('every exporter has its own component name', async () => {
  const { provider, read } = observer();
  for (let count = 0; count < 2; count += 1) {
    const exporter = new StatsdExporter({ lines: () => {}, selfObsMeterProvider: provider });
    await exportOf(exporter, (meter) => meter.createCounter('a').add(1));
    await exporter.shutdown();
  }
  const durations = (await read()).filter(([, name]) => String(name).endsWith('duration'));
  expect(durations).toHaveLength(2);
});

test('the duration of an export is in seconds', () => {
  const recorded: [name: string, seconds: number][] = [];
  const meter = Object.create(createNoopMeter()) as Meter;
  meter.createHistogram = (name) => ({ record: (seconds) => void recorded.push([name, seconds]) });
  const own = new SdkComponentMetrics({ protocol: 'udp', host: '127.0.0.1', port: 9 });
  own.setMeterProvider({ getMeter: () => meter });
  const before = monotonicNow();
  const ended = own.started(1);
  const started = monotonicNow();
  while (monotonicNow() - started < 2);
  const least = (monotonicNow() - started) / 1_000;
  ended({ failed: {} });
  const most = (monotonicNow() - before) / 1_000;
  const isRight = recorded.map(([name, seconds]) => [name, seconds >= least && seconds <= most]);
  expect(isRight).toEqual([['otel.sdk.exporter.operation.duration', true]]);
});

test('instruments are as the conventions have them, and count only what there is', () => {
  const calls: unknown[] = [];
  const meter = Object.create(createNoopMeter()) as Meter;
  const record =
    (name: string) =>
    (...all: unknown[]): void =>
      void calls.push([name.split('.').at(-1), ...all]);
  const created: unknown[] = [];
  meter.createUpDownCounter = (name, options) => {
    created.push([name, options]);
    return { add: record(name) };
  };
  meter.createCounter = meter.createUpDownCounter;
  meter.createHistogram = (name, options) => {
    created.push([name, options]);
    return { record: (_seconds, attributes) => record(name)(attributes) };
  };
  const own = new SdkComponentMetrics({ protocol: 'unix', path: '/run/statsd.sock' });
  own.setMeterProvider({
    getMeter: (name) => {
      expect(name).toBe(scope);
      return meter;
    },
  });
  own.started(3)({ failed: { a: 2, b: 5, c: 1 }, error: 'rejected' });
  own.started(2)({ failed: { a: 0 } });
  expect(created).toEqual([
    [
      'otel.sdk.exporter.metric_data_point.inflight',
      { unit: '{data_point}', description: 'Data points that are being exported' },
    ],
    [
      'otel.sdk.exporter.metric_data_point.exported',
      {
        unit: '{data_point}',
        description: 'Data points for which the export has finished, by the reason when it failed',
      },
    ],
    [
      'otel.sdk.exporter.operation.duration',
      {
        unit: 's',
        description: 'Time until an export was accepted or refused',
        advice: { explicitBucketBoundaries: [] },
      },
    ],
  ]);
  const attributes = {
    ...type,
    'otel.component.name': expect.stringMatching(/^statsd_metric_exporter\/\d+$/),
    'server.address': '/run/statsd.sock',
  };
  const failed = (reason: string) => ({ ...attributes, 'error.type': reason });
  expect(calls).toEqual([
    ['inflight', 3, attributes],
    ['inflight', -3, attributes],
    ['exported', 2, failed('a')],
    ['exported', 1, failed('b')],
    ['duration', failed('rejected')],
    ['inflight', 2, attributes],
    ['inflight', -2, attributes],
    ['exported', 2, attributes],
    ['duration', attributes],
  ]);
});

test('exporters are numbered in the order in which they are made, across copies of this package', () => {
  const numberOf = (): number => {
    const names: string[] = [];
    const meter = Object.create(createNoopMeter()) as Meter;
    meter.createUpDownCounter = () => ({
      add: (_value, attributes) => void names.push(String(attributes?.['otel.component.name'])),
    });
    const own = new SdkComponentMetrics({ protocol: 'lines', sink: () => {} });
    own.setMeterProvider({ getMeter: () => meter });
    own.started(1);
    return Number(names[0]?.split('/')[1]);
  };
  const counter = Symbol.for('opentelemetry-exporter-statsd/components');
  const first = numberOf();
  expect([numberOf(), Reflect.get(globalThis, counter)]).toEqual([first + 1, first + 2]);
});
