// Numbers as bytes, the same text as formatNumber's.

import { FOUR_DIGITS, insertPoint, MINUS, POINT, stripZeros, ZERO } from './digits.js';
import { formatNumber } from './format-number.js';
import { roundHalfUp } from './rounding.js';
import { withoutRoundingNoise } from './rounding-noise.js';
import type { ByteTarget } from './seven-digit-writer.js';
import { ShortestDecimal } from './shortest-decimal.js';

/** No number takes more: `-0.`, 323 zeros and 17 digits, and one for the point while it is put in its place. */
export const MAX_NUMBER_BYTES = 344;

const DIGITS = new DataView(FOUR_DIGITS.buffer);

/** Outside of the numbers that ShortestDecimal takes. */
const RARE_NUMBER = 1e-7;
/** V8 keeps no record of a function's first calls (--budget-for-feedback-vector-allocation). */
const CALLS_UNTIL_V8_NOTICES = 32;

const INT32_END = 2 ** 31;
/** Six decimals of a number below this are 15 digits, which any double tells apart. */
const FEW_DECIMALS_END = 1e9;

export class NumberWriter {
  readonly #shortest = new ShortestDecimal();
  /** The number for `writeInput`: a double handed to a function as an argument may cost an allocation. */
  readonly input = this.#shortest.input;

  constructor() {
    this.#takeRareBranch();
  }

  /**
   * One number in a million needs `formatNumber`. V8 compiles a loop without the calls that were never made, and throws
   * all of the compiled loop away at the first that is made later.
   */
  #takeRareBranch(): void {
    const bytes = new Uint8Array(MAX_NUMBER_BYTES);
    const view = new DataView(bytes.buffer);
    for (let count = 0; count < CALLS_UNTIL_V8_NOTICES; count++) {
      this.input[0] = RARE_NUMBER;
      this.writeInput(bytes, view, 0, count % 2 === 0);
    }
  }

  /** Writes a finite number; returns where it ends. */
  write(value: number, { bytes, view }: ByteTarget, at: number): number {
    this.input[0] = value;
    return this.writeInput(bytes, view, at);
  }

  /**
   * The same for the number in `input`, which may be another one afterwards.
   *
   * @param isComputed writes the number that withoutRoundingNoise returns
   */
  writeInput(bytes: Uint8Array, view: DataView, at: number, isComputed = false): number {
    let value = this.input[0]!;
    if (value < 0) {
      bytes[at++] = MINUS;
      value = -value;
      this.input[0] = value;
    }
    if (value < INT32_END) {
      const whole = value | 0;
      if (whole === value) return writeWhole(whole, view, at);
    }
    if (value < FEW_DECIMALS_END) {
      // A wrong rounding is detected by dividing again.
      const thousandths = roundHalfUp(value * 1000);
      // Integers below 2^31 as arguments, because V8 would allocate a double.
      const whole = Math.floor(value) | 0;
      if (thousandths / 1000 === value) {
        return writeThousandths(whole, (thousandths - whole * 1000) | 0, view, at);
      }
      const millionths = roundHalfUp(value * 1e6);
      if (millionths / 1e6 === value) {
        return writeMillionths(whole, (millionths - whole * 1e6) | 0, bytes, view, at);
      }
    }
    if (this.#shortest.find(isComputed)) return this.#writeShortest(bytes, view, at);
    return writeText(formatNumber(isComputed ? withoutRoundingNoise(value) : value), bytes, at);
  }

  #writeShortest(bytes: Uint8Array, view: DataView, at: number): number {
    const { high, low, places } = this.#shortest;
    // Seventeen digits, of which `places` are decimals; 1e-6 has 22, five of them zeros in front.
    const start = at;
    if (places < 17) {
      at = writeEight(low, view, writeNine(high, bytes, view, at + 1));
      insertPoint(bytes, start, start + 17 - places);
    } else {
      bytes[at++] = ZERO;
      bytes[at++] = POINT;
      for (let zero = 17; zero < places; zero++) bytes[at++] = ZERO;
      at = writeNine(high, bytes, view, at);
      at = writeEight(low, view, at);
    }
    return stripZeros(bytes, at);
  }
}

function writeWhole(value: number, view: DataView, at: number): number {
  if (value < 10_000) return writeLeading(value, view, at);
  if (value < 100_000_000) {
    const upper = (value / 10_000) | 0;
    return writeFour(value - upper * 10_000, view, writeLeading(upper, view, at));
  }
  const upper = (value / 100_000_000) | 0;
  return writeEight(value - upper * 100_000_000, view, writeLeading(upper, view, at));
}

function writeThousandths(whole: number, decimals: number, view: DataView, at: number): number {
  at = writeWhole(whole, view, at);
  // The digits of a number below 1000 begin with a zero, which becomes the point.
  view.setInt32(at, digitsOf(decimals) - ZERO + POINT, true);
  if (decimals % 10 !== 0) return at + 4;
  return decimals % 100 !== 0 ? at + 3 : at + 2;
}

function writeMillionths(
  whole: number,
  decimals: number,
  bytes: Uint8Array,
  view: DataView,
  at: number,
): number {
  const pointAt = writeWhole(whole, view, at);
  // Eight digits, of which the first two are zeros: one makes room for the point, the other is written over by it.
  const end = writeEight(decimals, view, pointAt - 1);
  bytes[pointAt - 1] = ZERO + (whole % 10);
  bytes[pointAt] = POINT;
  return stripZeros(bytes, end);
}

/**
 * A number below 10,000 without zeros in front, and up to three bytes more: nothing depends on its size, so that there
 * is no branch to mispredict.
 */
function writeLeading(value: number, view: DataView, at: number): number {
  const zeros = ((value - 10) >>> 31) + ((value - 100) >>> 31) + ((value - 1000) >>> 31);
  view.setInt32(at, digitsOf(value) >> (zeros << 3), true);
  return at + 4 - zeros;
}

function writeFour(value: number, view: DataView, at: number): number {
  view.setInt32(at, digitsOf(value), true);
  return at + 4;
}

function writeEight(value: number, view: DataView, at: number): number {
  const upper = (value / 10_000) | 0;
  return writeFour(value - upper * 10_000, view, writeFour(upper, view, at));
}

function writeNine(value: number, bytes: Uint8Array, view: DataView, at: number): number {
  const upper = (value / 100_000_000) | 0;
  bytes[at] = ZERO + upper;
  return writeEight(value - upper * 100_000_000, view, at + 1);
}

/** The four digits of a number below 10,000, the most significant one in the lowest byte. */
function digitsOf(value: number): number {
  return DIGITS.getInt32(4 * value, true);
}

function writeText(text: string, bytes: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
  return at + text.length;
}
