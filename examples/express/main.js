// Express: every request as `applications.<service>.timers.<route>.<method>.<status>`, measured by OpenTelemetry's
// automatic instrumentations. OTEL_NODE_ENABLED_INSTRUMENTATIONS=http,express leaves the others out.
import { createRequire } from 'node:module';
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  endpoint: process.env.ENDPOINT ?? 'udp://127.0.0.1:8125',
  names: 'sprockets',
});
const sdk = new NodeSDK({
  serviceName: 'shop',
  metricReaders: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 })],
  spanProcessors: [],
  instrumentations: [getNodeAutoInstrumentations()],
});
sdk.start();

// Only what is required after the start is instrumented; imports come before everything else.
const require = createRequire(import.meta.url);
const app = require('express')();
app.get('/users/:id', (request, response) => response.json({ id: request.params.id }));
app.post('/orders', (_request, response) => response.status(201).json({}));

const server = app.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`listening at http://127.0.0.1:${server.address().port}`);
});
process.once('SIGTERM', () => server.close(() => sdk.shutdown()));
