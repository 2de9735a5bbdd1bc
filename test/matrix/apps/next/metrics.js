import { metrics } from '@opentelemetry/api';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter();
const reader = new PeriodicExportingMetricReader({
  exporter,
  exportIntervalMillis: 500,
  exportTimeoutMillis: 500,
});
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
