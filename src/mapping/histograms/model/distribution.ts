// One model for explicit and exponential histogram points: non-empty bins in ascending order, and what is unknown
// stated as such. Nothing after this file depends on the kind of point.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import { withoutRoundingNoise } from '../../numbers/rounding-noise.js';
import { type UnitScale, unitScale } from '../../numbers/unit-scale.js';
import type { HistogramPoint } from '../histogram-point.js';
import { Bins, logWidthOf } from './bins.js';
import { type BucketBounds, BucketBoundsCache } from './bucket-bounds-cache.js';
import { ScaledBoundaries } from './scaled-boundaries.js';

export interface Totals {
  /** Observations in all buckets, at least 1. Differs from the point's own `count` in a malformed point. */
  readonly count: number;
  readonly sum: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface Distribution extends Totals {
  /** Ascending, never empty, each within [min, max] where those are known. */
  readonly bins: Bins;
  /** Lower bound of all observations; -Infinity where neither `min` nor a bucket bound gives one. */
  readonly floor: number;
  /** Upper bound of all observations; Infinity where neither `max` nor a bucket bound gives one. */
  readonly ceiling: number;
}

/** Reuses its memory: a distribution is valid until the next one is read. */
export class DistributionReader {
  readonly scaledBoundaries = new ScaledBoundaries();
  readonly #bins = new Bins();
  readonly #boundsCache = new BucketBoundsCache();
  #scale = unitScale(1);

  /** What `explicit` and `exponential` find besides bins, in less time. */
  totals({ kind, value }: HistogramPoint, factor: number): Totals | undefined {
    if (!(value.count > 0)) return undefined;
    const count = kind === 'explicit' ? totalOf(value.buckets.counts) : exponentialTotal(value);
    return totalsOf(count, value, this.scaleBy(factor));
  }

  /**
   * @param factor the unit conversion, such as 1000 from s to ms, applied to bounds, sum, min and max
   * @returns undefined when the point recorded nothing
   */
  explicit(value: Histogram, factor: number): Distribution | undefined {
    if (!(value.count > 0)) return undefined;
    const scale = this.scaleBy(factor);
    const { counts } = value.buckets;
    const boundaries = this.scaledBoundaries.of(value.buckets.boundaries, scale);
    const bins = this.#bins;
    bins.reset(Math.max(counts.length, 1));
    for (let bucket = 0; bucket < counts.length; bucket++) {
      const count = counts[bucket]!;
      if (!(count > 0)) continue;
      const lo = bucket === 0 ? -Infinity : boundaries[bucket - 1]!;
      const hi = boundaries[bucket] ?? Infinity;
      bins.add(lo, hi, count, 0);
    }
    return assemble(bins, value, scale);
  }

  /**
   * @param factor the unit conversion, such as 1000 from s to ms, applied to bounds, sum, min and max
   * @returns undefined when the point recorded nothing
   */
  exponential(value: ExponentialHistogram, factor: number): Distribution | undefined {
    // SDK 2.12: the delta of an observable instrument may have count 0 and filled buckets.
    if (!(value.count > 0)) return undefined;
    const scale = this.scaleBy(factor);
    const { negative, positive, zeroCount } = value;
    const bins = this.#bins;
    bins.reset(negative.bucketCounts.length + 1 + positive.bucketCounts.length);
    this.#addNegative(negative, value.scale, scale);
    if (zeroCount > 0) bins.add(0, 0, zeroCount, 0);
    this.#addPositive(positive, value.scale, scale);
    return assemble(bins, value, scale);
  }

  /** The bounds of positive exponential buckets, valid until the next call. */
  boundsOf(bucketScale: number, offset: number, buckets: number, scale: UnitScale): BucketBounds {
    return this.#boundsCache.of(bucketScale, offset, buckets, scale);
  }

