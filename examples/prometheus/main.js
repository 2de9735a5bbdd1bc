// One provider, two readers: StatsD gets what was added since the last push, Prometheus fetches the total. Neither
// reader takes anything from the other.
import { createServer } from 'node:http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({ endpoint: process.env.ENDPOINT ?? 'udp://127.0.0.1:8125' });
const push = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
// Served by the HTTP server of the app. By default it would start one on port 9464.
const pull = new PrometheusExporter({ preventServerStart: true });
const server = createServer((request, response) => pull.getMetricsRequestHandler(request, response));
await new Promise((resolve) => server.listen(Number(process.env.PORT ?? 9464), '127.0.0.1', resolve));

const provider = new MeterProvider({ readers: [push, pull] });
const orders = provider.getMeter('shop').createCounter('orders');

orders.add(2, { country: 'fi' });
await provider.forceFlush();
orders.add(3, { country: 'fi' });
await provider.forceFlush();

const page = await fetch(`http://127.0.0.1:${server.address().port}/metrics`);
const lines = (await page.text()).split('\n');
console.log(`Prometheus: ${lines.find((line) => line.startsWith('orders_total'))}`);

await provider.shutdown();
server.close();
