// The filled buckets of one histogram point as parallel arrays: allocating an object for each of a hundred bins
// would cost more than the work on them.

/** Bin i is a range that holds `count[i]` observations. Ascending. Reused for every distribution. */
export class Bins {
  length = 0;
  lo = new Float64Array(0);
  /** Equal to `lo` in a bin of a single value. */
  hi = new Float64Array(0);
  count = new Float64Array(0);
  /** log(hi / lo) where observations are assumed uniform in log(value); 0 where uniform in the value itself. */
  logWidth = new Float64Array(0);

  /** Removes all bins and makes room for `capacity` new ones. */
  reset(capacity: number): void {
    this.length = 0;
    if (capacity <= this.lo.length) return;
    this.lo = new Float64Array(capacity);
    this.hi = new Float64Array(capacity);
    this.count = new Float64Array(capacity);
    this.logWidth = new Float64Array(capacity);
  }

  add(lo: number, hi: number, count: number, logWidth: number): void {
    const index = this.length++;
    this.lo[index] = lo;
    this.hi[index] = hi;
    this.count[index] = count;
    this.logWidth[index] = logWidth;
  }

  /** Makes the lowest bin start at `min`. More than one bin is clipped only in a contradictory point. */
  clipBelow(min: number): void {
    const { lo, hi } = this;
    let index = 0;
    for (; index < this.length && lo[index]! < min; index++) {
      lo[index] = min;
      hi[index] = Math.max(hi[index]!, min);
      this.#updateLogWidth(index);
    }
    lo[0] = min;
    this.#updateLogWidth(0);
  }

  /** Makes the highest bin end at `max`. */
  clipAbove(max: number): void {
    const { lo, hi } = this;
    const last = this.length - 1;
    for (let index = last; index >= 0 && hi[index]! > max; index--) {
      hi[index] = max;
      lo[index] = Math.min(lo[index]!, max);
      this.#updateLogWidth(index);
    }
    hi[last] = max;
    this.#updateLogWidth(last);
  }

  /** A bin that has been widened to 0 or beyond is no longer logarithmic. */
  #updateLogWidth(index: number): void {
    if (this.logWidth[index] === 0) return;
    const lo = this.lo[index]!;
    const hi = this.hi[index]!;
    this.logWidth[index] = lo > 0 || hi < 0 ? logWidthOf(lo, hi) : 0;
  }
}

/** For a logarithmic bin. Not 0 even while the bin is a single value, because min or max may widen it again. */
export function logWidthOf(lo: number, hi: number): number {
  return logRatio(hi, lo) || Number.MIN_VALUE;
}

/** log(a / b) for two numbers of the same sign. Finite even where the ratio overflows. */
export function logRatio(a: number, b: number): number {
  return Math.log(Math.min(a / b, Number.MAX_VALUE));
}
