// One model for explicit and exponential histogram points: non-empty bins in ascending order, and what is unknown
// stated as such. Nothing after this file depends on the kind of point.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import { withoutRoundingNoise } from '../../numbers/rounding.js';
import { scaledBound, type UnitScale, unitScale } from '../../numbers/unit-scale.js';
import { Bins, logWidthOf } from './bins.js';
import { BucketBoundsCache } from './bucket-bounds-cache.js';

export interface Distribution {
  /** Ascending, never empty, each within [min, max] where those are known. */
  readonly bins: Bins;
  /** Observations in all bins, at least 1. Differs from the point's own `count` in a malformed point. */
  readonly count: number;
  readonly sum: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Lower bound of all observations; -Infinity where neither `min` nor a bucket bound gives one. */
  readonly floor: number;
  /** Upper bound of all observations; Infinity where neither `max` nor a bucket bound gives one. */
  readonly ceiling: number;
}

/** Reuses its memory: a distribution is valid until the next one is read. */
export class DistributionReader {
  readonly #bins = new Bins();
  readonly #boundsCache = new BucketBoundsCache();
  #scale = unitScale(1);
  #boundaries: readonly number[] = [];
  #boundariesFactor = 1;
  #scaled: readonly number[] = [];

  /**
   * @param factor the unit conversion, such as 1000 from s to ms, applied to bounds, sum, min and max
   * @returns undefined when the point recorded nothing
   */
  explicit(value: Histogram, factor: number): Distribution | undefined {
    if (!(value.count > 0)) return undefined;
    const scale = this.#scaleBy(factor);
    const { counts } = value.buckets;
    const boundaries = this.#scaledBoundaries(value.buckets.boundaries);
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
    const scale = this.#scaleBy(factor);
    const { negative, positive, zeroCount } = value;
    const bins = this.#bins;
    bins.reset(negative.bucketCounts.length + 1 + positive.bucketCounts.length);
    this.#addNegative(negative, value.scale, scale);
    if (zeroCount > 0) bins.add(0, 0, zeroCount, 0);
    this.#addPositive(positive, value.scale, scale);
    return assemble(bins, value, scale);
  }

  /** Decimals like the values recorded. All points of an instrument have the same array. */
  #scaledBoundaries(boundaries: readonly number[]): readonly number[] {
    if (this.#scale.factor === 1) return boundaries;
    if (this.#boundaries !== boundaries || this.#boundariesFactor !== this.#scale.factor) {
      this.#boundaries = boundaries;
      this.#boundariesFactor = this.#scale.factor;
      this.#scaled = boundaries.map((bound) => scaledBound(bound, this.#scale.of));
    }
    return this.#scaled;
  }

  #scaleBy(factor: number): UnitScale {
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
    const { bounds, logWidths } = this.#boundsCache.of(bucketScale, offset, buckets, scale);
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
    const { bounds } = this.#boundsCache.of(bucketScale, offset, buckets, scale);
    for (let bucket = buckets - 1; bucket >= 0; bucket--) {
      const count = bucketCounts[bucket]!;
      if (!(count > 0)) continue;
      const lo = bounds[bucket]!;
      const hi = bounds[bucket + 1]!;
      this.#bins.add(-hi, -lo, count, lo > 0 ? logWidthOf(-hi, -lo) : 0);
    }
  }
}

function assemble(
  bins: Bins,
  value: { readonly count: number; readonly sum?: number; readonly min?: number; readonly max?: number },
  scale: UnitScale,
): Distribution {
  let min = known(value.min, scale);
  let max = known(value.max, scale);
  // Aggregators start with min = Infinity and max = -Infinity, and may report them.
  if (min !== undefined && max !== undefined && min > max) min = max = undefined;

  // A producer may omit the buckets and keep the count.
  if (bins.length === 0) bins.add(-Infinity, Infinity, value.count, 0);
  let count = 0;
  for (let index = 0; index < bins.length; index++) count += bins.count[index]!;
  const sum = known(value.sum && withoutRoundingNoise(value.sum, count), scale);

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
