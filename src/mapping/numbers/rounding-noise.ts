// Removes what floating-point arithmetic leaves behind. Sums of histograms pass through here, so it takes no text.

import { POWERS_OF_TEN } from './digits.js';
import { roundHalfUp } from './rounding.js';

/** A decimal of up to so many digits is what its nearest double prints as. */
const DIGITS_OF_A_DOUBLE = 15;

/** 2^27 + 1 cuts a double in two halves (Veltkamp). */
const CUTTER = 134_217_729;

/** Nearer to a half than this, rounding by arithmetic is in doubt; its errors are far smaller. */
const DOUBT = 1e-6;

const input = new Float64Array(1);
const words = new Uint32Array(input.buffer);
/** Which of the two words holds the exponent: the second where numbers are stored little end first. */
const TOP = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * Removes what floating-point arithmetic leaves behind and nothing else: 0.30000000000000004 becomes 0.3. The nearest
 * decimal of 15 digits replaces a number whose distance from it so many roundings can explain. Whole numbers stay.
 *
 * @param roundings each is off by half an ulp (the distance to the next double) at most; 2 where their number is
 * unknown, so that nothing moves by more than one ulp
 */
export function withoutRoundingNoise(value: number, roundings = 2): number {
  if (Number.isInteger(value)) return value;
  const size = Math.abs(value);
  // By text where that is in doubt: a product with a power of ten may be rounded to the other side of a half.
  const rounded = toFifteenDigits(size) ?? Number(size.toPrecision(DIGITS_OF_A_DOUBLE));
  if (!(Math.abs(rounded - size) <= (roundings / 2) * ulpOf(size))) return value;
  return value < 0 ? -rounded : rounded;
}

/** The double nearest to the nearest decimal of 15 digits; undefined outside of [1e-6, 1e15) and in doubt. */
function toFifteenDigits(size: number): number | undefined {
  if (!(size >= 1e-6 && size < 1e15)) return undefined;
  input[0] = size;
  const exponent = (words[TOP]! >>> 20) - 1023;
  // size · 10^places is in [1e14, 1e15); the estimate is right or one too large.
  let places = DIGITS_OF_A_DOUBLE - 1 - Math.floor(exponent * Math.LOG10E * Math.LN2);
  if (size * POWERS_OF_TEN[places]! >= 1e15) places -= 1;
  const power = POWERS_OF_TEN[places]!;
  const product = size * power;
  if (product < 1e14 || product >= 1e15 - 1) return undefined;
  // What the product was rounded by, exactly (Dekker).
  const sizeHigh = highHalf(size);
  const sizeLow = size - sizeHigh;
  const powerHigh = highHalf(power);
  const powerLow = power - powerHigh;
  const error =
    sizeLow * powerLow - (product - sizeHigh * powerHigh - sizeLow * powerHigh - sizeHigh * powerLow);
  const digits = roundHalfUp(product);
  // Both are exact, so that one rounded quotient is the nearest double.
  return 0.5 - Math.abs(product - digits + error) < DOUBT ? undefined : digits / power;
}

function highHalf(value: number): number {
  const cut = CUTTER * value;
  return cut - (cut - value);
}

/** The distance to the next double above, of a normal number: a double with its exponent alone is a power of two. */
function ulpOf(size: number): number {
  input[0] = size;
  words[TOP]! &= 0x7ff0_0000;
  words[1 - TOP] = 0;
  return Number.EPSILON * input[0];
}
