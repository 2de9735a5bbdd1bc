// Samples under construction: each knows how far it may move to make the sum right without leaving the
// observations it stands for.

import { CellCursor } from './cell-cursor.js';
import type { Distribution } from './distribution.js';
import type { WeightedSamples } from './weights.js';

/** All arrays ascend, so a common step of every value towards its bound keeps the values in order. */
export class MovableSamples implements WeightedSamples {
  readonly values: Float64Array;
  readonly weights: Float64Array;
  /** Within these a sample stays in the cell that its rank falls into. */
  readonly tightLow: Float64Array;
  readonly tightHigh: Float64Array;
  /**
   * Within these it stays between the cells of the first and last observation it stands for. Infinite for a
   * sample in a cell without a known end, and for the outermost if there is such a cell.
   */
  readonly hullLow: Float64Array;
  readonly hullHigh: Float64Array;
  length = 0;
  readonly #cursor: CellCursor;
  readonly #openBelow: boolean;
  readonly #openAbove: boolean;

  constructor(distribution: Distribution, capacity: number, cursor = new CellCursor(distribution)) {
    // One allocation for all six: these few arrays would otherwise cost as much as the samples themselves.
    const bytes = capacity * Float64Array.BYTES_PER_ELEMENT;
    const memory = new ArrayBuffer(6 * bytes);
    this.values = new Float64Array(memory, 0, capacity);
    this.weights = new Float64Array(memory, bytes, capacity);
    this.tightLow = new Float64Array(memory, 2 * bytes, capacity);
    this.tightHigh = new Float64Array(memory, 3 * bytes, capacity);
    this.hullLow = new Float64Array(memory, 4 * bytes, capacity);
    this.hullHigh = new Float64Array(memory, 5 * bytes, capacity);
    this.#cursor = cursor;
    this.#openBelow = distribution.floor === -Infinity;
    this.#openAbove = distribution.ceiling === Infinity;
  }

  /** A sample that must not move. */
  pin(value: number, weight: number): void {
    const index = this.length++;
    this.values[index] = value;
    this.weights[index] = weight;
    this.tightLow[index] = this.tightHigh[index] = this.hullLow[index] = this.hullHigh[index] = value;
  }

  /**
   * The sample at `rank` for the observations numbered from `first` up to, but not including, `end`.
   * Strata are added in ascending order; neighbours may share one observation.
   */
  add(weight: number, first: number, rank: number, end: number): void {
    const cursor = this.#cursor;
    const index = this.length++;
    const firstCell = cursor.advanceTo(first + 0.5);
    this.weights[index] = weight;
    this.values[index] = cursor.valueAt(rank);
    this.tightLow[index] = cursor.cell.lo;
    this.tightHigh[index] = cursor.cell.hi;
    const mayFall = this.#openBelow && (cursor.isInFirstCell || index === 0);
    const mayRise = this.#openAbove && (cursor.isInLastCell || index === this.values.length - 1);
    this.hullLow[index] = mayFall ? -Infinity : firstCell.lo;
    this.hullHigh[index] = mayRise ? Infinity : cursor.advanceTo(end - 0.5).hi;
  }
}
