// Numbers as bytes, the same text as formatNumber's.

import { FOUR_DIGITS, insertPoint, MINUS, POINT, stripZeros, ZERO } from './digits.js';
import { formatNumber } from './format-number.js';
import { roundHalfUp } from './rounding.js';
import { ShortestDecimal } from './shortest-decimal.js';

/** No number takes more: `-0.`, 323 zeros and 17 digits, and one for the point while it is put in its place. */
export const MAX_NUMBER_BYTES = 344;

/** FOUR_DIGITS without leading zeros (the bytes behind the last digit are unused), and how many digits there are. */
const LEADING_DIGITS = new Uint8Array(40_000);
const DIGITS = new Uint8Array(10_000);

LEADING_DIGITS.set(FOUR_DIGITS);
DIGITS.fill(4);
for (let number = 0, at = 0; number < 1000; number++, at += 4) {
  const digits = number >= 100 ? 3 : number >= 10 ? 2 : 1;
  DIGITS[number] = digits;
  LEADING_DIGITS.copyWithin(at, at + 4 - digits, at + 4);
}

const INT32_END = 2 ** 31;
/** Six decimals of a number below this are 15 digits, which any double tells apart. */
const FEW_DECIMALS_END = 1e9;

export class NumberWriter {
  readonly #shortest = new ShortestDecimal();
  /** The number for `writeInput`: a double handed to a function as an argument may cost an allocation. */
  readonly input = this.#shortest.input;

  /** Writes a finite number; answers where it ends. */
  write(value: number, bytes: Uint8Array, at: number): number {
    this.input[0] = value;
    return this.writeInput(bytes, at);
  }

  /** The same for the number that is in `input`, which may be another afterwards. */
  writeInput(bytes: Uint8Array, at: number): number {
    let value = this.input[0]!;
    if (value < 0) {
      bytes[at++] = MINUS;
      value = -value;
      this.input[0] = value;
    }
    if (value < INT32_END) {
      const whole = value | 0;
      if (whole === value) return writeWhole(whole, bytes, at);
    }
    if (value < FEW_DECIMALS_END) {
      // A wrong rounding is detected by dividing again.
      const thousandths = roundHalfUp(value * 1000);
      if (thousandths / 1000 === value) return writeThousandths(thousandths, bytes, at);
      const millionths = roundHalfUp(value * 1e6);
      if (millionths / 1e6 === value) return writeMillionths(millionths, bytes, at);
    }
    if (this.#shortest.find()) return this.#writeShortest(bytes, at);
    return writeText(formatNumber(value), bytes, at);
  }

  #writeShortest(bytes: Uint8Array, at: number): number {
    const { high, low, places } = this.#shortest;
    // Seventeen digits, of which `places` are decimals; 1e-6 has 22, five of them zeros in front.
    const start = at;
    if (places < 17) {
      at = writeEight(low, bytes, writeNine(high, bytes, at + 1));
      insertPoint(bytes, start, start + 17 - places);
    } else {
      bytes[at++] = ZERO;
      bytes[at++] = POINT;
      for (let zero = 17; zero < places; zero++) bytes[at++] = ZERO;
      at = writeNine(high, bytes, at);
      at = writeEight(low, bytes, at);
    }
    return stripZeros(bytes, at);
  }
}

function writeWhole(value: number, bytes: Uint8Array, at: number): number {
  if (value < 10_000) return writeLeading(value, bytes, at);
  if (value < 100_000_000) {
    const upper = (value / 10_000) | 0;
    return writeFour(value - upper * 10_000, bytes, writeLeading(upper, bytes, at));
  }
  const upper = (value / 100_000_000) | 0;
  return writeEight(value - upper * 100_000_000, bytes, writeLeading(upper, bytes, at));
}

function writeThousandths(thousandths: number, bytes: Uint8Array, at: number): number {
  const whole = Math.floor(thousandths / 1000);
  const decimals = thousandths - whole * 1000;
  at = writeWhole(whole, bytes, at);
  const from = 4 * decimals + 1;
  bytes[at] = POINT;
  bytes[at + 1] = FOUR_DIGITS[from]!;
  bytes[at + 2] = FOUR_DIGITS[from + 1]!;
  bytes[at + 3] = FOUR_DIGITS[from + 2]!;
  if (bytes[at + 3] !== ZERO) return at + 4;
  return bytes[at + 2] !== ZERO ? at + 3 : at + 2;
}

function writeMillionths(millionths: number, bytes: Uint8Array, at: number): number {
  const whole = Math.floor(millionths / 1e6);
  const decimals = millionths - whole * 1e6;
  const pointAt = writeWhole(whole, bytes, at);
  // Eight digits, of which the first two are zeros: one makes room for the point, the other is written over by it.
  const end = writeEight(decimals, bytes, pointAt - 1);
  bytes[pointAt - 1] = ZERO + (whole % 10);
  bytes[pointAt] = POINT;
  return stripZeros(bytes, end);
}

/** A number below 10,000 without zeros in front; all four bytes are written, so that nothing depends on its size. */
function writeLeading(value: number, bytes: Uint8Array, at: number): number {
  const from = 4 * value;
  bytes[at] = LEADING_DIGITS[from]!;
  bytes[at + 1] = LEADING_DIGITS[from + 1]!;
  bytes[at + 2] = LEADING_DIGITS[from + 2]!;
  bytes[at + 3] = LEADING_DIGITS[from + 3]!;
  return at + DIGITS[value]!;
}

function writeFour(value: number, bytes: Uint8Array, at: number): number {
  const from = 4 * value;
  bytes[at] = FOUR_DIGITS[from]!;
  bytes[at + 1] = FOUR_DIGITS[from + 1]!;
  bytes[at + 2] = FOUR_DIGITS[from + 2]!;
  bytes[at + 3] = FOUR_DIGITS[from + 3]!;
  return at + 4;
}

function writeEight(value: number, bytes: Uint8Array, at: number): number {
  const upper = (value / 10_000) | 0;
  return writeFour(value - upper * 10_000, bytes, writeFour(upper, bytes, at));
}

function writeNine(value: number, bytes: Uint8Array, at: number): number {
  const upper = (value / 100_000_000) | 0;
  bytes[at] = ZERO + upper;
  return writeEight(value - upper * 100_000_000, bytes, at + 1);
}

function writeText(text: string, bytes: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
  return at + text.length;
}
