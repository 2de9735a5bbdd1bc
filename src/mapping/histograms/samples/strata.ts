// How observations are shared out among weighted samples: a body of equal strata and ever finer ones towards the top.

/**
 * Where the tail is cut within each decade of the topmost stratum, as a part of it still above the cut: the
 * strata between are centred on 0.2 and 0.1, which for 100 strata are p99.8 and p99.9, then p99.98 and p99.99.
 */
const TAIL_CUTS = [0.35, 0.25, 0.15, 0.05];

/** Those of one distribution after the other, in the same memory. */
export class StrataBounds {
  /** How many there are. */
  length = 0;
  /** Strictly ascending from 0; stratum i is of the observations from cut i up to, but not including, cut i + 1. */
  at = new Float64Array(256);

  /**
   * Up to `count`. The highest stratum is always a single observation, as the tail goes on until it is; the lowest
   * is one where that stands for an unknown min.
   *
   * @param strata of the body
   */
  begin(count: number, strata: number, aloneAtBottom: boolean): void {
    this.length = 0;
    this.#push(0);
    if (aloneAtBottom) this.#cut(1, count);
    // Half a stratum off, so that the centres, not the cuts, lie on the percentiles.
    for (let stratum = 0; stratum < strata; stratum++) {
      this.#cut(nearest(((stratum + 0.5) / strata) * count), count);
    }
    for (let decade = 1; decade * strata < count; decade *= 10) {
      for (const part of TAIL_CUTS) this.#cut(nearest((1 - part / decade / strata) * count), count);
    }
    this.#cut(count, count);
  }

  #cut(rank: number, count: number): void {
    if (rank > this.at[this.length - 1]! && rank <= count) this.#push(rank);
  }

  #push(rank: number): void {
    if (this.length === this.at.length) {
      const larger = new Float64Array(2 * this.at.length);
      larger.set(this.at);
      this.at = larger;
    }
    this.at[this.length++] = rank;
  }
}

/** The same as Math.round for any count there can be, without a branch that the processor can not foresee. */
function nearest(rank: number): number {
  return Math.floor(rank + 0.5);
}
