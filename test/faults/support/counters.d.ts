import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** One point of value 1 for each of the counters `line<first>`, `line<first + 1>` and so on. */
export function numberedCounters(count: number, first?: number): ResourceMetrics;

/** One counter and one gauge, of so many series each. */
export function seriesCollection(
  counters: number,
  count: number,
  gauges: number,
  level: number,
): ResourceMetrics;
