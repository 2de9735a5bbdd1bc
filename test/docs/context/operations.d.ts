// What the fragments of docs/operations.md use and do not make.
import type { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { StatsdExporter } from '../../../src/index.js';

declare global {
  const provider: MeterProvider;
  const exporter: StatsdExporter;
}
