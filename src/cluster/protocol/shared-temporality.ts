import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';

/**
 * How processes tell one another of a metric: what adds up over time as deltas, what is a state as its current value.
 * A state is replaced and can be taken back when its process dies; a delta is added once and stays.
 */
export function sharedTemporality(metric: {
  readonly dataPointType: DataPointType;
  readonly isMonotonic?: boolean;
}): AggregationTemporality {
  const isState =
    metric.dataPointType === DataPointType.GAUGE ||
    (metric.dataPointType === DataPointType.SUM && metric.isMonotonic !== true);
  return isState ? AggregationTemporality.CUMULATIVE : AggregationTemporality.DELTA;
}
