// Numbers of at most seven significant digits, which most samples are, as bytes: the same text as formatNumber's.

import { FOUR_DIGITS, MINUS, POINT, POWERS_OF_TEN, stripZeros, ZERO } from './digits.js';

// Constants of this module, because V8 looks up imported ones whenever they are used.
const zero = ZERO;
const point = POINT;

/** `0.00`, and `0000`, the first character in the lowest byte. */
const ZERO_POINT_ZEROS = 0x30_30_2e_30;
const ZEROS = 0x30_30_30_30;

/** The three digits of each number below 1000, in the same way. A table of 40 KB for four would not stay in the cache. */
const THREE_DIGITS = new Int32Array(1_000);
const fourDigits = new DataView(FOUR_DIGITS.buffer);
for (let number = 0; number < 1_000; number++) {
  THREE_DIGITS[number] = fourDigits.getInt32(4 * number, true) >>> 8;
}

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
    bytes[start] = mark;
    let at = start + 1;
    if (value < 0) bytes[at++] = MINUS;
    at = writeDigits(digits, decade + LOWEST + 1, bytes, view, at);
    lengths[index] = at - start;
  }
  return index;
}

/**
 * Writes seven digits, of which the first is no zero, without zeros at their end; returns where they end. Up to eight bytes
 * behind `at` and one behind the number may be written, too.
 *
 * @param wholeDigits how many of them precede the decimal point, at most six; below 0, how many zeros follow it
 */
export function writeDigits(
  digits: number,
  wholeDigits: number,
  bytes: Uint8Array,
  view: DataView,
  at: number,
): number {
  const upper = (digits / 10_000) | 0;
  const lower = (digits - Math.imul(upper, 10_000)) | 0;
  const middle = (lower / 10) | 0;
  const last = (lower - Math.imul(middle, 10)) | 0;
  const firstThree = THREE_DIGITS[upper]!;
  const lastFour = THREE_DIGITS[middle]! | ((last + zero) << 24);
  let end = (at + 8) | 0;
  if (wholeDigits > 3) {
    view.setInt32(at, firstThree, true);
    view.setInt32((at + 3) | 0, withPoint(lastFour, (wholeDigits - 3) | 0), true);
    bytes[(at + 7) | 0] = last + zero;
  } else if (wholeDigits > 0) {
    view.setInt32(at, withPoint(firstThree, wholeDigits), true);
    view.setInt32((at + 4) | 0, lastFour, true);
  } else {
    view.setInt32(at, ZERO_POINT_ZEROS, true);
    view.setInt32((at + 4) | 0, ZEROS, true);
    const start = (at + 2 - wholeDigits) | 0;
    view.setInt32(start, firstThree, true);
    view.setInt32((start + 3) | 0, lastFour, true);
    end = (start + 7) | 0;
  }
  return last === 0 ? stripZeros(bytes, end) : end;
}

/** The digits with a point behind the first one, two or three of them, in four bytes. */
function withPoint(digits: number, before: number): number {
  const bits = before << 3;
  const mask = ((1 << bits) - 1) | 0;
  return (digits & mask) | (point << bits) | ((digits & ~mask) << 8);
}
