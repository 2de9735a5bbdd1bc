import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** How many data points a batch holds. */
export function countPoints({ scopeMetrics }: Pick<ResourceMetrics, 'scopeMetrics'>): number {
  let points = 0;
  for (const { metrics } of scopeMetrics) for (const { dataPoints } of metrics) points += dataPoints.length;
  return points;
}
