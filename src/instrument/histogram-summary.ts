// Summary statistics of a histogram point.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import type { Distribution, DistributionReader } from '../mapping/histograms/model/distribution.js';
import { quantile } from '../mapping/histograms/model/rank-cursor.js';

export type HistogramValue = Histogram | ExponentialHistogram;

/** Omits statistics that the point does not have. */
export function histogramSummary(
  value: HistogramValue,
  percentiles: readonly number[],
  reader: DistributionReader,
): Record<string, number> {
  const { count, sum, min, max } = value;
  // Minimum and maximum of no values are ±Infinity, which JSON cannot represent.
  if (!(count > 0)) return { count: 0 };
  return {
    count,
    ...(sum !== undefined && { sum }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(sum !== undefined && { mean: sum / count }),
    ...percentileEstimates(value, percentiles, reader),
  };
}

function percentileEstimates(
  value: HistogramValue,
  percentiles: readonly number[],
  reader: DistributionReader,
): Record<string, number> {
  const distribution = distributionOf(value, reader);
  if (distribution === undefined) return {};
  return Object.fromEntries(
    percentiles.map((percentile) => [keyOf(percentile), quantile(distribution, percentile / 100)]),
  );
}

function distributionOf(value: HistogramValue, reader: DistributionReader): Distribution | undefined {
  if (!('buckets' in value)) return reader.exponential(value, 1);
  // A single bucket does not bound the values it holds.
  return value.buckets.boundaries.length > 0 ? reader.explicit(value, 1) : undefined;
}

/** The names of the exporter's `summary` mode: `p50`, `p99_9`. */
function keyOf(percentile: number): string {
  return `p${String(percentile).replace('.', '_')}`;
}
