// Rounds samples to few digits, so that lines stay short: a sample is an interpolation within a bucket of
// 1 % or more, and 17 digits would only pretend to know better.

import type { SampleSet } from './sample-set.js';

const SIGNIFICANT_DIGITS = 7;

/** What any decimal of that many digits survives on its way through a double. */
const DIGITS_OF_A_DOUBLE = 15;

/** A few roundings of a double, relative to its value. */
const MOST_DUST = 2 * Number.EPSILON;

/** Powers of ten that are exact doubles, so that one rounded division or product gives the shortest decimal. */
const POWERS_OF_TEN: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Leaves a sample as it is where rounding would take it out of its stratum. Rounding itself keeps the order, and
 * so do the bounds of the strata.
 */
export function quantise({ values, hullLow, hullHigh, length }: SampleSet): void {
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

/** Removes the dust that adding and subtracting leaves behind, 0.30000000000000004 becomes 0.3, and nothing else. */
export function withoutDust(value: number): number {
  const size = Math.abs(value);
  if (size === 0) return 0;
  const rounded = roundTo(value, DIGITS_OF_A_DOUBLE - 1 - decadeOf(size));
  return Math.abs(rounded - value) <= MOST_DUST * size ? rounded : value;
}

/** The exponent that scientific notation has. */
function decadeOf(size: number): number {
  const decade = Math.floor(Math.log10(size));
  // The logarithm of 999999999.9999999 is 9 as far as a double can tell.
  return 10 ** decade > size ? decade - 1 : decade;
}

/** To that many decimal places; negative ones round to tens, hundreds and so on. */
function roundTo(value: number, places: number): number {
  const power = POWERS_OF_TEN[Math.abs(places)];
  if (power === undefined) return value;
  return places < 0 ? nearest(value / power) * power : nearest(value * power) / power;
}

/** For numbers of few digits the same as Math.round, of which the processor can not foresee the branch. */
function nearest(value: number): number {
  return Math.floor(value + 0.5);
}
