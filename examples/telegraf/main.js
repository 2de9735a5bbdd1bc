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

// All times are sent in milliseconds: Telegraf cuts fractions off counters, so that seconds would be coarse.
const latency = meter.createHistogram('checkout.duration', { unit: 's' });
for (const seconds of [0.125, 0.25, 0.5]) latency.record(seconds, { payment: 'card' });

await provider.shutdown();
