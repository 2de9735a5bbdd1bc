// What is still true of a point in which an infinite value was recorded. Explicit buckets count it in the outermost bucket.
// Exponential buckets of the SDK before 2.10 lose their resolution, because all have to fit into the largest range.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import type { HistogramPoint } from '../histogram-point.js';

type Totals = Pick<Histogram, 'sum' | 'min' | 'max'>;

/** False for a point in which an infinite value was recorded, and for one whose sum overflowed. */
export function isFinitePoint({ sum, min, max }: Totals): boolean {
  return (sum === undefined || Number.isFinite(sum)) && max !== Infinity && min !== -Infinity;
}

/** The point without the buckets that may hold infinite values, and without its sum; undefined if nothing is left. */
export function finitePart(point: HistogramPoint): HistogramPoint | undefined {
  const { isLow, isHigh } = infinities(point.value);
  const extremes = finiteExtremes(point);
  if (point.kind === 'exponential') {
    if (isLow || isHigh) return undefined;
    return { ...point, value: { ...withoutSum(point.value), ...extremes } };
  }
  const { boundaries, counts } = point.value.buckets;
  const kept = counts.map((count, bucket) => {
    const isOutermost = (isLow && bucket === 0) || (isHigh && (boundaries[bucket] ?? Infinity) === Infinity);
    return isOutermost ? 0 : count;
  });
  const count = isLow || isHigh ? kept.reduce((total, each) => total + each, 0) : point.value.count;
  if (count === 0) return undefined;
  return { ...point, value: { buckets: { boundaries, counts: kept }, count, ...extremes } };
}

export function finiteExtremes({ value }: HistogramPoint): { min?: number; max?: number } {
  const { min, max } = value;
  return {
    ...(min !== undefined && Number.isFinite(min) && { min }),
    ...(max !== undefined && Number.isFinite(max) && { max }),
  };
}

/** Which of them were recorded. Without min and max, the sum alone tells; NaN is the sum of both. */
function infinities({ sum, min, max }: Totals): { readonly isLow: boolean; readonly isHigh: boolean } {
  // Aggregators that recorded nothing have min = Infinity and max = -Infinity.
  const areKnown = min !== undefined && max !== undefined && min <= max;
  if (areKnown) return { isLow: min === -Infinity, isHigh: max === Infinity };
  const isBoth = Number.isNaN(sum);
  return { isLow: isBoth || sum === -Infinity, isHigh: isBoth || sum === Infinity };
}

function withoutSum({ sum, min, max, ...value }: ExponentialHistogram): ExponentialHistogram {
  return value;
}
