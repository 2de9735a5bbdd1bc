// Samples under construction: each knows how far it may move to make the sum right without leaving the
// observations it stands for.

import type { Distribution } from '../model/distribution.js';
import type { RankCursor } from '../model/rank-cursor.js';
import type { WeightedSamples } from './weights.js';

/** What is kept for the next distribution, whatever its size: room for the samples of any usual one. */
const USUAL_ROOM = 512;

/**
 * Those of one distribution after the other, in the same memory. All arrays ascend, so a common step of every value
 * towards its bound keeps the values in order. Places from `length` on hold what was there before.
 */
export class SampleSet {
  length = 0;
  values!: Float64Array;
  weights!: Float64Array;
  /** Within these a sample stays in the cell that its rank falls into. */
  tightLow!: Float64Array;
  tightHigh!: Float64Array;
  /**
   * Within these it stays between the cells of the first and last observation it stands for. Infinite for a
   * sample in a cell without a known end, and for the outermost if there is such a cell.
   */
  hullLow!: Float64Array;
  hullHigh!: Float64Array;
  /** A share of 1 for each. */
  ones!: Float64Array;
  /** The observations that each stands for, and where among them it is: as given to `add`. */
  #first!: Float64Array;
  #rank!: Float64Array;
  #end!: Float64Array;
  /** How many have their values already. */
  #placed = 0;

  constructor() {
    this.#allocate(USUAL_ROOM);
  }

  begin(atMost: number): void {
    this.length = 0;
    this.#placed = 0;
    const room = this.values.length;
    if (atMost > room || room > USUAL_ROOM) this.#allocate(Math.max(atMost, USUAL_ROOM));
  }

  /** A sample that must not move. */
  pin(value: number, weight: number): void {
    const index = this.length++;
    this.values[index] = value;
    this.weights[index] = weight;
    this.tightLow[index] = this.tightHigh[index] = this.hullLow[index] = this.hullHigh[index] = value;
    this.#placed = this.length;
  }

  /**
   * The sample at `rank` for the observations numbered from `first` up to, but not including, `end`; it is yet to be
   * placed. Strata are added in ascending order; neighbours may share one observation.
   */
  add(weight: number, first: number, rank: number, end: number): void {
    const index = this.length++;
    this.weights[index] = weight;
    this.#first[index] = first;
    this.#rank[index] = rank;
    this.#end[index] = end;
  }

  /** Gives those that were added since the last pin their values and bounds. */
  place({ cells, floor, ceiling }: Distribution, cursor: RankCursor): void {
    const { values, tightLow, tightHigh, hullLow, hullHigh } = this;
    const { lo, hi } = cells;
    const openBelow = floor === -Infinity;
    const openAbove = ceiling === Infinity;
    for (let index = this.#placed; index < this.length; index++) {
      const firstCell = cursor.advanceTo(this.#first[index]! + 0.5);
      values[index] = cursor.valueAt(this.#rank[index]!);
      const { cell } = cursor;
      tightLow[index] = lo[cell]!;
      tightHigh[index] = hi[cell]!;
      const mayFall = openBelow && (cursor.isInFirstCell || index === 0);
      const mayRise = openAbove && (cursor.isInLastCell || index === this.length - 1);
      hullLow[index] = mayFall ? -Infinity : lo[firstCell]!;
      hullHigh[index] = mayRise ? Infinity : hi[cursor.advanceTo(this.#end[index]! - 0.5)]!;
    }
  }

  /** As they are now; good until the next distribution begins. */
  result(): WeightedSamples {
    return { values: this.values.subarray(0, this.length), weights: this.weights.subarray(0, this.length) };
  }

  #allocate(room: number): void {
    const array = (): Float64Array => new Float64Array(room);
    this.values = array();
    this.weights = array();
    this.tightLow = array();
    this.tightHigh = array();
    this.hullLow = array();
    this.hullHigh = array();
    this.ones = array().fill(1);
    this.#first = array();
    this.#rank = array();
    this.#end = array();
  }
}
