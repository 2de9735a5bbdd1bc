// To Telegraf's statsd input: tags after the name, counters in whole numbers, histograms as count, sum, min and max,
// because Telegraf keeps only a thousand values per timer by default (percentile_limit).
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  dialect: 'telegraf',
  endpoint: process.env.ENDPOINT ?? 'udp://127.0.0.1:8125',
  tags: { region: 'eu-north' },
});
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
const provider = new MeterProvider({ readers: [reader] });

const meter = provider.getMeter('shop');
meter.createCounter('orders').add(3, { country: 'fi' });
meter.createGauge('balance').record(-20);

// In milliseconds, so that the sum is exact: Telegraf cuts fractions off counters.
const latency = meter.createHistogram('checkout.duration', { unit: 'ms' });
for (const millis of [125, 250, 500]) latency.record(millis, { payment: 'card' });

await provider.shutdown();
