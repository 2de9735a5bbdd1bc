// Rounds samples to seven digits, which keeps lines short: a sample is an interpolation within a bucket that is 1 % wide
// or more, so further digits would claim a precision it does not have.

import { decadeOf, roundToPlaces } from '../../numbers/rounding.js';
import type { SampleSet } from './sample-set.js';

/** Significant digits of what is interpolated within a bucket. */
export const ESTIMATE_DIGITS = 7;

/**
 * Rounds to the other side where the nearest decimal is outside of the hull. A sample keeps all its digits where both are,
 * as in buckets narrower than the rounding. The order stays.
 */
export function roundSamples({ values, hullLow, hullHigh, length }: SampleSet): void {
  let places = ESTIMATE_DIGITS - 1;
  let decadeStart = 1;
  let decadeEnd = 10;
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    const size = Math.abs(value);
    if (size !== 0 && (size < decadeStart || size >= decadeEnd)) {
      const decade = decadeOf(size);
      decadeStart = 10 ** decade;
      decadeEnd = 10 ** (decade + 1);
      places = ESTIMATE_DIGITS - 1 - decade;
    }
    const low = hullLow[index]!;
    const high = hullHigh[index]!;
    let rounded = roundToPlaces(value, places);
    if (rounded > high) rounded = roundToPlaces(rounded - 10 ** -places, places);
    else if (rounded < low) rounded = roundToPlaces(rounded + 10 ** -places, places);
    if (rounded >= low && rounded <= high) values[index] = rounded;
  }
}
