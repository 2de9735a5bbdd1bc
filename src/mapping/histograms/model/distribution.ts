// One view of explicit and exponential histogram points: non-empty cells in ascending order, with every
// unknown spelled out, so that nothing after this file needs to know which kind of point it came from.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import { Bins, logWidthOf } from './bins.js';
import { BucketBounds } from './bucket-bounds-cache.js';
import { type Scaling, scaledBound, scaling } from './unit-scale.js';

export interface Distribution {
  /** Ascending, never empty, each within [min, max] where those are known. */
  readonly cells: Bins;
  /** The observations in all cells, at least 1. Differs from the point's own `count` in a malformed point. */
  readonly count: number;
  readonly sum: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** No observation is lower; -Infinity where neither `min` nor a bucket bound tells. */
  readonly floor: number;
  /** No observation is higher; Infinity where neither `max` nor a bucket bound tells. */
  readonly ceiling: number;
}

/** All its distributions are in the same memory, so that each is good until the next is read. */
export class DistributionReader {
  readonly #cells = new Bins();
  readonly #bounds = new BucketBounds();
  #scaling = scaling(1);

  /**
   * @param factor the unit conversion, such as 1000 from s to ms, applied to bounds, sum, min and max
   * @returns undefined when the point recorded nothing
   */
  explicit(value: Histogram, factor: number): Distribution | undefined {
    if (!(value.count > 0)) return undefined;
    const scale = this.#scalingBy(factor);
    const { boundaries, counts } = value.buckets;
    const cells = this.#cells;
    cells.begin(Math.max(counts.length, 1));
    for (let bucket = 0; bucket < counts.length; bucket++) {
      const count = counts[bucket]!;
      if (!(count > 0)) continue;
      const lo = bucket === 0 ? -Infinity : boundaries[bucket - 1]!;
      const hi = boundaries[bucket] ?? Infinity;
      cells.add(scaledBound(lo, scale), scaledBound(hi, scale), count, 0);
    }
    return assemble(cells, value, scale);
  }

  /**
   * @param factor the unit conversion, such as 1000 from s to ms, applied to bounds, sum, min and max
   * @returns undefined when the point recorded nothing
   */
  exponential(value: ExponentialHistogram, factor: number): Distribution | undefined {
    // The count decides: an observed instrument's delta of SDK 2.12 may hold count 0 beside filled buckets.
    if (!(value.count > 0)) return undefined;
    const scale = this.#scalingBy(factor);
    const { negative, positive, zeroCount } = value;
    const cells = this.#cells;
    cells.begin(negative.bucketCounts.length + 1 + positive.bucketCounts.length);
    this.#addNegative(negative, value.scale, scale);
    if (zeroCount > 0) cells.add(0, 0, zeroCount, 0);
    this.#addPositive(positive, value.scale, scale);
    return assemble(cells, value, scale);
  }

  #scalingBy(factor: number): Scaling {
    if (this.#scaling.factor !== factor) this.#scaling = scaling(factor);
    return this.#scaling;
  }

  #addPositive(
    { offset, bucketCounts }: ExponentialHistogram['positive'],
    bucketScale: number,
    scale: Scaling,
  ): void {
    const buckets = bucketCounts.length;
    if (buckets === 0) return;
    const { bounds, logWidths } = this.#bounds.of(bucketScale, offset, buckets, scale);
    for (let bucket = 0; bucket < buckets; bucket++) {
      const count = bucketCounts[bucket]!;
      if (count > 0) this.#cells.add(bounds[bucket]!, bounds[bucket + 1]!, count, logWidths[bucket]!);
    }
  }

  /** The mirror image: values of the highest bucket are the lowest. */
  #addNegative(
    { offset, bucketCounts }: ExponentialHistogram['negative'],
    bucketScale: number,
    scale: Scaling,
  ): void {
    const buckets = bucketCounts.length;
    if (buckets === 0) return;
    const { bounds } = this.#bounds.of(bucketScale, offset, buckets, scale);
    for (let bucket = buckets - 1; bucket >= 0; bucket--) {
      const count = bucketCounts[bucket]!;
      if (!(count > 0)) continue;
      const lo = bounds[bucket]!;
      const hi = bounds[bucket + 1]!;
      this.#cells.add(-hi, -lo, count, lo > 0 ? logWidthOf(-hi, -lo) : 0);
    }
  }
}

function assemble(
  cells: Bins,
  value: { readonly count: number; readonly sum?: number; readonly min?: number; readonly max?: number },
  scale: Scaling,
): Distribution {
  const sum = known(value.sum, scale);
  let min = known(value.min, scale);
  let max = known(value.max, scale);
  // What an aggregator holds before its first finite record: min = Infinity, max = -Infinity or worse.
  if (min !== undefined && max !== undefined && min > max) min = max = undefined;

  // Producers may leave out the buckets and keep the count.
  if (cells.length === 0) cells.add(-Infinity, Infinity, value.count, 0);
  let count = 0;
  for (let index = 0; index < cells.length; index++) count += cells.count[index]!;

  if (min !== undefined) cells.clipBelow(min);
  if (max !== undefined) cells.clipAbove(max);
  const floor = cells.lo[0]!;
  const ceiling = cells.hi[cells.length - 1]!;
  closeOpenEnds(cells, sum === undefined ? 0 : sum / count);
  return { cells, count, sum, min, max, floor, ceiling };
}

function known(value: number | undefined, scale: Scaling): number | undefined {
  if (value === undefined) return undefined;
  const scaled = scale.of(value);
  return Number.isFinite(scaled) ? scaled : undefined;
}

/**
 * A first bucket without `min` starts at 0, or is taken to hold its bound if that is not positive; a last
 * bucket without `max` is taken to hold its lower bound. Prometheus' histogram_quantile does the same.
 */
function closeOpenEnds({ lo, hi, length }: Bins, mean: number): void {
  const last = length - 1;
  if (lo[0] === -Infinity) lo[0] = hi[0] === Infinity ? mean : Math.min(hi[0]!, 0);
  if (hi[last] === Infinity) hi[last] = lo[last]!;
}
