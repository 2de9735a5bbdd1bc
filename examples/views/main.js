// Views of the OpenTelemetry SDK decide what is measured, before the exporter sees it: fewer attributes, metrics left
// out or renamed, buckets of one's own.
import {
  AggregationType,
  createAllowListAttributesProcessor,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  dialect: 'graphite',
  endpoint: process.env.ENDPOINT ?? 'udp://127.0.0.1:8125',
  histograms: 'buckets',
});
const buckets = { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [1, 5, 10] } };
const provider = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 })],
  views: [
    { instrumentName: 'orders', attributesProcessors: [createAllowListAttributesProcessor(['country'])] },
    { instrumentName: 'orders.items', name: 'basket.size', aggregation: buckets },
    { instrumentName: 'debug.*', aggregation: { type: AggregationType.DROP } },
  ],
});
const meter = provider.getMeter('shop');

const orders = meter.createCounter('orders');
orders.add(1, { country: 'fi', 'customer.id': 1001 });
orders.add(1, { country: 'fi', 'customer.id': 1002 });
const items = meter.createHistogram('orders.items');
for (const count of [1, 4, 12]) items.record(count);
meter.createCounter('debug.calls').add(100);

await provider.shutdown();