  scaleBy(factor: number): UnitScale {
    if (this.#scale.factor !== factor) this.#scale = unitScale(factor);
    return this.#scale;
  }

  #addPositive(
    { offset, bucketCounts }: ExponentialHistogram['positive'],
    bucketScale: number,
    scale: UnitScale,
  ): void {
    const buckets = bucketCounts.length;
    if (buckets === 0) return;
    const { bounds, logWidths } = this.boundsOf(bucketScale, offset, buckets, scale);
    for (let bucket = 0; bucket < buckets; bucket++) {
      const count = bucketCounts[bucket]!;
      if (count > 0) this.#bins.add(bounds[bucket]!, bounds[bucket + 1]!, count, logWidths[bucket]!);
    }
  }

  /** Mirrored: the highest bucket holds the lowest values. */
  #addNegative(
    { offset, bucketCounts }: ExponentialHistogram['negative'],
    bucketScale: number,
    scale: UnitScale,
  ): void {
    const buckets = bucketCounts.length;
    if (buckets === 0) return;
    const { bounds } = this.boundsOf(bucketScale, offset, buckets, scale);
    for (let bucket = buckets - 1; bucket >= 0; bucket--) {
      const count = bucketCounts[bucket]!;
      if (!(count > 0)) continue;
      const lo = bounds[bucket]!;
      const hi = bounds[bucket + 1]!;
      this.#bins.add(-hi, -lo, count, lo > 0 ? logWidthOf(-hi, -lo) : 0);
    }
  }
}

type StatedTotals = Pick<Histogram, 'count' | 'sum' | 'min' | 'max'>;

function totalOf(counts: readonly number[]): number {
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) total += counts[bucket]!;
  return total;
}

/** In the order of bins, because counts may be fractions. */
function exponentialTotal({ negative, positive, zeroCount }: ExponentialHistogram): number {
  let total = 0;
  for (let bucket = negative.bucketCounts.length - 1; bucket >= 0; bucket--) {
    total += negative.bucketCounts[bucket]!;
  }
  total += zeroCount;
  for (let bucket = 0; bucket < positive.bucketCounts.length; bucket++) {
    total += positive.bucketCounts[bucket]!;
  }
  return total;
}

/** @param counted observations in all buckets; a producer may omit the buckets and keep the count */
export function totalsOf(counted: number, value: StatedTotals, scale: UnitScale): Totals {
  const count = counted > 0 ? counted : value.count;
  let min = known(value.min, scale);
  let max = known(value.max, scale);
  // Aggregators start with min = Infinity and max = -Infinity, and may report them.
  if (min !== undefined && max !== undefined && min > max) min = max = undefined;
  const sum = known(value.sum && withoutRoundingNoise(value.sum, count), scale);
  return { count, sum, min, max };
}

function assemble(bins: Bins, value: StatedTotals, scale: UnitScale): Distribution {
  let counted = 0;
  for (let index = 0; index < bins.length; index++) counted += bins.count[index]!;
  const { count, sum, min, max } = totalsOf(counted, value, scale);
  if (bins.length === 0) bins.add(-Infinity, Infinity, count, 0);
  if (min !== undefined) bins.clipBelow(min);
  if (max !== undefined) bins.clipAbove(max);
  const floor = bins.lo[0]!;
  const ceiling = bins.hi[bins.length - 1]!;
  closeOpenEnds(bins, sum === undefined ? 0 : sum / count);
  return { bins, count, sum, min, max, floor, ceiling };
}

function known(value: number | undefined, scale: UnitScale): number | undefined {
  if (value === undefined) return undefined;
  const scaled = scale.of(value);
  return Number.isFinite(scaled) ? scaled : undefined;
}

/**
 * A first bucket without `min` starts at 0, or counts as its upper bound if that is not positive. A last bucket
 * without `max` counts as its lower bound. Prometheus' histogram_quantile does the same.
 */
function closeOpenEnds({ lo, hi, length }: Bins, mean: number): void {
  const last = length - 1;
  if (lo[0] === -Infinity) lo[0] = hi[0] === Infinity ? mean : Math.min(hi[0]!, 0);
  if (hi[last] === Infinity) hi[last] = lo[last]!;
}
