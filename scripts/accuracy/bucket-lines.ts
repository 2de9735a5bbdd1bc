// The obvious but wrong lines, for comparison: one per bucket, its middle as the value and 1/count as the rate.

import { DataPointType, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Distribution } from '../../src/mapping/histograms/model/distribution.js';
import { formatNumber } from '../../src/mapping/numbers/format-number.js';
import type { Group } from '../../test/support/mapping.js';
import { plain } from '../../test/support/metrics/bins.js';
import { fromExplicitBuckets, fromExponentialBuckets } from '../../test/support/metrics/distributions.js';

export function bucketLines(batch: ResourceMetrics, type: string): Group[] {
  const metric = batch.scopeMetrics[0]!.metrics[0]!;
  return plain(distributionOf(metric)!).bins.map(({ lo, hi, count }) => ({
    text: `${metric.descriptor.name}:${formatNumber((lo + hi) / 2)}|${type}|@${formatNumber(1 / count)}\n`,
    lines: 1,
    kind: 'additive',
  }));
}

function distributionOf(
  metric: ResourceMetrics['scopeMetrics'][number]['metrics'][number],
): Distribution | undefined {
  switch (metric.dataPointType) {
    case DataPointType.HISTOGRAM:
      return fromExplicitBuckets(metric.dataPoints[0]!.value, 1);
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return fromExponentialBuckets(metric.dataPoints[0]!.value, 1);
    default:
      throw new TypeError('not a histogram');
  }
}
