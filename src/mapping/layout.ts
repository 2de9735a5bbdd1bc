// The layout of sprockets-statsd: names sorted by kind.

import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';

/** `[prefix.]counters.path`, `gauges.path` or `timers.path` (sprockets-statsd, "metric paths"). */
export function layoutSegment(metric: MetricData): string {
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      return metric.isMonotonic ? 'counters' : 'gauges';
    case DataPointType.GAUGE:
      return 'gauges';
    default:
      return 'timers';
  }
}
