// Over TLS to a server with a certificate of the company's own authority. A line is let go of only when the server has
// read it and closed the connection.
import { readFileSync } from 'node:fs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  endpoint: process.env.ENDPOINT ?? 'tls://statsd.example:8125',
  tls: { ca: readFileSync(process.env.CA_FILE ?? '/etc/ssl/certs/company-ca.pem') },
});
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
const provider = new MeterProvider({ readers: [reader] });

provider.getMeter('shop').createCounter('orders').add(3, { country: 'fi' });
await provider.shutdown();

const { offeredLines, confirmedLines } = exporter.stats();
console.log(`${confirmedLines} of ${offeredLines} lines confirmed by the server`);
