// Names for a tree that exists already: a prefix from the resource, a preset with changes, templates and functions.
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { namePresets, StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  endpoint: process.env.ENDPOINT ?? 'udp://127.0.0.1:8125',
  prefix: 'applications.{service.name}.{deployment.environment.name}',
  names: {
    ...namePresets.semconv,
    // `none` stands for a missing attribute, so that every name has the same number of positions.
    'http.server.request.duration':
      '{type}.{http.route|none}.{http.request.method}.{http.response.status_code|none}',
    // An attribute that is used leaves the tags; a segment whose attribute is missing is left out.
    'queries.*': 'databases.{db.system.name}.{name}',
    // A function gets the metric and its attributes, which stay: after the name, where the server has no tags.
    'jobs.*': ({ name }) => `counters.${name.replace('.', '_')}`,
  },
  // Series that become one are added up.
  attributes: { 'queries.*': { except: ['db.query.text'] }, 'jobs.*': ['job.ok'] },
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
const queries = meter.createCounter('queries.sent');
queries.add(2, { 'db.system.name': 'postgresql', 'db.query.text': 'SELECT 1' });
queries.add(3, { 'db.system.name': 'postgresql', 'db.query.text': 'SELECT 2' });
meter.createCounter('jobs.runs').add(1, { 'job.ok': true, worker: 7 });
meter.createGauge('process.cpu.utilization').record(0.25, { 'cpu.mode': 'user' });

await provider.shutdown();
