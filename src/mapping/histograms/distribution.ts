// One view of explicit and exponential histogram points: non-empty cells in ascending order, with every
// unknown spelled out, so that nothing after this file needs to know which kind of point it came from.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';

/** A range known to hold `count` observations. A cell of a single value has `lo === hi`. */
export interface Cell {
  readonly lo: number;
  readonly hi: number;
  readonly count: number;
  /** Where between `lo` and `hi` the observations are taken to be: evenly in log(value) rather than in value. */
  readonly logarithmic: boolean;
}

export interface Distribution {
  /** Ascending, never empty, each within [min, max] where those are known. */
  readonly cells: readonly Cell[];
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

/**
 * @param factor the unit conversion, such as 1000 from s to ms, applied to bounds, sum, min and max
 * @returns undefined when the point recorded nothing
 */
export function fromExplicitBuckets(value: Histogram, factor: number): Distribution | undefined {
  if (!(value.count > 0)) return undefined;
  const scale = scaling(factor);
  const { boundaries, counts } = value.buckets;
  const cells: MutableCell[] = [];
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket]!;
    if (!(count > 0)) continue;
    const lo = bucket === 0 ? -Infinity : boundaries[bucket - 1]!;
    const hi = boundaries[bucket] ?? Infinity;
    cells.push({ lo: scaledBound(lo, scale), hi: scaledBound(hi, scale), count, logarithmic: false });
  }
  return assemble(cells, value, scale);
}

/**
 * @param factor the unit conversion, such as 1000 from s to ms, applied to bounds, sum, min and max
 * @returns undefined when the point recorded nothing
 */
export function fromExponentialBuckets(
  value: ExponentialHistogram,
  factor: number,
): Distribution | undefined {
  // The count decides: an observed instrument's delta of SDK 2.12 may hold count 0 beside filled buckets.
  if (!(value.count > 0)) return undefined;
  const scale = scaling(factor);
  const cells = bucketCells(value.negative, value.scale, scale).map(mirrored).reverse();
  if (value.zeroCount > 0) cells.push({ lo: 0, hi: 0, count: value.zeroCount, logarithmic: false });
  cells.push(...bucketCells(value.positive, value.scale, scale));
  return assemble(cells, value, scale);
}

type MutableCell = { -readonly [K in keyof Cell]: Cell[K] };

function mirrored({ lo, hi, count, logarithmic }: Cell): MutableCell {
  return { lo: -hi, hi: -lo, count, logarithmic };
}

/** Bucket i covers (base^(offset + i), base^(offset + i + 1)] where base = 2^(2^-bucketScale). */
function bucketCells(
  { offset, bucketCounts }: ExponentialHistogram['positive'],
  bucketScale: number,
  scale: Scaling,
): MutableCell[] {
  const indexWidth = 2 ** -bucketScale;
  const bound = (bucket: number): number => scaledBound(powerOfTwo((offset + bucket) * indexWidth), scale);
  const base = 2 ** indexWidth;
  const cells: MutableCell[] = [];
  let lo = bound(0);
  for (let bucket = 0; bucket < bucketCounts.length; bucket++) {
    // A product is several times faster than a power. Its rounding errors are not left to add up.
    const product = lo * base;
    const isUsable = product > lo && product < Infinity && bucket % PRODUCTS_IN_A_ROW !== 0;
    const hi = isUsable ? product : bound(bucket + 1);
    const count = bucketCounts[bucket]!;
    if (count > 0) cells.push({ lo, hi, count, logarithmic: lo > 0 });
    lo = hi;
  }
  return cells;
}

const PRODUCTS_IN_A_ROW = 16;

/** Within what a double can say: at scale -10 the bounds around 1 are 2^-1024 and 2^1024. */
function powerOfTwo(exponent: number): number {
  // Aggregators put subnormal numbers into the bucket below the smallest normal one, so it reaches down to 0.
  return exponent < -1022 ? 0 : Math.min(2 ** exponent, Number.MAX_VALUE);
}

type Scaling = (value: number) => number;

/**
 * A factor such as 1e-6 has no exact double, while its inverse has: dividing keeps decimals that multiplying
 * would blur. Both are monotone, so bounds, min and max keep their order.
 */
function scaling(factor: number): Scaling {
  if (factor === 1) return (value) => value;
  const divisor = 1 / factor;
  if (factor < 1 && Number.isInteger(divisor)) return (value) => value / divisor;
  return (value) => value * factor;
}

/** An infinite bound means an open end, so a finite one must not become infinite by the unit conversion. */
function scaledBound(bound: number, scale: Scaling): number {
  if (!Number.isFinite(bound)) return bound;
  return Math.max(-Number.MAX_VALUE, Math.min(scale(bound), Number.MAX_VALUE));
}

function assemble(
  cells: MutableCell[],
  value: { readonly count: number; readonly sum?: number; readonly min?: number; readonly max?: number },
  scale: Scaling,
): Distribution {
  const sum = known(value.sum, scale);
  let min = known(value.min, scale);
  let max = known(value.max, scale);
  // What an aggregator holds before its first finite record: min = Infinity, max = -Infinity or worse.
  if (min !== undefined && max !== undefined && min > max) min = max = undefined;

  // Producers may leave out the buckets and keep the count.
  if (cells.length === 0) cells.push({ lo: -Infinity, hi: Infinity, count: value.count, logarithmic: false });
  let count = 0;
  for (const cell of cells) count += cell.count;

  if (min !== undefined) clipBelow(cells, min);
  if (max !== undefined) clipAbove(cells, max);
  const floor = cells[0]!.lo;
  const ceiling = cells[cells.length - 1]!.hi;
  closeOpenEnds(cells, sum === undefined ? 0 : sum / count);
  return { cells, count, sum, min, max, floor, ceiling };
}

function known(value: number | undefined, scale: Scaling): number | undefined {
  if (value === undefined) return undefined;
  const scaled = scale(value);
  return Number.isFinite(scaled) ? scaled : undefined;
}

/** The lowest cell then starts at `min` exactly; more than one cell is cut only in a contradictory point. */
function clipBelow(cells: MutableCell[], min: number): void {
  for (const cell of cells) {
    if (cell.lo >= min) break;
    cell.lo = min;
    cell.hi = Math.max(cell.hi, min);
  }
  const first = cells[0]!;
  first.lo = min;
  first.logarithmic &&= min > 0 || first.hi < 0;
}

/** The mirror image of clipBelow. */
function clipAbove(cells: MutableCell[], max: number): void {
  for (let index = cells.length - 1; index >= 0; index--) {
    const cell = cells[index]!;
    if (cell.hi <= max) break;
    cell.hi = max;
    cell.lo = Math.min(cell.lo, max);
  }
  const last = cells[cells.length - 1]!;
  last.hi = max;
  last.logarithmic &&= last.lo > 0 || max < 0;
}

/**
 * A first bucket without `min` starts at 0, or is taken to hold its bound if that is not positive; a last
 * bucket without `max` is taken to hold its lower bound. Prometheus' histogram_quantile does the same.
 */
function closeOpenEnds(cells: readonly MutableCell[], mean: number): void {
  const first = cells[0]!;
  const last = cells[cells.length - 1]!;
  if (first.lo === -Infinity) {
    if (first.hi === Infinity) first.lo = mean;
    else first.lo = Math.min(first.hi, 0);
  }
  if (last.hi === Infinity) last.hi = last.lo;
}
