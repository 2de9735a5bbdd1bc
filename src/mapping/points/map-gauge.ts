import type { DataPoint } from '@opentelemetry/sdk-metrics';
import type { MetricContext } from '../context.js';
import { writeGauge } from '../lines/lines.js';

/** A gauge is its last value, whatever the temporality says. */
export function mapGauge({ attributes, value }: DataPoint<number>, context: MetricContext): void {
  if (!Number.isFinite(value)) return context.report.drop('non_finite', context.metric);
  writeGauge(context.series(attributes), value, context);
}
