import type { DataPoint } from '@opentelemetry/sdk-metrics';
import { writeGauge } from '../lines/write-line.js';
import type { MetricContext } from '../metric-context.js';

/** A gauge is its last value, whatever the temporality says. */
export function mapGauge({ attributes, value }: DataPoint<number>, context: MetricContext): void {
  if (!Number.isFinite(value)) return context.report.drop('non_finite', context.metric);
  writeGauge(context.series(attributes), context.scale.of(value), context);
}
