// Samples with the bounds within which the sum adjustment may move them: see README.md for `tight` and `hull`.

import { Bins } from '../model/bins.js';
import type { Distribution } from '../model/distribution.js';
import { RankCursor, valueInBin } from '../model/rank-cursor.js';
import type { WeightedSamples } from './weights.js';

/** Room for the samples of a usual distribution. Larger arrays are not kept for the next one. */
const USUAL_ROOM = 512;

/** Instead of the first observation of a sample that is pinned. */
const PINNED = -1;

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
  /** All 1: the shares of samples on servers that ignore weights. */
  ones!: Float64Array;
  /** Σ share·value and the room up and down to the tight bounds, of the samples up to `#summed`. */
  total = 0;
  roomUp = 0;
  roomDown = 0;
  #summed = 0;
  /** The observations that each sample stands for, and the bin of its rank. */
  #first!: Float64Array;
  #end!: Float64Array;
  #bin!: Int32Array;
  #bins = new Bins();
  /** Whether the first and the last bin have no known end. */
  #isOpenBelow = false;
  #isOpenAbove = false;
  readonly #cursor = new RankCursor();
  /** By length: making a view takes longer than ten samples, and points have the same few lengths. */
  #views: (WeightedSamples | undefined)[] = [];

  constructor() {
    this.#allocate(USUAL_ROOM);
  }

  /**
   * Begins with samples of another distribution.
   *
   * @param excludedFromFirst observations of the lowest bin that get no rank, because a pinned sample stands for them
   * @param excludedFromLast the same for the highest bin
   */
  reset(maxSamples: number, distribution: Distribution, excludedFromFirst = 0, excludedFromLast = 0): void {
    this.length = 0;
    this.forgetSums();
    this.#bins = distribution.bins;
    this.#isOpenBelow = distribution.floor === -Infinity;
    this.#isOpenAbove = distribution.ceiling === Infinity;
    this.#cursor.reset(distribution, excludedFromFirst, excludedFromLast);
    const room = this.values.length;
    if (maxSamples > room || room > USUAL_ROOM) this.#allocate(Math.max(maxSamples, USUAL_ROOM));
  }

  /** Adds a sample that must not move. */
  pin(value: number, weight: number): void {
    const index = this.length++;
    this.values[index] = value;
    this.weights[index] = weight;
    this.tightLow[index] = this.tightHigh[index] = value;
    this.#first[index] = PINNED;
  }

  /**
   * Adds a sample at `rank` for the observations `first` (inclusive) to `end` (exclusive). Samples are added in ascending
   * order; neighbours may share one observation.
   */
  add(weight: number, first: number, rank: number, end: number): void {
    const index = this.length++;
    this.weights[index] = weight;
    this.#first[index] = first;
    this.#end[index] = end;
    this.#place(index, rank, this.#cursor.advanceTo(rank));
  }

  /**
   * Adds a sample in the middle of each stratum, with its size as weight. Stratum i holds the observations bounds[i]
   * (inclusive) to bounds[i + 1] (exclusive).
   */
  addStrata(bounds: Float64Array, strata: number): void {
    // In local variables: V8 reads the fields of an object anew after each store into an array.
    const { values, weights, tightLow, tightHigh } = this;
    const { begins, sizes } = this.#cursor;
    const { lo, hi, logWidth } = this.#bins;
    const firsts = this.#first;
    const ends = this.#end;
    const binOf = this.#bin;
    this.sumUp(weights);
    let { total, roomUp, roomDown, length: index } = this;
    let { bin } = this.#cursor;
    let first = bounds[0]!;
    for (let stratum = 1; stratum <= strata; stratum++) {
      const end = bounds[stratum]!;
      const rank = (first + end) / 2;
      const weight = end - first;
      while (rank > begins[bin + 1]!) bin++;
      const low = lo[bin]!;
      const high = hi[bin]!;
      const value = valueInBin(low, high, logWidth[bin]!, (rank - begins[bin]!) / sizes[bin]!);
      values[index] = value;
      weights[index] = weight;
      tightLow[index] = low;
      tightHigh[index] = high;
      firsts[index] = first;
      ends[index] = end;
      binOf[index] = bin;
      // Summed up by the way: what is in registers need not be read again.
      total += value * weight;
      roomUp += weight * (high - value);
      roomDown += weight * (low - value);
      index += 1;
      first = end;
    }
    this.#cursor.bin = bin;
    this.length = index;
    this.#setSums(index, total, roomUp, roomDown);
  }

  /**
   * Adds the samples up to `size` in all, equally spaced in rank from the first of `count` observations to the last. Their
   * weights are as equal as integers can be.
   */
  addEqualRanks(size: number, count: number): void {
    const { values, weights, tightLow, tightHigh, ones } = this;
    const { begins, sizes } = this.#cursor;
    const { lo, hi, logWidth } = this.#bins;
    const firsts = this.#first;
    const ends = this.#end;
    const binOf = this.#bin;
    this.sumUp(ones);
    let { total, roomUp, roomDown } = this;
    let { bin } = this.#cursor;
    const top = size - 1;
    let from = (this.length * count) / size;
    for (let index = this.length; index < size; index++) {
      const to = ((index + 1) * count) / size;
      const first = Math.floor(from);
      const rank = (top === 0 ? 0.5 : index / top) * (count - 1) + 0.5;
      while (rank > begins[bin + 1]!) bin++;
      const low = lo[bin]!;
      const high = hi[bin]!;
      const value = valueInBin(low, high, logWidth[bin]!, (rank - begins[bin]!) / sizes[bin]!);
      values[index] = value;
      weights[index] = Math.floor(to) - first;
      tightLow[index] = low;
      tightHigh[index] = high;
      firsts[index] = first;
      ends[index] = Math.ceil(to);
      binOf[index] = bin;
      from = to;
      // All but the highest, which equalRanks moves.
      if (index === top) break;
      total += value;
      roomUp += high - value;
      roomDown += low - value;
    }
    this.length = size;
    this.#cursor.bin = bin;
    this.#setSums(top, total, roomUp, roomDown);
  }

  /** Sums up the samples that were added since the last call, each as often as its share says. */
  sumUp(shares: Float64Array): void {
    const { values, tightLow, tightHigh, length } = this;
    let { total, roomUp, roomDown } = this;
    for (let index = this.#summed; index < length; index++) {
      const value = values[index]!;
      const share = shares[index]!;
      total += value * share;
      roomUp += share * (Math.max(value, tightHigh[index]!) - value);
      roomDown += share * (Math.min(value, tightLow[index]!) - value);
    }
    this.#setSums(length, total, roomUp, roomDown);
  }

  /** To be called when samples have moved. */
  forgetSums(): void {
    this.#setSums(0, 0, 0, 0);
  }

  #setSums(summed: number, total: number, roomUp: number, roomDown: number): void {
    this.#summed = summed;
    this.total = total;
    this.roomUp = roomUp;
    this.roomDown = roomDown;
  }

  /**
   * The lower end of the bin of the first observation that a sample stands for. -Infinity for a sample in a bin without a
   * known end, and for the outermost sample if there is such a bin. Few samples need it.
   */
  hullLow(index: number): number {
    const first = this.#first[index]!;
    if (first === PINNED) return this.tightLow[index]!;
    let bin = this.#bin[index]!;
    if (this.#isOpenBelow && (bin === 0 || index === 0)) return -Infinity;
    const { begins } = this.#cursor;
    while (bin > 0 && !(begins[bin]! < first + 0.5)) bin--;
    return this.#bins.lo[bin]!;
  }

  /** The upper end of the bin of the last observation, in the same way. */
  hullHigh(index: number): number {
    if (this.#first[index] === PINNED) return this.tightHigh[index]!;
    let bin = this.#bin[index]!;
    const isOutermost = bin === this.#bins.length - 1 || index === this.length - 1;
    if (this.#isOpenAbove && isOutermost) return Infinity;
    const { begins } = this.#cursor;
    const last = this.#end[index]! - 0.5;
    while (last > begins[bin + 1]!) bin++;
    return this.#bins.hi[bin]!;
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

  #place(index: number, rank: number, bin: number): void {
    const { lo, hi, logWidth } = this.#bins;
    const { begins, sizes } = this.#cursor;
    const low = lo[bin]!;
    const high = hi[bin]!;
    this.values[index] = valueInBin(low, high, logWidth[bin]!, (rank - begins[bin]!) / sizes[bin]!);
    this.tightLow[index] = low;
    this.tightHigh[index] = high;
    this.#bin[index] = bin;
  }

  #allocate(room: number): void {
    this.#views = [];
    const array = (): Float64Array => new Float64Array(room);
    this.values = array();
    this.weights = array();
    this.tightLow = array();
    this.tightHigh = array();
    this.ones = array().fill(1);
    this.#first = array();
    this.#end = array();
    this.#bin = new Int32Array(room);
  }
}
