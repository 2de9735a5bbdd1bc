// The value at a rank. A cursor walks the bins once for ranks that never descend, so many ranks cost one pass.

import type { Bins } from './bins.js';
import type { Distribution } from './distribution.js';

/**
 * Ranks are continuous: observation j, counted from 0 in ascending order, sits at rank j + ½, so the whole
 * distribution spans [0, count].
 */
export class RankCursor {
  readonly #bins: Bins;
  readonly #lastIndex: number;
  readonly #excludedFromLast: number;
  #index = 0;
  /** Ranks below the current bin, and observations in it. */
  #before = 0;
  #count: number;

  /**
   * @param excludedFromFirst observations of the lowest bin that get no rank, because a pinned sample stands for them
   * @param excludedFromLast the same for the highest bin
   */
  constructor({ bins }: Pick<Distribution, 'bins'>, excludedFromFirst = 0, excludedFromLast = 0) {
    this.#bins = bins;
    this.#lastIndex = bins.length - 1;
    this.#excludedFromLast = excludedFromLast;
    this.#count = bins.count[0]! - excludedFromFirst;
    if (this.#lastIndex === 0) this.#count -= excludedFromLast;
  }

  /** Index of the current bin. */
  get bin(): number {
    return this.#index;
  }

  get isInFirstBin(): boolean {
    return this.#index === 0;
  }

  get isInLastBin(): boolean {
    return this.#index === this.#lastIndex;
  }

  /** Moves to the bin that holds `rank` and returns its index. A rank on the border of two bins is in the lower. */
  advanceTo(rank: number): number {
    while (rank > this.#before + this.#count && this.#index < this.#lastIndex) {
      this.#before += this.#count;
      this.#index++;
      this.#count = this.#bins.count[this.#index]!;
      if (this.#index === this.#lastIndex) this.#count -= this.#excludedFromLast;
    }
    return this.#index;
  }

  /**
   * Moves as advanceTo does and returns the value at `rank`, interpolated within the bin: linearly for explicit
   * buckets, as Prometheus does, and log-uniformly for exponential ones.
   */
  valueAt(rank: number): number {
    const index = this.advanceTo(rank);
    const lo = this.#bins.lo[index]!;
    const hi = this.#bins.hi[index]!;
    if (lo === hi) return lo;
    const rankInBin = (rank - this.#before) / this.#count;
    const fraction = rankInBin > 0 ? Math.min(rankInBin, 1) : 0;
    const logWidth = this.#bins.logWidth[index]!;
    return logWidth === 0 ? interpolate(lo, hi, fraction) : clamp(lo * Math.exp(fraction * logWidth), lo, hi);
  }
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
