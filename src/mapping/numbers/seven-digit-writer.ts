// Numbers of at most seven significant digits, which most samples have, as bytes: the same text as formatNumber's.

import type { ByteText } from '../histograms/write/byte-buffer.js';
import { FOUR_DIGITS } from './number-writer.js';

const DIGITS = new DataView(FOUR_DIGITS.buffer);

const ZERO = 48;
const POINT = 46;
const MINUS = 45;

/** The least and the greatest decade that are written here. */
const LOWEST = -6;
const HIGHEST = 5;
/** Decimal places of a number of this many digits in the decade of 1. */
const PLACES_OF_ONES = 6;
/** Exact doubles, so that one rounded product or quotient is the nearest to the decimal. */
const POWERS_OF_TEN: readonly number[] = Array.from({ length: 14 }, (_, exponent) => Number(`1e${exponent}`));

export class FewDigits {
  /** Numbers come in ascending order, so that the decade of one is most often that of the next. */
  #decadeStart = 0;
  #decadeEnd = 0;
  #places = 0;
  #power = 1;

  /** Answers where it ends, and `at` if it takes more digits or is out of range. */
  write(values: Float64Array, index: number, { bytes, view }: ByteText, at: number): number {
    // From the array, for a double handed to a function as an argument may cost an allocation.
    const value = values[index]!;
    const size = Math.abs(value);
    if (!(size >= this.#decadeStart && size < this.#decadeEnd) && !this.#findDecade(size)) return at;
    const digits = (size * this.#power + 0.5) | 0;
    // There is at most one decimal of so few digits that reads back as the number: this, if any.
    if (digits / this.#power !== size) return at;
    if (value < 0) bytes[at++] = MINUS;
    if (this.#places <= PLACES_OF_ONES) {
      const pointAt = at + 1 + PLACES_OF_ONES - this.#places;
      writeSeven(digits, view, at + 1);
      for (; at < pointAt; at++) bytes[at] = bytes[at + 1]!;
      bytes[pointAt] = POINT;
      at = pointAt + this.#places + 1;
    } else {
      bytes[at++] = ZERO;
      bytes[at++] = POINT;
      for (let zero = PLACES_OF_ONES + 1; zero < this.#places; zero++) bytes[at++] = ZERO;
      writeSeven(digits, view, at);
      at += 7;
    }
    while (bytes[at - 1] === ZERO) at -= 1;
    if (bytes[at - 1] === POINT) at -= 1;
    return at;
  }

  #findDecade(size: number): boolean {
    for (let decade = LOWEST; decade <= HIGHEST; decade++) {
      const places = PLACES_OF_ONES - decade;
      const power = POWERS_OF_TEN[places]!;
      // In these decades no double lies between 10^decade and the quotient.
      if (size < 1e7 / power && size >= 1e6 / power) {
        this.#places = places;
        this.#power = power;
        this.#decadeStart = 1e6 / power;
        this.#decadeEnd = 1e7 / power;
        return true;
      }
    }
    return false;
  }
}

/** Three digits and four, each with one store: a fourth byte of the first is written over by the second. */
function writeSeven(digits: number, view: DataView, at: number): void {
  const upper = (digits / 10_000) | 0;
  view.setUint32(at, DIGITS.getUint32(4 * upper + 1, true), true);
  view.setUint32(at + 3, DIGITS.getUint32(4 * (digits - 10_000 * upper), true), true);
}
