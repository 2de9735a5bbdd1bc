// What the tests of the three runners test.
const { MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics');
const { StatsdExporter } = require('opentelemetry-exporter-statsd');

exports.startShop = (endpoint) => {
  const exporter = new StatsdExporter({ endpoint });
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  const orders = provider.getMeter('shop').createCounter('orders');
  return { order: () => orders.add(1, { country: 'fi' }), close: () => provider.shutdown() };
};
