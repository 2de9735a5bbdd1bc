// The four kinds of instruments, sent to a StatsD server over UDP with every default.
import { metrics } from '@opentelemetry/api';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  endpoint: process.env.ENDPOINT ?? 'udp://127.0.0.1:8125',
  prefix: 'shop',
});
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
const provider = new MeterProvider({ readers: [reader] });
metrics.setGlobalMeterProvider(provider);

const meter = metrics.getMeter('shop');
const orders = meter.createCounter('orders');
const visitors = meter.createUpDownCounter('visitors');
const temperature = meter.createGauge('temperature');
const latency = meter.createHistogram('latency', { unit: 's' });

orders.add(1, { country: 'fi' });
orders.add(2, { country: 'fi' });
visitors.add(5);
visitors.add(-2);
temperature.record(-4.5);
latency.record(0.25);
latency.record(0.125);

// What was recorded since the last interval. A server would do this on SIGTERM.
await provider.shutdown();
