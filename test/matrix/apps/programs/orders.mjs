// An app that starts the SDK itself, as an ES module.
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';
import { time } from 'opentelemetry-exporter-statsd/instrument';

const provider = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: new StatsdExporter() })],
});
const meter = provider.getMeter('shop');
meter.createCounter('orders').add(3, { country: 'fi' });
await time(meter.createHistogram('work'), async () => {})();
await provider.shutdown();
