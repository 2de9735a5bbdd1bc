// Rounds samples to seven digits, which keeps lines short: a sample is an interpolation within a bucket that is 1 % wide
// or more, so further digits would claim a precision it does not have.

import { POWERS_OF_TEN } from '../../numbers/digits.js';
import { roundHalfUp } from '../../numbers/rounding.js';
import type { SampleSet } from './sample-set.js';

const SIGNIFICANT_DIGITS = 7;

/** A decimal of up to so many digits is what its nearest double prints as. */
const DIGITS_OF_A_DOUBLE = 15;

/** The error of a few roundings of a double, relative to its value. */
const MAX_ROUNDING_NOISE = 2 * Number.EPSILON;

/** A sample keeps all its digits where rounding would take it out of its hull. Rounding keeps the order. */
export function roundSamples({ values, hullLow, hullHigh, length }: SampleSet): void {
  let places = SIGNIFICANT_DIGITS - 1;
  let decadeStart = 1;
  let decadeEnd = 10;
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    const size = Math.abs(value);
    if (size !== 0 && (size < decadeStart || size >= decadeEnd)) {
      const decade = decadeOf(size);
      decadeStart = 10 ** decade;
      decadeEnd = 10 ** (decade + 1);
      places = SIGNIFICANT_DIGITS - 1 - decade;
    }
    const rounded = roundTo(value, places);
    if (rounded >= hullLow[index]! && rounded <= hullHigh[index]!) values[index] = rounded;
  }
}

/** Removes what floating-point addition leaves behind and nothing else: 0.30000000000000004 becomes 0.3. */
export function withoutRoundingNoise(value: number): number {
  const size = Math.abs(value);
  if (size === 0) return 0;
  const rounded = roundTo(value, DIGITS_OF_A_DOUBLE - 1 - decadeOf(size));
  return Math.abs(rounded - value) <= MAX_ROUNDING_NOISE * size ? rounded : value;
}

/** The exponent in scientific notation. */
function decadeOf(size: number): number {
  const decade = Math.floor(Math.log10(size));
  // Math.log10(999999999.9999999) is 9.
  return 10 ** decade > size ? decade - 1 : decade;
}

/** Rounds to so many decimal places; negative ones round to tens, hundreds and so on. */
function roundTo(value: number, places: number): number {
  const power = POWERS_OF_TEN[Math.abs(places)];
  if (power === undefined) return value;
  return places < 0 ? roundHalfUp(value / power) * power : roundHalfUp(value * power) / power;
}
