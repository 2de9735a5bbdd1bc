// Names for a tree that exists already: a prefix from the resource, and templates that put attributes into the name.
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  endpoint: process.env.ENDPOINT ?? 'udp://127.0.0.1:8125',
  prefix: 'applications.{service.name}.{deployment.environment.name}',
  names: {
    // An attribute that is used leaves the tags; a segment whose attribute is missing is left out.
    'http.server.request.duration': 'timers.{http.route}.{http.request.method}.{http.response.status_code}',
    'db.*': 'databases.{db.system.name}.{name}',
    // A function gets what the metric is and all attributes.
    'jobs.*': ({ name }, attributes) => `counters.${name}.${attributes['job.ok'] ? 'done' : 'failed'}`,
  },
});
const resource = resourceFromAttributes({
  'service.name': 'shop',
  'deployment.environment.name': 'production',
});
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
const provider = new MeterProvider({ resource, readers: [reader] });
const meter = provider.getMeter('shop');

const request = { 'http.route': 'users', 'http.request.method': 'GET' };
const duration = meter.createHistogram('http.server.request.duration', { unit: 's' });
duration.record(0.25, { ...request, 'http.response.status_code': 200 });
duration.record(0.5, request);
meter.createCounter('db.queries').add(2, { 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' });
meter.createCounter('jobs.runs').add(1, { 'job.ok': true });
meter.createCounter('other').add(1);

await provider.shutdown();
