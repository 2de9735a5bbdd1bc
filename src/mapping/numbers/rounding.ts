// Rounding of numbers to integers and to decimals.

import { POWERS_OF_TEN } from './digits.js';

/**
 * The nearest integer, halves rounded up. Branch-free: Math.round compiles to a data-dependent branch that mispredicts
 * on numbers without a pattern. Differs from Math.round for 0.49999999999999994 and above 2^52 alone.
 */
export function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5);
}

/** The exponent in scientific notation of a number above 0. */
export function decadeOf(size: number): number {
  const decade = Math.floor(Math.log10(size));
  // Math.log10(999999999.9999999) is 9.
  return 10 ** decade > size ? decade - 1 : decade;
}

/** Rounds to so many decimal places; negative ones round to tens, hundreds and so on. */
export function roundToPlaces(value: number, places: number): number {
  const power = POWERS_OF_TEN[Math.abs(places)];
  if (power === undefined) return value;
  return places < 0 ? roundHalfUp(value / power) * power : roundHalfUp(value * power) / power;
}

/** Rounds to so many significant digits. */
export function roundToDigits(value: number, digits: number): number {
  const size = Math.abs(value);
  return size === 0 ? 0 : roundToPlaces(value, digits - 1 - decadeOf(size));
}

/** A decimal of up to so many digits is what its nearest double prints as. */
const DIGITS_OF_A_DOUBLE = 15;

/**
 * Removes what floating-point arithmetic leaves behind and nothing else: 0.30000000000000004 becomes 0.3. The nearest
 * decimal of 15 digits replaces a number whose distance from it so many roundings can explain. Whole numbers stay.
 *
 * @param roundings each is off by half an ulp (the distance to the next double) at most; 2 where their number is
 * unknown, so that nothing moves by more than one ulp
 */
export function withoutRoundingNoise(value: number, roundings = 2): number {
  if (Number.isInteger(value)) return value;
  // By text: a product with a power of ten may be rounded to the other side of a half.
  const rounded = Number(value.toPrecision(DIGITS_OF_A_DOUBLE));
  return Math.abs(rounded - value) <= (roundings / 2) * ulpOf(Math.abs(value)) ? rounded : value;
}

/** The distance to the next double above. */
function ulpOf(size: number): number {
  const power = 2 ** Math.floor(Math.log2(size));
  // Math.log2(31.999999999999996) is 5.
  return Number.EPSILON * (power > size ? power / 2 : power);
}
