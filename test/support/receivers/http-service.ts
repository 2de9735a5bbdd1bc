// One export of an HTTP service under auto-instrumentation: the scopes, metrics, units and attributes that
// @opentelemetry/auto-instrumentations-node and host-metrics record, with fixed values and times.
import type { Attributes, MeterProvider } from '@opentelemetry/api';
import type { DataPoint, PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { createDistinctCounter } from '../../../src/instrument.js';
import { instrument } from '../metrics/collect.js';
import { seededRandom } from '../metrics/random-values.js';

const RESOURCE = {
  'service.name': 'shop',
  'service.version': '1.4.2',
  'deployment.environment.name': 'production',
};

const START: [number, number] = [1_700_000_000, 0];
const END: [number, number] = [1_700_000_010, 500_000_000];

export async function httpServiceExport(
  selectors: Required<Pick<PushMetricExporter, 'selectAggregation' | 'selectAggregationTemporality'>>,
): Promise<ResourceMetrics> {
  const { provider, collect } = instrument(selectors, { resource: RESOURCE });
  recordHttp(provider);
  recordRuntime(provider);
  recordHost(provider);
  recordDatabase(provider);
  recordUsers(provider);
  const collected = await collect();
  await provider.shutdown();
  for (const { metrics } of collected.scopeMetrics) {
    for (const { dataPoints } of metrics) {
      for (const point of dataPoints as Mutable<DataPoint<unknown>>[]) {
        point.startTime = START;
        point.endTime = END;
      }
    }
  }
  return collected;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Latencies in seconds, to the microsecond, around a median. */
function latencies(count: number, median: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return Math.round(median * Math.exp(normal / 2) * 1e6) / 1e6;
  });
}

function recordHttp(provider: MeterProvider): void {
  const meter = provider.getMeter('@opentelemetry/instrumentation-http', '0.210.0');
  const server = meter.createHistogram('http.server.request.duration', { unit: 's' });
  const common = { 'url.scheme': 'http', 'network.protocol.version': '1.1' };
  const requests: [number, number, Attributes][] = [
    [
      3000,
      0.02,
      { 'http.request.method': 'GET', 'http.response.status_code': 200, 'http.route': '/users/:id' },
    ],
    [40, 0.15, { 'http.request.method': 'POST', 'http.response.status_code': 201, 'http.route': '/orders' }],
    [
      3,
      0.4,
      {
        'http.request.method': 'POST',
        'http.response.status_code': 500,
        'http.route': '/orders',
        'error.type': '500',
      },
    ],
    [1, 0.001, { 'http.request.method': 'GET', 'http.response.status_code': 404 }],
  ];
  for (const [seed, [count, median, attributes]] of requests.entries()) {
    for (const latency of latencies(count, median, seed))
      server.record(latency, { ...common, ...attributes });
  }
  const client = { 'http.request.method': 'GET', 'server.address': 'db.internal', 'server.port': 8080 };
  meter
    .createHistogram('http.client.request.duration', { unit: 's' })
    .record(0.0125, { ...client, 'network.protocol.version': '1.1', 'http.response.status_code': 200 });
  provider
    .getMeter('@opentelemetry/instrumentation-undici', '0.20.0')
    .createHistogram('http.client.request.duration', { unit: 's' })
    .record(0.25, {
      ...client,
      'url.scheme': 'https',
      'http.response.status_code': 503,
      'error.type': '503',
    });
}

type Observation = readonly [value: number, attributes?: Attributes];

function observe(
  provider: MeterProvider,
  scope: string,
  kind: 'Counter' | 'UpDownCounter' | 'Gauge',
  metric: string,
  unit: string,
  observations: readonly Observation[],
): void {
  provider
    .getMeter(scope, '0.24.0')
    [`createObservable${kind}`](metric, { unit })
    .addCallback((result) => {
      for (const [value, attributes] of observations) result.observe(value, attributes);
    });
}

