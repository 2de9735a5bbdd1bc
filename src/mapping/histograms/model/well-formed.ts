// Whether a point's buckets make sense. Producers of metrics may hand over anything, and what follows computes with
// counts and indexes: one that is no number would loop, or be written.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import type { HistogramPoint } from '../histogram-point.js';

/** Far beyond the scales -10 to 20 of the OpenTelemetry data model. */
const MAX_SCALE = 64;

/** Covers every exponent of a double at scale 20. */
const MAX_OFFSET = 2 ** 31;

/** Recordings that an integer of a double can hold. */
const MAX_COUNT = Number.MAX_SAFE_INTEGER;

export function isWellFormed(point: HistogramPoint): boolean {
  const { count, sum, min, max } = point.value;
  if (!isCount(count) || !isNumber(sum) || !isNumber(min) || !isNumber(max)) return false;
  return point.kind === 'explicit' ? isExplicit(point.value) : isExponential(point.value);
}

/** Infinite boundaries are allowed, at the ends. */
function isExplicit({ buckets: { boundaries, counts } }: Histogram): boolean {
  if (counts.length > boundaries.length + 1 || !areCounts(counts)) return false;
  for (let index = 0; index < boundaries.length; index++) {
    const bound = boundaries[index]!;
    if (typeof bound !== 'number' || !(index === 0 ? bound <= Infinity : bound > boundaries[index - 1]!))
      return false;
  }
  return true;
}

/** Whether the buckets can be added to others, or subtracted. */
export function isExponential({ scale, zeroCount, positive, negative }: ExponentialHistogram): boolean {
  return isBucketScale(scale) && isCount(zeroCount) && areBuckets(positive) && areBuckets(negative);
}

export function isBucketScale(scale: number): boolean {
  return Number.isInteger(scale) && Math.abs(scale) <= MAX_SCALE;
}

export function isOffset(offset: number): boolean {
  return Number.isInteger(offset) && Math.abs(offset) <= MAX_OFFSET;
}

function areBuckets({ offset, bucketCounts }: ExponentialHistogram['positive']): boolean {
  return isOffset(offset) && areCounts(bucketCounts);
}

function areCounts(values: readonly unknown[]): boolean {
  for (let index = 0; index < values.length; index++) {
    if (!isCount(values[index])) return false;
  }
  return true;
}

/** Fractions come from producers that sample. */
function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MAX_COUNT;
}

function isNumber(value: unknown): boolean {
  return value === undefined || typeof value === 'number';
}
