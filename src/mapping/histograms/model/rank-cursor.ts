// The value at a rank. A cursor walks the bins once for ranks that never descend, so many ranks cost one pass.

import { exponential } from '../../numbers/exponential.js';
import { Bins } from './bins.js';
import type { Distribution } from './distribution.js';

const NO_BINS = new Bins();

/**
 * Ranks are continuous: observation j, counted from 0 in ascending order, sits at rank j + ½, so the whole
 * distribution spans [0, count].
 */
export class RankCursor {
  /** Index of the current bin. */
  bin = 0;
  /** The rank at which each bin begins, and an infinite one behind the last, so that no walk passes it. */
  begins = new Float64Array(1);
  /** Observations of each bin that have a rank. */
  sizes = new Float64Array(0);
  #bins = NO_BINS;

  constructor(distribution?: Pick<Distribution, 'bins'>, excludedFromFirst = 0, excludedFromLast = 0) {
    if (distribution !== undefined) this.reset(distribution, excludedFromFirst, excludedFromLast);
  }

  /**
   * Goes to the first bin of a distribution.
   *
   * @param excludedFromFirst observations of the lowest bin that get no rank, because a pinned sample stands for them
   * @param excludedFromLast the same for the highest bin
   */
  reset({ bins }: Pick<Distribution, 'bins'>, excludedFromFirst = 0, excludedFromLast = 0): void {
    const { count, length } = bins;
    if (length > this.sizes.length) {
      this.begins = new Float64Array(2 * length + 1);
      this.sizes = new Float64Array(2 * length);
    }
    this.bin = 0;
    this.#bins = bins;
    const { begins, sizes } = this;
    let begin = 0;
    for (let index = 0; index < length; index++) {
      let size = count[index]!;
      if (index === 0) size -= excludedFromFirst;
      if (index === length - 1) size -= excludedFromLast;
      begins[index] = begin;
      sizes[index] = size;
      begin += size;
    }
    begins[length] = Infinity;
  }

  /** Moves to the bin that holds `rank` and returns its index. A rank on the border of two bins is in the lower. */
  advanceTo(rank: number): number {
    while (rank > this.begins[this.bin + 1]!) this.bin++;
    return this.bin;
  }

  /** Moves as advanceTo does and returns the value at `rank`. */
  valueAt(rank: number): number {
    const index = this.advanceTo(rank);
    const { lo, hi, logWidth } = this.#bins;
    return valueInBin(
      lo[index]!,
      hi[index]!,
      logWidth[index]!,
      (rank - this.begins[index]!) / this.sizes[index]!,
    );
  }
}

/**
 * Interpolates linearly for explicit buckets, as Prometheus does, and log-uniformly for exponential ones.
 *
 * @param part of the bin's observations that are below the value; outside of 0 to 1 it counts as the nearer of these
 */
export function valueInBin(lo: number, hi: number, logWidth: number, part: number): number {
  if (lo === hi) return lo;
  const fraction = part > 0 ? Math.min(part, 1) : 0;
  return logWidth === 0
    ? interpolate(lo, hi, fraction)
    : clamp(lo * exponential(fraction * logWidth), lo, hi);
}

/** @param rank from 0 (the lowest possible value) to `count` (the highest) */
export function quantileAtRank(distribution: Distribution, rank: number): number {
  return new RankCursor(distribution).valueAt(rank);
}

/** @param q from 0 to 1: 0.99 for the 99th percentile */
export function quantile(distribution: Distribution, q: number): number {
  return quantileAtRank(distribution, q * distribution.count);
}

function interpolate(lo: number, hi: number, fraction: number): number {
  const width = hi - lo;
  // A width beyond the largest double would give Infinity or NaN.
  return clamp(width === Infinity ? lo * (1 - fraction) + hi * fraction : lo + width * fraction, lo, hi);
}

function clamp(value: number, lo: number, hi: number): number {
  return Math.min(Math.max(value, lo), hi);
}
