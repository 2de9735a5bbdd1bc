// An app that starts the SDK itself, in TypeScript.
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter, type StatsdExporterOptions } from 'opentelemetry-exporter-statsd';
import { time } from 'opentelemetry-exporter-statsd/instrument';

const options: StatsdExporterOptions = {};
const provider: MeterProvider = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: new StatsdExporter(options) })],
});
const meter = provider.getMeter('shop');
meter.createCounter('orders').add(3, { country: 'fi' });
const work: () => Promise<void> = time(meter.createHistogram('work'), async () => {});
void work().then(() => provider.shutdown());
