// Divides observations into strata, one per weighted sample: a body of equal strata, finer ones towards the top.

import { roundHalfUp } from '../../numbers/rounding.js';

/**
 * Bounds of the tail strata in each decade, as the fraction of the topmost body stratum that is above the bound. The
 * strata between are centred on 0.2 and 0.1 of it: with 100 strata on p99.8 and p99.9, then p99.98 and p99.99.
 */
const TAIL_FRACTIONS = [0.35, 0.25, 0.15, 0.05];

/** Strata of the tail in each decade. */
export const TAIL_STRATA = TAIL_FRACTIONS.length;

/** More than any count of observations has. */
const MAX_DECADES = 20;

/** The ends of the strata of the body and of all decades of the tail, as fractions of the observations. */
export function strataFractions(strata: number): number[] {
  const body = Array.from({ length: strata }, (_, stratum) => bodyFraction(stratum, strata));
  const tail = Array.from({ length: MAX_DECADES }, (_, decade) =>
    TAIL_FRACTIONS.map((fraction) => tailFraction(fraction, decade, strata)),
  );
  return [...body, ...tail.flat()];
}

/** Shifted by half a stratum, so that the centres lie on the percentiles. */
function bodyFraction(stratum: number, strata: number): number {
  return (stratum + 0.5) / strata;
}

function tailFraction(fraction: number, decade: number, strata: number): number {
  return 1 - fraction / 10 ** decade / strata;
}

/** Reused for every distribution. */
export class StrataBounds {
  /** How many bounds there are: one more than strata. */
  length = 0;
  /** Strictly ascending from 0. Stratum i holds the observations bounds[i] (inclusive) to bounds[i + 1] (exclusive). */
  bounds = new Float64Array(256);

  /**
   * Divides observations 0 to `count` into `strata` of the body and the tail, which continues until the highest
   * stratum is a single observation.
   *
   * @param singleAtBottom whether the lowest stratum is a single observation, too: it stands for an unknown min
   */
  divide(count: number, strata: number, singleAtBottom: boolean): void {
    this.#divide(count, strata, tailDecades(count, strata), singleAtBottom);
  }

  /** The same into at most `limit` strata, body and tail together; the tail gets half of them at most. */
  divideInto(limit: number, count: number, singleAtBottom: boolean): void {
    const isSingle = singleAtBottom && limit > 2;
    // The shift of the body adds one stratum.
    const available = limit - 1 - (isSingle ? 1 : 0);
    let decades = Math.floor(available / (2 * TAIL_FRACTIONS.length));
    const bodyOf = (tail: number): number => available - tail * TAIL_FRACTIONS.length;
    decades = Math.min(decades, tailDecades(count, bodyOf(decades)));
    this.#divide(count, bodyOf(decades), decades, isSingle);
  }

  #divide(count: number, strata: number, decades: number, singleAtBottom: boolean): void {
    this.length = 0;
    this.#push(0);
    if (singleAtBottom) this.#addBound(1, count);
    for (let stratum = 0; stratum < strata; stratum++) {
      this.#addBound(roundHalfUp(bodyFraction(stratum, strata) * count), count);
    }
    for (let decade = 0; decade < decades; decade++) {
      for (const fraction of TAIL_FRACTIONS) {
        this.#addBound(roundHalfUp(tailFraction(fraction, decade, strata) * count), count);
      }
    }
    this.#addBound(count, count);
  }

  #addBound(rank: number, count: number): void {
    if (rank > this.bounds[this.length - 1]! && rank <= count) this.#push(rank);
  }

  #push(rank: number): void {
    if (this.length === this.bounds.length) {
      const larger = new Float64Array(2 * this.bounds.length);
      larger.set(this.bounds);
      this.bounds = larger;
    }
    this.bounds[this.length++] = rank;
  }
}

/** Decades of the tail until a part of the topmost stratum is less than one observation. */
export function tailDecades(count: number, strata: number): number {
  let decades = 0;
  while (strata > 0 && 10 ** decades * strata < count) decades += 1;
  return decades;
}