function recordRuntime(provider: MeterProvider): void {
  const scope = '@opentelemetry/instrumentation-runtime-node';
  observe(provider, scope, 'Gauge', 'nodejs.eventloop.utilization', '1', [[0.07345]]);
  observe(provider, scope, 'Counter', 'nodejs.eventloop.time', 's', [
    [0.734512, { 'nodejs.eventloop.state': 'active' }],
    [9.265488, { 'nodejs.eventloop.state': 'idle' }],
  ]);
  const delays = {
    min: 0.009,
    max: 0.0355,
    mean: 0.0112,
    stddev: 0.0009,
    p50: 0.0111,
    p90: 0.0123,
    p99: 0.0251,
  };
  for (const [statistic, delay] of Object.entries(delays)) {
    observe(provider, scope, 'Gauge', `nodejs.eventloop.delay.${statistic}`, 's', [[delay]]);
  }
  const collections = provider.getMeter(scope, '0.24.0').createHistogram('v8js.gc.duration', { unit: 's' });
  for (const duration of latencies(12, 0.0008, 7)) collections.record(duration, { 'v8js.gc.type': 'minor' });
  collections.record(0.0061, { 'v8js.gc.type': 'major' });
  const spaces = ['new_space', 'old_space', 'code_space'].map((name) => ({ 'v8js.heap.space.name': name }));
  const sizes = (first: number): Observation[] => spaces.map((space, index) => [first >> (2 * index), space]);
  observe(provider, scope, 'UpDownCounter', 'v8js.memory.heap.space.size', 'By', sizes(33_554_432));
  observe(provider, scope, 'Gauge', 'v8js.memory.heap.used', 'By', sizes(25_165_824));
  observe(provider, scope, 'Gauge', 'v8js.memory.heap.space.available_size', 'By', sizes(8_388_608));
  observe(provider, scope, 'Gauge', 'v8js.memory.heap.space.physical_size', 'By', sizes(33_554_432));
  observe(provider, scope, 'Gauge', 'v8js.resource.active', '{resource}', [
    [4, { 'v8js.resource.type': 'TCPSocketWrap' }],
    [2, { 'v8js.resource.type': 'Timeout' }],
  ]);
}

function recordHost(provider: MeterProvider): void {
  const scope = '@opentelemetry/host-metrics';
  const cpu = (mode: string): Attributes => ({ 'cpu.mode': mode, 'cpu.logical_number': 0 });
  observe(provider, scope, 'Counter', 'system.cpu.time', 's', [
    [1.23, cpu('user')],
    [0.4, cpu('system')],
    [8.37, cpu('idle')],
  ]);
  observe(provider, scope, 'Gauge', 'system.cpu.utilization', '', [
    [0.123, cpu('user')],
    [0.04, cpu('system')],
  ]);
  observe(provider, scope, 'Gauge', 'system.memory.usage', '', [
    [12_884_901_888, { 'system.memory.state': 'used' }],
    [4_294_967_296, { 'system.memory.state': 'free' }],
  ]);
  observe(provider, scope, 'Counter', 'system.network.io', '', [
    [1_048_576, { 'system.device': 'eth0', 'network.io.direction': 'receive' }],
    [524_288, { 'system.device': 'eth0', 'network.io.direction': 'transmit' }],
    [0, { 'system.device': 'lo', 'network.io.direction': 'receive' }],
  ]);
  observe(provider, scope, 'Counter', 'process.cpu.time', 's', [[0.61, { 'cpu.mode': 'user' }]]);
  observe(provider, scope, 'Gauge', 'process.memory.usage', '', [[134_217_728]]);
}

function recordDatabase(provider: MeterProvider): void {
  const meter = provider.getMeter('@opentelemetry/instrumentation-pg', '0.63.0');
  const pool = {
    'db.client.connection.pool.name': 'db.internal:5432/shop',
    'db.client.connection.state': 'used',
  };
  const connections = meter.createUpDownCounter('db.client.connection.count', { unit: '{connection}' });
  connections.add(3, pool);
  // A pool closes what it opened before the meter was there to see.
  connections.add(-2, { ...pool, 'db.client.connection.state': 'idle' });
  meter
    .createHistogram('db.client.operation.duration', { unit: 's' })
    .record(0.0042, { 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' });
  provider
    .getMeter('@opentelemetry/instrumentation-kafkajs', '0.20.0')
    .createCounter('messaging.client.sent.messages', { unit: '{message}' })
    .add(17, { 'messaging.destination.name': 'orders' });
}

/** A metric of the app: distinct users, one of whom fits into no line. */
function recordUsers(provider: MeterProvider): void {
  const visitors = createDistinctCounter(provider.getMeter('shop'), 'shop.visitors', {
    attribute: 'user.id',
  });
  visitors.add('42', { country: 'fi' });
  visitors.add('a|b', { country: 'fi' });
}
