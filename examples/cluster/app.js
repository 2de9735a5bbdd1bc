// A clustered HTTP app with one set of metrics: the primary adds up those of its workers and sends them.
//
//   ENDPOINT=tcp://127.0.0.1:8125 WORKERS=4 PORT=8080 node examples/cluster/app.js
//
//   GET /?ms=20    works for that long and answers
//   GET /sure      the same, and answers when the primary has the count, so that a kill loses no answered request
//   GET /hold      stays in flight until the client disconnects
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';
import { ClusterAggregator, ClusterWorkerExporter } from 'opentelemetry-exporter-statsd/cluster';

const { ENDPOINT = 'udp://127.0.0.1:8125', DIALECT = 'statsd', WORKERS = '4', PORT = '8080' } = process.env;
const exportIntervalMillis = Number(process.env.INTERVAL ?? 10_000);

if (cluster.isPrimary) {
  const aggregator = new ClusterAggregator({
    exporter: new StatsdExporter({ endpoint: ENDPOINT, dialect: DIALECT, prefix: 'shop' }),
    exportIntervalMillis,
  });
  let isEnding = false;
  for (let worker = 0; worker < Number(WORKERS); worker += 1) cluster.fork();
  cluster.on('exit', () => isEnding || cluster.fork());
  process.once('SIGTERM', () => {
    isEnding = true;
    const workers = Object.values(cluster.workers);
    for (const worker of workers) worker.process.kill('SIGTERM');
    let left = workers.length;
    cluster.on('exit', async () => {
      left -= 1;
      if (left > 0) return;
      // All workers have delivered their last interval.
      await aggregator.shutdown();
      process.exit();
    });
  });
} else {
  const reader = new PeriodicExportingMetricReader({
    exporter: new ClusterWorkerExporter({ collect: () => provider.forceFlush() }),
    exportIntervalMillis,
    exportTimeoutMillis: exportIntervalMillis,
  });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('shop');
  const requests = meter.createCounter('requests');
  const inFlight = meter.createUpDownCounter('requests.in_flight');
  const duration = meter.createHistogram('request.work', { unit: 'ms' });

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://app');
    inFlight.add(1);
    response.once('close', () => inFlight.add(-1));
    if (pathname === '/hold') return response.writeHead(200).flushHeaders();
    const millis = Number(searchParams.get('ms') ?? 5);
    await sleep(millis);
    duration.record(millis);
    requests.add(1);
    if (pathname === '/sure') await provider.forceFlush();
    response.end('done\n');
  });
  server.listen(Number(PORT), '127.0.0.1', () => process.send('listening'));

  // A rolling restart: accept no new requests, answer the pending ones, deliver the last interval.
  process.once('SIGTERM', () => {
    server.close(async () => {
      await provider.shutdown();
      process.exit();
    });
    server.closeIdleConnections();
  });
}
