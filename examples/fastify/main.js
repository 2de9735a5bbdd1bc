// Fastify: every request as `applications.<service>.timers.<route>.<method>.<status>`. By a hook, because none of
// OpenTelemetry's automatic instrumentations tells the route of a Fastify request to the metrics.
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import Fastify from 'fastify';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  endpoint: process.env.ENDPOINT ?? 'udp://127.0.0.1:8125',
  names: 'sprockets',
});
const resource = resourceFromAttributes({ 'service.name': 'shop' });
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
const provider = new MeterProvider({ resource, readers: [reader] });
const duration = provider.getMeter('http').createHistogram('http.server.request.duration', { unit: 's' });

const app = Fastify();
app.addHook('onResponse', async (request, reply) => {
  duration.record(reply.elapsedTime / 1000, {
    // The pattern, never the path: a name for every user would be too many.
    'http.route': request.routeOptions.url ?? 'no_route',
    'http.request.method': request.method,
    'http.response.status_code': reply.statusCode,
  });
});
app.addHook('onClose', () => provider.shutdown());
app.get('/users/:id', async (request) => ({ id: request.params.id }));
app.post('/orders', async (_request, reply) => reply.code(201).send({}));

console.log(
  `listening at ${await app.listen({ port: Number(process.env.PORT ?? 8080), host: '127.0.0.1' })}`,
);
process.once('SIGTERM', () => app.close());
