// Walks the cells of a distribution once for ranks that never descend, so that many ranks cost one pass.

import type { Bins } from './bins.js';
import type { Distribution } from './distribution.js';

/**
 * Ranks are continuous: observation number j, counted from 0 in ascending order, sits at rank j + ½, so the
 * whole distribution spans [0, count].
 */
export class RankCursor {
  readonly #cells: Bins;
  readonly #lastIndex: number;
  readonly #leftOutOfLast: number;
  #index = 0;
  /** Ranks below the current cell, and observations in it. */
  #before = 0;
  #count: number;

  /**
   * @param leftOutOfFirst observations of the lowest cell that have no rank here: those already spoken for
   * @param leftOutOfLast the same for the highest cell
   */
  constructor({ cells }: Pick<Distribution, 'cells'>, leftOutOfFirst = 0, leftOutOfLast = 0) {
    this.#cells = cells;
    this.#lastIndex = cells.length - 1;
    this.#leftOutOfLast = leftOutOfLast;
    this.#count = cells.count[0]! - leftOutOfFirst;
    if (this.#lastIndex === 0) this.#count -= leftOutOfLast;
  }

  /** The index of the cell it is in. */
  get cell(): number {
    return this.#index;
  }

  get isInFirstCell(): boolean {
    return this.#index === 0;
  }

  get isInLastCell(): boolean {
    return this.#index === this.#lastIndex;
  }

  /** Moves to the cell that holds `rank`, and answers its index; a rank on the border of two belongs to the lower. */
  advanceTo(rank: number): number {
    while (rank > this.#before + this.#count && this.#index < this.#lastIndex) {
      this.#before += this.#count;
      this.#index++;
      this.#count = this.#cells.count[this.#index]!;
      if (this.#index === this.#lastIndex) this.#count -= this.#leftOutOfLast;
    }
    return this.#index;
  }

  /**
   * Moves as advanceTo does; the value there, by interpolation within the cell: linear, as Prometheus does it
   * for explicit buckets, or log-uniform where the buckets themselves are logarithmic.
   */
  valueAt(rank: number): number {
    const index = this.advanceTo(rank);
    const lo = this.#cells.lo[index]!;
    const hi = this.#cells.hi[index]!;
    if (lo === hi) return lo;
    const rankInCell = (rank - this.#before) / this.#count;
    const part = rankInCell > 0 ? Math.min(rankInCell, 1) : 0;
    const logWidth = this.#cells.logWidth[index]!;
    return logWidth === 0 ? between(lo, hi, part) : clamp(lo * Math.exp(part * logWidth), lo, hi);
  }
}

function between(lo: number, hi: number, part: number): number {
  const width = hi - lo;
  // A width beyond the largest double would turn into Infinity or NaN.
  return clamp(width === Infinity ? lo * (1 - part) + hi * part : lo + width * part, lo, hi);
}

function clamp(value: number, lo: number, hi: number): number {
  return Math.min(Math.max(value, lo), hi);
}
