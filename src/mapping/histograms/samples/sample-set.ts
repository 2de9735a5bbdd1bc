// Samples with the bounds within which the sum adjustment may move them: see README.md for `tight` and `hull`.

import type { Distribution } from '../model/distribution.js';
import { type RankCursor, valueInBin } from '../model/rank-cursor.js';
import type { WeightedSamples } from './weights.js';

/** Room for the samples of a usual distribution. Larger arrays are not kept for the next one. */
const USUAL_ROOM = 512;

/**
 * Reused for every distribution. Arrays are sorted ascending, so moving every value by the same fraction of the way to
 * its bound keeps the values in order. Entries at or beyond `length` are stale.
 */
export class SampleSet {
  length = 0;
  values!: Float64Array;
  weights!: Float64Array;
  /** The bin that holds the sample's rank. */
  tightLow!: Float64Array;
  tightHigh!: Float64Array;
  /**
   * From the bin of the first observation that the sample stands for to the bin of the last one. Infinite for a
   * sample in a bin without a known end, and for the outermost sample if there is such a bin.
   */
  hullLow!: Float64Array;
  hullHigh!: Float64Array;
  /** All 1: the shares of samples on servers that ignore weights. */
  ones!: Float64Array;
  /** The observations that each sample stands for and its rank, as given to `add`. */
  #first!: Float64Array;
  #rank!: Float64Array;
  #end!: Float64Array;
  /** How many samples have their values already. */
  #placed = 0;
  /** By length: making a view takes longer than ten samples, and points have the same few lengths. */
  #views: (WeightedSamples | undefined)[] = [];

  constructor() {
    this.#allocate(USUAL_ROOM);
  }

  reset(maxSamples: number): void {
    this.length = 0;
    this.#placed = 0;
    const room = this.values.length;
    if (maxSamples > room || room > USUAL_ROOM) this.#allocate(Math.max(maxSamples, USUAL_ROOM));
  }

  /** Adds a sample that must not move. */
  pin(value: number, weight: number): void {
    const index = this.length++;
    this.values[index] = value;
    this.weights[index] = weight;
    this.tightLow[index] = this.tightHigh[index] = this.hullLow[index] = this.hullHigh[index] = value;
    this.#placed = this.length;
  }

  /**
   * Adds a sample at `rank` for the observations `first` (inclusive) to `end` (exclusive). `place` gives it its value.
   * Samples are added in ascending order; neighbours may share one observation.
   */
  add(weight: number, first: number, rank: number, end: number): void {
    const index = this.length++;
    this.weights[index] = weight;
    this.#first[index] = first;
    this.#rank[index] = rank;
    this.#end[index] = end;
  }

  /**
   * Gives the samples added since the last pin their values and bounds. The walk over bins is the cursor's, in local
   * variables: through its fields it takes half as long again.
   */
  place({ bins, floor, ceiling }: Distribution, { begins, sizes }: RankCursor): void {
    const { values, tightLow, tightHigh, hullLow, hullHigh, length } = this;
    const { lo, hi, logWidth } = bins;
    const firsts = this.#first;
    const ranks = this.#rank;
    const ends = this.#end;
    const lastBin = bins.length - 1;
    const openBelow = floor === -Infinity;
    const openAbove = ceiling === Infinity;
    let bin = 0;
    for (let index = this.#placed; index < length; index++) {
      const first = firsts[index]! + 0.5;
      while (first > begins[bin + 1]!) bin++;
      const firstBin = bin;
      const rank = ranks[index]!;
      while (rank > begins[bin + 1]!) bin++;
      const low = lo[bin]!;
      const high = hi[bin]!;
      values[index] = valueInBin(low, high, logWidth[bin]!, (rank - begins[bin]!) / sizes[bin]!);
      tightLow[index] = low;
      tightHigh[index] = high;
      const mayFall = openBelow && (bin === 0 || index === 0);
      const mayRise = openAbove && (bin === lastBin || index === length - 1);
      const last = ends[index]! - 0.5;
      while (last > begins[bin + 1]!) bin++;
      hullLow[index] = mayFall ? -Infinity : lo[firstBin]!;
      hullHigh[index] = mayRise ? Infinity : hi[bin]!;
    }
  }

  /** Views of the arrays, valid until the next `reset`. */
  result(): WeightedSamples {
    const { length } = this;
    let views = this.#views[length];
    if (views === undefined) {
      views = { values: this.values.subarray(0, length), weights: this.weights.subarray(0, length) };
      if (this.values.length === USUAL_ROOM) this.#views[length] = views;
    }
    return views;
  }

  #allocate(room: number): void {
    this.#views = [];
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
