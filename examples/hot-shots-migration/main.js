// From hot-shots to OpenTelemetry with the same lines on the wire. Each comment is the code before.
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { dialects, StatsdExporter } from 'opentelemetry-exporter-statsd';

// hot-shots sends timings as `ms`; here they would be `d`, as all histograms are.
const { types } = dialects.dogstatsd;
const dialect = { ...dialects.dogstatsd, types: { ...types, timer: 'ms' } };

// const stats = new StatsD({ host, port, prefix: 'shop', globalTags: { env: 'production' } });
const exporter = new StatsdExporter({
  dialect,
  endpoint: process.env.ENDPOINT ?? 'udp://127.0.0.1:8125',
  prefix: 'shop',
  tags: { env: 'production' },
  // hot-shots knows of no resource; without this line its service.name would be the tag service.
  resourceTags: [],
});
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
const provider = new MeterProvider({ readers: [reader] });
const meter = provider.getMeter('shop');

// stats.increment('orders', 3, { region: 'eu' });
meter.createCounter('orders').add(3, { region: 'eu' });

// stats.gauge('queue.length', 7);
meter.createGauge('queue.length').record(7);

// stats.timing('db.query', 250, { table: 'users' });
meter.createHistogram('db.query', { unit: 'ms' }).record(250, { table: 'users' });

// stats.distribution('basket.size', 12);
meter.createHistogram('basket.size').record(12);

// stats.close();
await provider.shutdown();
