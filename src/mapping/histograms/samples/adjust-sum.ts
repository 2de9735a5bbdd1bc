// Moves samples within what the buckets prove, so that their total equals the recorded sum. A sum that real
// observations produced can always be reached this way: their own means per stratum are such a solution.

import { quantise, withoutDust } from './round-samples.js';
import type { SampleSet } from './sample-set.js';

/**
 * @param target what Σ share·value shall be; undefined leaves the samples where they are
 * @param shares what a sample's value counts in the server's sum: its weight, or 1 where weights are ignored
 */
export function adjustSum(samples: SampleSet, target: number | undefined, shares: Float64Array): void {
  const totalAtFirst = target === undefined ? 0 : total(samples, shares);
  // Near the largest doubles a total can overflow, and then tells nothing.
  if (target === undefined || !Number.isFinite(totalAtFirst)) {
    quantise(samples);
    return;
  }
  let missing = target - totalAtFirst;
  if (raiseOverflow(samples, shares, missing)) missing = target - total(samples, shares);
  if (!moveTowards(samples.tightLow, samples.tightHigh, samples, shares, missing)) {
    missing = target - total(samples, shares);
    if (!moveTowards(samples.hullLow, samples.hullHigh, samples, shares, missing)) {
      moveOpenCell(samples, shares, target - total(samples, shares));
    }
  }
  quantise(samples);
  settle(samples, shares, target);
}

function total({ values, length }: SampleSet, shares: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += values[index]! * shares[index]!;
  return sum;
}

/**
 * Observations in a last bucket without `max` stand at its lower bound, where hardly any really is. A sum that
 * asks for more is due to them first, within reason; only what is left moves the samples in proper buckets.
 */
const OVERFLOW_REACH = 4;

/** Returns whether it moved any. */
function raiseOverflow(samples: SampleSet, shares: Float64Array, missing: number): boolean {
  if (!(missing > 0)) return false;
  const { values, hullHigh, length } = samples;
  let room = 0;
  let first = length;
  while (first > 0 && hullHigh[first - 1] === Infinity) {
    first--;
    room += shares[first]! * overflowRoom(samples, first);
  }
  if (!(room > 0 && room < Infinity)) return false;
  const step = Math.min(1, missing / room);
  for (let index = first; index < length; index++) {
    values[index]! += step * overflowRoom(samples, index);
  }
  return true;
}

function overflowRoom({ values, tightHigh }: SampleSet, index: number): number {
  // Without `max` the last cell is a single point: the lower bound of its bucket.
  return Math.max(0, OVERFLOW_REACH * tightHigh[index]! - values[index]!);
}

/** Every sample goes the same fraction of its way to its bound. Returns whether that sufficed. */
function moveTowards(
  low: Float64Array,
  high: Float64Array,
  { values, length }: SampleSet,
  shares: Float64Array,
  missing: number,
): boolean {
  if (missing === 0) return true;
  const bounds = missing > 0 ? high : low;
  let room = 0;
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    room += shares[index]! * (destination(value, bounds[index]!, missing) - value);
  }
  if (room === 0 || !Number.isFinite(room)) return false;
  const step = Math.min(1, missing / room);
  let previous = -Infinity;
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    const end = destination(value, bounds[index]!, missing);
    const moved = value + step * (end - value);
    // Rounding must neither pass the bound nor break the order.
    previous = Math.max(previous, missing > 0 ? Math.min(moved, end) : Math.max(moved, end));
    values[index] = previous;
  }
  return step < 1;
}

/** The bound, but where a sample is if that is open, or already passed because its cell has no proper end. */
function destination(value: number, bound: number, missing: number): number {
  if (missing > 0) return bound > value && bound < Infinity ? bound : value;
  return bound < value && bound > -Infinity ? bound : value;
}

/** Only observations in a bucket without an end can account for what no bounded bucket can hold. */
function moveOpenCell(
  { values, hullLow, hullHigh, length }: SampleSet,
  shares: Float64Array,
  missing: number,
): void {
  const bounds = missing > 0 ? hullHigh : hullLow;
  let openShares = 0;
  for (let index = 0; index < length; index++) {
    if (!Number.isFinite(bounds[index])) openShares += shares[index]!;
  }
  if (openShares === 0) return;
  for (let index = 0; index < length; index++) {
    if (!Number.isFinite(bounds[index])) values[index]! += missing / openShares;
  }
}

/**
 * Puts what rounding left over on the one sample with the most room, so that only that one needs all its
 * digits. Where none has enough, as in buckets narrower than the rounding, all of them share it.
 */
function settle(samples: SampleSet, shares: Float64Array, target: number): void {
  const missing = target - total(samples, shares);
  if (settleOnOne(samples, shares, missing)) return;
  moveTowards(samples.hullLow, samples.hullHigh, samples, shares, missing);
  settleOnOne(samples, shares, target - total(samples, shares));
}

function settleOnOne(samples: SampleSet, shares: Float64Array, missing: number): boolean {
  if (missing === 0) return true;
  const { values, length } = samples;
  const sample = roomiest(samples, shares, missing);
  if (sample === NONE) return false;
  const value = withoutDust(values[sample]! + missing / shares[sample]!);
  // Both ends, as removing the dust may lead backwards.
  const lowest = Math.max(samples.hullLow[sample]!, sample > 0 ? values[sample - 1]! : -Infinity);
  const highest = Math.min(samples.hullHigh[sample]!, sample + 1 < length ? values[sample + 1]! : Infinity);
  values[sample] = Math.max(lowest, Math.min(value, highest));
  return true;
}

const NONE = -1;

/** The first of those that can take up most without passing a neighbour or leaving their strata. */
function roomiest(
  { values, hullLow, hullHigh, length }: SampleSet,
  shares: Float64Array,
  missing: number,
): number {
  const bounds = missing > 0 ? hullHigh : hullLow;
  let sample = NONE;
  let most = 0;
  let open = NONE;
  // From above, as the cells are widest there.
  for (let index = length - 1; index >= 0; index--) {
    const value = values[index]!;
    const share = shares[index]!;
    let bound = bounds[index]!;
    // Most samples have less room than another had, whatever their neighbours leave of it.
    if (Math.abs(bound - value) * share < most) continue;
    if (missing > 0 && index + 1 < length) bound = Math.min(bound, values[index + 1]!);
    if (missing < 0 && index > 0) bound = Math.max(bound, values[index - 1]!);
    const room = Math.abs(bound - value) * share;
    if (room === Infinity) {
      open = index;
    } else if (room >= most) {
      most = room;
      sample = index;
    }
  }
  // A sample without a bound comes last: rounding must not push recordings of 0 below 0.
  return most < Math.abs(missing) ? open : sample;
}
