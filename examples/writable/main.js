// StatsD lines into a stream of one's own: here the JSON log on standard output, from which a log shipper takes them.
import { Writable } from 'node:stream';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const log = new Writable({
  // Whole lines, up to 64 KiB of them; nothing further comes until `done` is called.
  write(chunk, _encoding, done) {
    for (const line of chunk.toString().trimEnd().split('\n')) {
      console.log(JSON.stringify({ logger: 'statsd', line }));
    }
    done();
  },
});

const exporter = new StatsdExporter({ stream: log, dialect: 'graphite' });
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
const provider = new MeterProvider({ readers: [reader] });

const meter = provider.getMeter('shop');
meter.createCounter('orders').add(3, { country: 'fi' });
meter.createGauge('temperature').record(-4.5);

await provider.shutdown();
