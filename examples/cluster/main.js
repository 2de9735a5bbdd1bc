// Two workers and their primary send one set of metrics: counters and gauges added up, percentiles over all processes.
import cluster from 'node:cluster';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';
import { ClusterAggregator, ClusterWorkerExporter } from 'opentelemetry-exporter-statsd/cluster';

const WORKERS = 2;

if (cluster.isPrimary) {
  const aggregator = new ClusterAggregator({
    exporter: new StatsdExporter({ endpoint: process.env.ENDPOINT ?? 'udp://127.0.0.1:8125' }),
    gauges: { 'pool.*': 'sum' },
  });
  for (let worker = 0; worker < WORKERS; worker += 1) cluster.fork();

  let ready = 0;
  cluster.on('message', async (_, message) => {
    if (message === 'ready') ready += 1;
    if (message !== 'ready' || ready < WORKERS) return;
    // While both workers live, so that their gauges and up-down counters are part of the export.
    await aggregator.shutdown();
    for (const worker of Object.values(cluster.workers)) worker.disconnect();
  });
} else {
  const exporter = new ClusterWorkerExporter({ collect: () => provider.forceFlush() });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('shop');

  meter.createCounter('orders').add(10);
  meter.createUpDownCounter('requests.in_flight').add(cluster.worker.id);
  meter.createGauge('pool.connections').record(5);
  meter.createHistogram('order.duration', { unit: 'ms' }).record(20);
  await provider.forceFlush();
  process.send('ready');
  process.once('disconnect', () => provider.shutdown());
}
