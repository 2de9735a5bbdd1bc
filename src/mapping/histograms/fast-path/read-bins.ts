// Buckets of a point to filled bins, with the checks that a point must pass for the fast path. The same bins as those of
// DistributionReader.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import type { UnitScale } from '../../numbers/unit-scale.js';
import { logWidthOf } from '../model/bins.js';
import type { DistributionReader } from '../model/distribution.js';
import { isBucketScale, isOffset } from '../model/well-formed.js';
import { BEGIN, HIGH, LOG_WIDTH, LOW, MAX_BINS, SIZE } from './arrays.js';

/** So many observations times a number of seven digits are an integer of a double. */
export const MAX_COUNT = 2 ** 29;

/** Instead of a number of bins. */
export const DECLINED = -1;

/** Sets `LOW`, `HIGH`, `LOG_WIDTH`, `SIZE` and `BEGIN`; returns how many bins there are. */
export function readExponential(
  { scale: bucketScale, zeroCount, positive, negative }: ExponentialHistogram,
  reader: DistributionReader,
  scale: UnitScale,
): number {
  const lows = LOW;
  const highs = HIGH;
  const widths = LOG_WIDTH;
  const sizes = SIZE;
  const begins = BEGIN;
  const { offset, bucketCounts } = positive;
  const buckets = bucketCounts.length;
  if (zeroCount !== 0 || negative.bucketCounts.length !== 0 || !(buckets > 0 && buckets < MAX_BINS))
    return DECLINED;
  if (!isBucketScale(bucketScale) || !isOffset(offset) || !isOffset(negative.offset)) return DECLINED;
  const { bounds, logWidths } = reader.boundsOf(bucketScale, offset, buckets, scale);
  let bins = 0;
  let begin = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const count = bucketCounts[bucket]!;
    if (count === 0) continue;
    // Also for a count that is no number.
    if (!(count > 0 && count < MAX_COUNT && count === (count | 0))) return DECLINED;
    lows[bins] = bounds[bucket]!;
    highs[bins] = bounds[bucket + 1]!;
    widths[bins] = logWidths[bucket]!;
    sizes[bins] = count;
    begins[bins] = begin;
    begin += count;
    bins += 1;
  }
  begins[bins] = begin;
  return bins > 0 ? bins : DECLINED;
}

/** The same of explicit buckets, which are well-formed. */
export function readExplicit({ buckets }: Histogram, reader: DistributionReader, scale: UnitScale): number {
  const { counts } = buckets;
  const boundaries = reader.scaledBoundaries.of(buckets.boundaries, scale);
  if (counts.length > MAX_BINS) return DECLINED;
  let bins = 0;
  let begin = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket]!;
    if (count === 0) continue;
    if (!(count < MAX_COUNT && count === (count | 0))) return DECLINED;
    LOW[bins] = bucket === 0 ? -Infinity : boundaries[bucket - 1]!;
    HIGH[bins] = boundaries[bucket] ?? Infinity;
    LOG_WIDTH[bins] = 0;
    SIZE[bins] = count;
    BEGIN[bins] = begin;
    begin += count;
    bins += 1;
  }
  BEGIN[bins] = begin;
  return bins > 0 ? bins : DECLINED;
}

/** Clips the outermost bins to `min` and `max`; false where others would have to be clipped, too. */
export function clip(bins: number, min: number, max: number): boolean {
  const last = bins - 1;
  if (last > 0 && (LOW[1]! < min || HIGH[last - 1]! > max)) return false;
  LOW[0] = min;
  HIGH[0] = Math.max(HIGH[0]!, min);
  HIGH[last] = max;
  LOW[last] = Math.min(LOW[last]!, max);
  updateLogWidth(0);
  if (last > 0) updateLogWidth(last);
  return true;
}

function updateLogWidth(bin: number): void {
  if (LOG_WIDTH[bin] === 0) return;
  const low = LOW[bin]!;
  LOG_WIDTH[bin] = low > 0 ? logWidthOf(low, HIGH[bin]!) : 0;
}
