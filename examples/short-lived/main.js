// A script that records and ends, by itself or by a signal: flushOn delivers what it recorded. A script that calls
// process.exit() has to await provider.shutdown() before.
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  endpoint: process.env.ENDPOINT ?? 'tcp://127.0.0.1:8125',
  prefix: 'jobs.import',
  flushOn: { events: ['beforeExit', 'SIGTERM', 'SIGINT'], collect: () => provider.forceFlush() },
});
const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });

const rows = provider.getMeter('import').createCounter('rows');
for (const row of ['a;1', 'b;2', 'broken', 'c;3']) {
  rows.add(1, { ok: row.includes(';') });
}
