// Walks the cells of a distribution once for ranks that never descend, so that many ranks cost one pass.

import type { Cell, Distribution } from './distribution.js';

/**
 * Ranks are continuous: observation number j, counted from 0 in ascending order, sits at rank j + ½, so the
 * whole distribution spans [0, count].
 */
export class CellCursor {
  readonly #cells: readonly Cell[];
  readonly #lastIndex: number;
  readonly #leftOutOfLast: number;
  #index = 0;
  /** Ranks below the current cell, and observations in it. */
  #before = 0;
  #count: number;
  /** log(hi / lo) of the current cell; undefined until a value in it is asked for. */
  #logWidth: number | undefined;

  /**
   * @param leftOutOfFirst observations of the lowest cell that have no rank here: those already spoken for
   * @param leftOutOfLast the same for the highest cell
   */
  constructor(distribution: Distribution, leftOutOfFirst = 0, leftOutOfLast = 0) {
    this.#cells = distribution.cells;
    this.#lastIndex = this.#cells.length - 1;
    this.#leftOutOfLast = leftOutOfLast;
    this.#count = this.#cells[0]!.count - leftOutOfFirst;
    if (this.#lastIndex === 0) this.#count -= leftOutOfLast;
  }

  get cell(): Cell {
    return this.#cells[this.#index]!;
  }

  get isInFirstCell(): boolean {
    return this.#index === 0;
  }

  get isInLastCell(): boolean {
    return this.#index === this.#lastIndex;
  }

  /** Moves to the cell that holds `rank`; a rank on the border of two belongs to the lower. */
  advanceTo(rank: number): Cell {
    while (rank > this.#before + this.#count && this.#index < this.#lastIndex) {
      this.#before += this.#count;
      this.#index++;
      this.#logWidth = undefined;
      this.#count = this.#cells[this.#index]!.count;
      if (this.#index === this.#lastIndex) this.#count -= this.#leftOutOfLast;
    }
    return this.#cells[this.#index]!;
  }

  /**
   * Moves as advanceTo does; the value there, by interpolation within the cell: linear, as Prometheus does it
   * for explicit buckets, or log-uniform where the buckets themselves are logarithmic.
   */
  valueAt(rank: number): number {
    const { lo, hi, logarithmic } = this.advanceTo(rank);
    if (lo === hi) return lo;
    const rankInCell = (rank - this.#before) / this.#count;
    const part = rankInCell > 0 ? Math.min(rankInCell, 1) : 0;
    if (!logarithmic) return between(lo, hi, part);
    this.#logWidth ??= logRatio(hi, lo);
    return clamp(lo * Math.exp(part * this.#logWidth), lo, hi);
  }
}

function between(lo: number, hi: number, part: number): number {
  const width = hi - lo;
  // A width beyond the largest double would turn into Infinity or NaN.
  return clamp(width === Infinity ? lo * (1 - part) + hi * part : lo + width * part, lo, hi);
}

/** log(a / b) for two numbers of the same sign; a ratio beyond the largest double stays finite. */
export function logRatio(a: number, b: number): number {
  return Math.log(Math.min(a / b, Number.MAX_VALUE));
}

function clamp(value: number, lo: number, hi: number): number {
  return Math.min(Math.max(value, lo), hi);
}
