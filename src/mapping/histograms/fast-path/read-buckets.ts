// The buckets of a point, empty ones included, with the checks that a point must pass for the fast path. The filled ones are
// the bins of DistributionReader.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import type { UnitScale } from '../../numbers/unit-scale.js';
import { logWidthOf } from '../model/bins.js';
import type { DistributionReader } from '../model/distribution.js';
import { isBucketScale, isOffset } from '../model/well-formed.js';
import { BEGINS, EDGES, LOG_WIDTHS, MAX_BUCKETS } from './arrays.js';

/** So many observations times a number of seven digits are an integer of a double. */
export const MAX_COUNT = 2 ** 29;

/** Instead of a number of buckets or samples. */
export const DECLINED = -1;

/** Sets `EDGES`, `LOG_WIDTHS` and `BEGINS`; returns how many buckets there are. */
export function readExponential(
  { scale: bucketScale, zeroCount, positive, negative }: ExponentialHistogram,
  reader: DistributionReader,
  scale: UnitScale,
): number {
  const { offset, bucketCounts } = positive;
  const buckets = bucketCounts.length;
  if (zeroCount !== 0 || negative.bucketCounts.length !== 0 || buckets > MAX_BUCKETS) return DECLINED;
  if (!isBucketScale(bucketScale) || !isOffset(offset) || !isOffset(negative.offset)) return DECLINED;
  const { bounds, logWidths } = reader.boundsOf(bucketScale, offset, buckets, scale);
  if (bounds.length > EDGES.length) return DECLINED;
  EDGES.set(bounds);
  LOG_WIDTHS.set(logWidths);
  return addCounts(bucketCounts);
}

/** The same of explicit buckets, which are well-formed. */
export function readExplicit({ buckets }: Histogram, reader: DistributionReader, scale: UnitScale): number {
  const { counts } = buckets;
  const boundaries = reader.scaledBoundaries.of(buckets.boundaries, scale);
  if (counts.length > MAX_BUCKETS) return DECLINED;
  // `clip` sets the first edge.
  for (let bucket = 0; bucket < counts.length; bucket++) EDGES[bucket + 1] = boundaries[bucket] ?? Infinity;
  LOG_WIDTHS.fill(0, 0, counts.length);
  return addCounts(counts);
}

function addCounts(counts: readonly number[]): number {
  const begins = BEGINS;
  const buckets = counts.length;
  let begin = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const count = counts[bucket]!;
    // Also for a count that is no number.
    const whole = count | 0;
    if (whole !== count || whole < 0) return DECLINED;
    begins[bucket] = begin;
    begin += whole;
  }
  begins[buckets] = begin;
  return begin > 0 && begin < MAX_COUNT ? buckets : DECLINED;
}

/** The first and the last bucket that is filled. */
export const FILLED = new Int32Array(2);
export const FIRST = 0;
export const LAST = 1;

/** Clips the outermost filled buckets to `min` and `max`, and sets `FILLED`; false for a point that contradicts itself. */
export function clip(buckets: number, min: number, max: number): boolean {
  const total = BEGINS[buckets]!;
  let first = 0;
  while (BEGINS[first + 1] === 0) first++;
  let last = buckets - 1;
  while (BEGINS[last] === total) last--;
  FILLED[FIRST] = first;
  FILLED[LAST] = last;
  if (first < last) {
    // Rounding errors of an edge may put a recorded 1 into the bucket below.
    if (EDGES[first + 1]! < min && !moveEdge(first + 1, min, first + 1)) return false;
    if (EDGES[last]! > max && !moveEdge(last, max, last - 1)) return false;
  }
  EDGES[first] = min;
  EDGES[last + 1] = max;
  updateLogWidth(first);
  if (first < last) updateLogWidth(last);
  return true;
}

/** Moves an edge into the next bucket; false where it passes that bucket. */
function moveEdge(edge: number, to: number, bucket: number): boolean {
  const otherEdge = EDGES[edge === bucket ? bucket + 1 : bucket]!;
  const isWithin = edge === bucket ? to <= otherEdge : to >= otherEdge;
  if (bucket === FILLED[FIRST] || bucket === FILLED[LAST] || !isWithin) return false;
  EDGES[edge] = to;
  updateLogWidth(bucket);
  return true;
}

function updateLogWidth(bucket: number): void {
  if (LOG_WIDTHS[bucket] === 0) return;
  const low = EDGES[bucket]!;
  LOG_WIDTHS[bucket] = low > 0 ? logWidthOf(low, EDGES[bucket + 1]!) : 0;
}
