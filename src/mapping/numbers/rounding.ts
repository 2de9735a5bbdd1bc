// Rounding of numbers to integers and to decimals.

import { POWERS_OF_TEN } from './digits.js';

/**
 * The nearest integer, halves rounded up. Branch-free: Math.round compiles to a data-dependent branch that mispredicts
 * on numbers without a pattern. Differs from Math.round for 0.49999999999999994 and above 2^52 alone.
 */
export function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5);
}

/** The double nearest to a power of ten, mostly from a table: a power takes five times as long as all the rest. */
export function powerOfTen(exponent: number): number {
  if (exponent < 0) return INVERSE_POWERS[-exponent] ?? 10 ** exponent;
  return POWERS_OF_TEN[exponent] ?? 10 ** exponent;
}

const INVERSE_POWERS = POWERS_OF_TEN.map((power) => 1 / power);

/** The exponent in scientific notation of a number above 0. */
export function decadeOf(size: number): number {
  const decade = Math.floor(Math.log10(size));
  // Math.log10(999999999.9999999) is 9.
  return powerOfTen(decade) > size ? decade - 1 : decade;
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
