// The filled buckets of one histogram point, side by side in arrays: an object for each of a hundred cells would
// cost more than what is done with them.

/** Cell i is a range known to hold `count[i]` observations. Ascending. */
export class Bins {
  length = 0;
  lo = new Float64Array(0);
  /** Equal to `lo` in a cell of a single value. */
  hi = new Float64Array(0);
  count = new Float64Array(0);
  /** log(hi / lo) where the observations are taken to lie evenly in log(value); 0 where evenly in the value. */
  logWidth = new Float64Array(0);

  /** Forgets all cells and makes room for so many. */
  begin(capacity: number): void {
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

  /** The lowest cell then starts at `min` exactly; more than one cell is cut only in a contradictory point. */
  clipBelow(min: number): void {
    const { lo, hi } = this;
    let index = 0;
    for (; index < this.length && lo[index]! < min; index++) {
      lo[index] = min;
      hi[index] = Math.max(hi[index]!, min);
      this.#measure(index);
    }
    lo[0] = min;
    this.#measure(0);
  }

  /** The mirror image of clipBelow. */
  clipAbove(max: number): void {
    const { lo, hi } = this;
    const last = this.length - 1;
    for (let index = last; index >= 0 && hi[index]! > max; index--) {
      hi[index] = max;
      lo[index] = Math.min(lo[index]!, max);
      this.#measure(index);
    }
    hi[last] = max;
    this.#measure(last);
  }

  /** A cell that has come to reach across 0 is logarithmic no more. */
  #measure(index: number): void {
    if (this.logWidth[index] === 0) return;
    const lo = this.lo[index]!;
    const hi = this.hi[index]!;
    this.logWidth[index] = lo > 0 || hi < 0 ? logWidthOf(lo, hi) : 0;
  }
}

/** That of a logarithmic cell. It is not 0 even while the cell is a single value: min or max may widen it again. */
export function logWidthOf(lo: number, hi: number): number {
  return logRatio(hi, lo) || Number.MIN_VALUE;
}

/** log(a / b) for two numbers of the same sign; a ratio beyond the largest double stays finite. */
export function logRatio(a: number, b: number): number {
  return Math.log(Math.min(a / b, Number.MAX_VALUE));
}
