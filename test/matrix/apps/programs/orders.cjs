// An app that starts the SDK itself, as a CommonJS module.
const { MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics');
const { StatsdExporter } = require('opentelemetry-exporter-statsd');
const { time } = require('opentelemetry-exporter-statsd/instrument');

const provider = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: new StatsdExporter() })],
});
const meter = provider.getMeter('shop');
meter.createCounter('orders').add(3, { country: 'fi' });
time(meter.createHistogram('work'), async () => {})().then(() => provider.shutdown());
