// Distinct users: each is sent as a member of a set, so that the server counts it once per flush, over all processes.
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';
import { createDistinctCounter } from 'opentelemetry-exporter-statsd/instrument';

const exporter = new StatsdExporter({
  endpoint: process.env.ENDPOINT ?? 'udp://127.0.0.1:8125',
  // For a counter that there is already.
  sets: { 'shop.buyers': 'user.id' },
});
const provider = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 })],
  // By default the SDK keeps 2,000 series of an instrument per export, so as many users.
  views: [{ instrumentName: 'shop.*', aggregationCardinalityLimit: 50_000 }],
});
const meter = provider.getMeter('shop');

const visitors = createDistinctCounter(meter, 'shop.visitors', { attribute: 'user.id' });
visitors.add('42', { country: 'fi' });
visitors.add('42', { country: 'fi' });
visitors.add('43', { country: 'se' });

// A text that a line cannot hold becomes its hash, and counts as the same user.
visitors.add('a|b', { country: 'fi' });

meter.createCounter('shop.buyers').add(1, { 'user.id': 42 });

await provider.shutdown();
