// Rounds samples to seven digits, which keeps lines short: a sample is an interpolation within a bucket that is 1 % wide
// or more, so further digits would claim a precision it does not have.

import { POWERS_OF_TEN } from '../../numbers/digits.js';
import { decadeOf, powerOfTen, roundHalfUp, roundToPlaces } from '../../numbers/rounding.js';
import type { SampleSet } from './sample-set.js';

/** Significant digits of what is interpolated within a bucket. */
export const ESTIMATE_DIGITS = 7;

/** Where samples are moved to before they are rounded. */
export interface Move {
  readonly bounds: Float64Array;
  /** Whether the bounds are above the values. */
  readonly isUp: boolean;
  /** The fraction of the way to the bound. */
  readonly step: number;
}

export type RoundedSamples = Pick<
  SampleSet,
  'length' | 'values' | 'tightLow' | 'tightHigh' | 'hullLow' | 'hullHigh'
>;

export function roundSamples(samples: RoundedSamples & Pick<SampleSet, 'ones'>): void {
  moveAndRound(samples, samples.ones, { bounds: samples.tightHigh, isUp: true, step: 0 });
}

/**
 * Moves, rounds and adds up samples in one pass.
 *
 * Rounds to the other side where the nearest decimal is outside of the hull. A sample keeps all its digits where both are,
 * as in buckets narrower than the rounding. The order stays.
 *
 * @returns Σ share·value, compensated (Knuth's TwoSum): the residue of rounding is so small that the rounding errors of a
 * plain sum would show in its digits
 */
export function moveAndRound(
  samples: RoundedSamples,
  shares: Float64Array,
  { bounds, isUp, step }: Move,
): number {
  const { values, tightLow, tightHigh, length } = samples;
  let places = ESTIMATE_DIGITS - 1;
  let power = POWERS_OF_TEN[places]!;
  let decadeStart = 1;
  let decadeEnd = 10;
  let previous = -Infinity;
  let sum = 0;
  let lost = 0;
  for (let index = 0; index < length; index++) {
    let value = values[index]!;
    if (step > 0) {
      previous = Math.max(previous, moved(value, bounds[index]!, isUp, step));
      value = previous;
    }
    const size = Math.abs(value);
    if (size !== 0 && (size < decadeStart || size >= decadeEnd)) {
      const decade = decadeOf(size);
      decadeStart = powerOfTen(decade);
      decadeEnd = powerOfTen(decade + 1);
      places = ESTIMATE_DIGITS - 1 - decade;
      power = (places < 0 ? undefined : POWERS_OF_TEN[places]) ?? 0;
    }
    const rounded = power === 0 ? roundToPlaces(value, places) : roundHalfUp(value * power) / power;
    // The hull is at least as wide as the bin, and seldom needed.
    const isInBin = rounded >= tightLow[index]! && rounded <= tightHigh[index]!;
    value = isInBin
      ? rounded
      : roundInHull(value, rounded, places, samples.hullLow(index), samples.hullHigh(index));
    values[index] = value;
    const term = value * shares[index]!;
    const next = sum + term;
    const added = next - sum;
    lost += sum - (next - added) + (term - added);
    sum = next;
  }
  return sum + lost;
}

export function roundInHull(
  value: number,
  nearest: number,
  places: number,
  low: number,
  high: number,
): number {
  let rounded = nearest;
  if (rounded > high) rounded = roundToPlaces(rounded - 10 ** -places, places);
  else if (rounded < low) rounded = roundToPlaces(rounded + 10 ** -places, places);
  return rounded >= low && rounded <= high ? rounded : value;
}

/** A value after a step towards its bound; rounding errors must not pass the bound. */
export function moved(value: number, bound: number, isUp: boolean, step: number): number {
  const end = limitOf(value, bound, isUp);
  const there = value + step * (end - value);
  return isUp ? Math.min(there, end) : Math.max(there, end);
}

/** The bound, or the value itself where there is none or the value is beyond it, as in a bin without a known end. */
export function limitOf(value: number, bound: number, isUp: boolean): number {
  if (isUp) return bound > value && bound < Infinity ? bound : value;
  return bound < value && bound > -Infinity ? bound : value;
}

/** Σ share·value, compensated like that of `moveAndRound`. */
export function totalOf({ values, length }: SampleSet, shares: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (let index = 0; index < length; index++) {
    const term = values[index]! * shares[index]!;
    const next = sum + term;
    const added = next - sum;
    lost += sum - (next - added) + (term - added);
    sum = next;
  }
  return sum + lost;
}
