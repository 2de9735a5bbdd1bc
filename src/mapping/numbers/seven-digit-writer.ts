// Numbers of at most seven significant digits, which most samples are, as bytes: the same text as formatNumber's.

import { FOUR_DIGITS, insertPoint, MINUS, POINT, POWERS_OF_TEN, stripZeros, ZERO } from './digits.js';

const DIGITS = new DataView(FOUR_DIGITS.buffer);

/** The lowest and the highest decade that are written here. */
const LOWEST = -6;
const HIGHEST = 5;
/** Decimal places of a seven-digit number from 1 to 10. */
const PLACES_OF_ONES = 6;

/** Two views of one memory. */
export interface ByteTarget {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export class SevenDigitWriter {
  /** The decade of the previous number. Numbers come in ascending order, so it is mostly that of the next, too. */
  #decadeStart = 0;
  #decadeEnd = 0;
  #places = 0;
  #power = 1;

  /** Returns where the number ends, or `at` if it has more digits or is out of range. */
  write(values: Float64Array, index: number, { bytes, view }: ByteTarget, at: number): number {
    // Read from the array here: a double passed as an argument may be allocated on the heap.
    const value = values[index]!;
    const size = Math.abs(value);
    if (!(size >= this.#decadeStart && size < this.#decadeEnd) && !this.#findDecade(size)) return at;
    const digits = (size * this.#power + 0.5) | 0;
    // At most one decimal of seven digits reads back as this number: this one, if any.
    if (digits / this.#power !== size) return at;
    if (value < 0) bytes[at++] = MINUS;
    if (this.#places <= PLACES_OF_ONES) {
      writeSeven(digits, view, at + 1);
      insertPoint(bytes, at, at + 1 + PLACES_OF_ONES - this.#places);
      return stripZeros(bytes, at + 8);
    }
    bytes[at++] = ZERO;
    bytes[at++] = POINT;
    for (let zero = PLACES_OF_ONES + 1; zero < this.#places; zero++) bytes[at++] = ZERO;
    writeSeven(digits, view, at);
    return stripZeros(bytes, at + 7);
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

/** Three digits and four, each with one store: the second overwrites the fourth byte of the first. */
function writeSeven(digits: number, view: DataView, at: number): void {
  const upper = (digits / 10_000) | 0;
  view.setUint32(at, DIGITS.getUint32(4 * upper + 1, true), true);
  view.setUint32(at + 3, DIGITS.getUint32(4 * (digits - 10_000 * upper), true), true);
}
