import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';

/** The text of `{type}` in templates, by the words of sprockets-statsd ("metric paths"). Histograms are timers. */
export type MetricType = 'counters' | 'gauges' | 'timers';

export function metricTypeOf(metric: MetricData): MetricType {
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      return metric.isMonotonic ? 'counters' : 'gauges';
    case DataPointType.GAUGE:
      return 'gauges';
    default:
      return 'timers';
  }
}
