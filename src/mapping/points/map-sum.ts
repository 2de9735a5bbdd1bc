import { AggregationTemporality, type DataPoint } from '@opentelemetry/sdk-metrics';
import { writeCounter, writeGauge } from '../lines/write-line.js';
import type { MetricContext } from '../metric-context.js';
import { withoutRoundingNoise } from '../numbers/rounding-noise.js';

/**
 * A monotonic sum becomes a counter of what was added since the last export. A sum that can fall becomes a gauge of its
 * running total: `+n|g` would be wrong on servers whose gauges are absolute, and on all others after their restart.
 */
export function mapSum(
  point: DataPoint<number>,
  temporality: AggregationTemporality,
  isMonotonic: boolean,
  context: MetricContext,
): void {
  // A NaN in the running total would stay there for ever.
  if (!Number.isFinite(point.value)) return context.report.drop('non_finite', context.metric);
  const value = isMonotonic ? increase(point, temporality, context) : total(point, temporality, context);
  if (value === undefined) return context.report.drop('series_limit', context.metric);
  // A monotonic sum cannot fall. Some servers would subtract the value, others drop the line.
  if (isMonotonic && value < 0) return context.report.drop('unsupported', context.metric);

  const series = context.series(point.attributes);
  const write = isMonotonic ? writeCounter : writeGauge;
  // Before the conversion, which adds no noise and would hide whole numbers.
  write(series, context.scale.of(withoutRoundingNoise(value)), context);
}

/** Since the previous point of the series; undefined when it is not known. */
export function increase(
  point: DataPoint<number>,
  temporality: AggregationTemporality,
  { key, state }: MetricContext,
): number | undefined {
  if (temporality === AggregationTemporality.DELTA) return point.value;
  return state.growth(key(point.attributes), point);
}

function total(
  { attributes, value }: DataPoint<number>,
  temporality: AggregationTemporality,
  { key, state }: MetricContext,
): number | undefined {
  if (temporality === AggregationTemporality.CUMULATIVE) return value;
  return state.total(key(attributes), value);
}
