// A histogram point as the few numbers that people look at.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import type { Distribution, DistributionReader } from '../mapping/histograms/model/distribution.js';
import { quantile } from '../mapping/histograms/model/quantile.js';

export type HistogramValue = Histogram | ExponentialHistogram;

/** Leaves out what the point does not know. */
export function histogramSummary(
  value: HistogramValue,
  percentiles: readonly number[],
  reader: DistributionReader,
): Record<string, number> {
  const { count, sum, min, max } = value;
  // The least and greatest of nothing are ±Infinity, which JSON does not know.
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
  // A single bucket tells nothing about where in it the values are.
  return value.buckets.boundaries.length > 0 ? reader.explicit(value, 1) : undefined;
}

/** As the exporter names them in `summary` mode: `p50`, `p99_9`. */
function keyOf(percentile: number): string {
  return `p${String(percentile).replace('.', '_')}`;
}
