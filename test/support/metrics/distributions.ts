// Distributions on their own, each in memory that no other uses.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import { type Distribution, DistributionReader } from '../../../src/mapping/histograms/model/distribution.js';

export function fromExplicitBuckets(value: Histogram, factor: number): Distribution | undefined {
  return new DistributionReader().explicit(value, factor);
}

export function fromExponentialBuckets(
  value: ExponentialHistogram,
  factor: number,
): Distribution | undefined {
  return new DistributionReader().exponential(value, factor);
}
