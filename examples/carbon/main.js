// Straight to Graphite, without a StatsD server: `path value timestamp` over TCP, tags as Graphite 1.1 has them. Counters
// are each interval's own count; sum them up there (storage-aggregation.conf: sum for counts).
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  dialect: 'carbon',
  endpoint: process.env.ENDPOINT ?? 'tcp://127.0.0.1:2003',
  histograms: { mode: 'summary', percentiles: [50, 95] },
});
// Not shorter than the finest retention of Graphite: of two points within it only the last is kept.
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
const provider = new MeterProvider({ readers: [reader] });

const meter = provider.getMeter('shop');
meter.createCounter('orders').add(3, { country: 'fi' });
meter.createGauge('temperature').record(-4.5);
const latency = meter.createHistogram('checkout.duration', { unit: 'ms' });
latency.record(250);

await provider.shutdown();
