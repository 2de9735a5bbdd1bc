// Numbers of at most seven significant digits, which most samples are, as bytes: the same text as formatNumber's.

import { FOUR_DIGITS, MINUS, POINT, POWERS_OF_TEN, stripZeros, ZERO } from './digits.js';

const DIGITS = new DataView(FOUR_DIGITS.buffer);

/** The lowest and the highest decade that are written here. */
const LOWEST = -6;
const HIGHEST = 5;
/** Decimal places of a seven-digit number from 1 to 10. */
const PLACES_OF_ONES = 6;

/** For each decade from LOWEST: 10 to the number of decimal places, and its bounds. */
const POWERS = Float64Array.from(
  { length: HIGHEST - LOWEST + 1 },
  (_, index) => POWERS_OF_TEN[PLACES_OF_ONES - LOWEST - index]!,
);
// In these decades no double lies between 10^decade and the quotient.
const STARTS = POWERS.map((power) => 1e6 / power);
const ENDS = POWERS.map((power) => 1e7 / power);
const LAST = HIGHEST - LOWEST;

/** Two views of one memory. */
export interface ByteTarget {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * Slots of equal size for numbers with a mark before each. A number of seven digits takes 16 bytes with its mark: a sign,
 * `0.00000` and the digits.
 */
export interface NumberSlots extends ByteTarget {
  readonly slotBytes: number;
  /** The ASCII code of the mark. */
  readonly mark: number;
  /** The length of each text with its mark. */
  readonly lengths: Int16Array;
}

/**
 * Writes the numbers from `index` on, each into its slot and up to one byte behind it, until one has more digits or is out
 * of range; returns the index of that one. One loop with local variables: a call for each number takes a third longer.
 */
export function writeSevenDigits(
  values: Float64Array,
  index: number,
  { bytes, view, slotBytes, mark, lengths }: NumberSlots,
): number {
  // Numbers come in ascending order, so the decade of one is mostly that of the next.
  let decade = 0;
  for (; index < values.length; index++) {
    const value = values[index]!;
    const size = Math.abs(value);
    if (!(size >= STARTS[decade]! && size < ENDS[decade]!)) {
      decade = 0;
      while (decade < LAST && !(size < ENDS[decade]!)) decade++;
      if (!(size >= STARTS[decade]! && size < ENDS[decade]!)) return index;
    }
    const power = POWERS[decade]!;
    const digits = (size * power + 0.5) | 0;
    // At most one decimal of seven digits reads back as this number: this one, if any.
    if (digits / power !== size) return index;
    const start = index * slotBytes;
    let at = start + 1;
    bytes[start] = mark;
    if (value < 0) bytes[at++] = MINUS;
    const upper = (digits / 10_000) | 0;
    const lower = DIGITS.getInt32(4 * (digits - 10_000 * upper), true);
    // The first three digits: the four of a number below 1000 begin with a zero.
    const three = DIGITS.getInt32(4 * upper, true) >>> 8;
    const wholeDigits = decade + LOWEST + 1;
    if (wholeDigits <= 0) {
      bytes[at++] = ZERO;
      bytes[at++] = POINT;
      for (let zero = wholeDigits; zero < 0; zero++) bytes[at++] = ZERO;
      view.setInt32(at, three, true);
      view.setInt32(at + 3, lower, true);
      at += 7;
    } else if (wholeDigits <= 3) {
      view.setInt32(at, withPoint(three, wholeDigits), true);
      view.setInt32(at + 4, lower, true);
      at += 8;
    } else {
      view.setInt32(at, three, true);
      view.setInt32(at + 3, withPoint(lower, wholeDigits - 3), true);
      bytes[at + 7] = lower >>> 24;
      at += 8;
    }
    if (lower >>> 24 === ZERO) at = stripZeros(bytes, at);
    lengths[index] = at - start;
  }
  return index;
}

/** The digits with a point behind the first one, two or three of them, in four bytes. */
function withPoint(digits: number, before: number): number {
  const bits = 8 * before;
  const mask = (1 << bits) - 1;
  return (digits & mask) | (POINT << bits) | ((digits & ~mask) << 8);
}
