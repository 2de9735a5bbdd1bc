// Moves samples within their bounds until their weighted total equals the recorded sum. A sum of real observations can
// always be reached, because their means per stratum are one solution. README.md has the formulas.

import { decadeOf, roundToPlaces } from '../../numbers/rounding.js';
import { limitOf, moveAndRound, moved, roundSamples, totalOf } from './round-samples.js';
import type { SampleSet } from './sample-set.js';

/**
 * @param target what Σ share·value has to be; undefined where the sum is unknown
 * @param shares how often a sample's value counts in the server's sum: its weight, or 1 where weights are ignored
 */
export function adjustSum(samples: SampleSet, target: number | undefined, shares: Float64Array): void {
  samples.sumUp(shares);
  // A total of values near the largest double may overflow; nothing can be concluded from it.
  if (target === undefined || !Number.isFinite(samples.total)) {
    roundSamples(samples);
    return;
  }
  if (raiseOverflow(samples, shares, target - samples.total)) {
    samples.forgetSums();
    samples.sumUp(shares);
  }
  const missing = target - samples.total;
  const isUp = missing > 0;
  const bounds = isUp ? samples.tightHigh : samples.tightLow;
  let step = missing === 0 ? 0 : stepOf(missing, isUp ? samples.roomUp : samples.roomDown);
  if (!(step < 1)) {
    moveBeyondTight(samples, shares, target, missing);
    step = 0;
  }
  const rounded = moveAndRound(samples, shares, { bounds, isUp, step });
  placeResidue(samples, shares, target, target - rounded);
}

/** For a sum that the tight bounds do not reach. */
function moveBeyondTight(samples: SampleSet, shares: Float64Array, target: number, missing: number): void {
  moveTowards(samples.tightLow, samples.tightHigh, samples, shares, missing);
  const left = target - total(samples, shares);
  if (!moveTowardsHull(samples, shares, left)) {
    moveOpenBin(samples, shares, target - total(samples, shares));
  }
}

function moveTowardsHull(samples: SampleSet, shares: Float64Array, missing: number): boolean {
  const { length } = samples;
  const low = Float64Array.from({ length }, (_, index) => samples.hullLow(index));
  const high = Float64Array.from({ length }, (_, index) => samples.hullHigh(index));
  return moveTowards(low, high, samples, shares, missing);
}

function total({ values, length }: SampleSet, shares: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += values[index]! * shares[index]!;
  return sum;
}

/**
 * Samples in a last bucket without `max` are placed at its lower bound, although most of its observations are higher.
 * A sum above the total is therefore attributed to them first, up to this multiple of the bound.
 */
const OVERFLOW_REACH = 4;

/** Returns whether it moved any sample. */
function raiseOverflow(samples: SampleSet, shares: Float64Array, missing: number): boolean {
  if (!(missing > 0)) return false;
  const { values, length } = samples;
  let room = 0;
  let first = length;
  while (first > 0 && samples.hullHigh(first - 1) === Infinity) {
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
  // Without `max` the last bin is a single point: the lower bound of its bucket.
  return Math.max(0, OVERFLOW_REACH * tightHigh[index]! - values[index]!);
}

/** The fraction of the way to its bound that every sample has to go; NaN where there is no room at all. */
function stepOf(missing: number, room: number): number {
  return room === 0 || !Number.isFinite(room) ? Number.NaN : Math.min(1, missing / room);
}

/** Moves every sample by the same fraction of the way to its bound. Returns whether that was enough. */
function moveTowards(
  low: Float64Array,
  high: Float64Array,
  samples: SampleSet,
  shares: Float64Array,
  missing: number,
): boolean {
  if (missing === 0) return true;
  const { values, length } = samples;
  const isUp = missing > 0;
  const bounds = isUp ? high : low;
  let room = 0;
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    room += shares[index]! * (limitOf(value, bounds[index]!, isUp) - value);
  }
  const step = stepOf(missing, room);
  if (Number.isNaN(step)) return false;
  let previous = -Infinity;
  for (let index = 0; index < length; index++) {
    previous = Math.max(previous, moved(values[index]!, bounds[index]!, isUp, step));
    values[index] = previous;
  }
  return step < 1;
}

/** Attributes what the bounded buckets cannot hold to the observations in a bucket without an end. */
function moveOpenBin(samples: SampleSet, shares: Float64Array, missing: number): void {
  const { values, length } = samples;
  const isOpen = (index: number): boolean =>
    !Number.isFinite(missing > 0 ? samples.hullHigh(index) : samples.hullLow(index));
  let openShares = 0;
  for (let index = 0; index < length; index++) if (isOpen(index)) openShares += shares[index]!;
  if (openShares === 0) return;
  for (let index = 0; index < length; index++) if (isOpen(index)) values[index]! += missing / openShares;
}

/**
 * Adds the residue of rounding to the sample with the most room, so that only this one needs all its digits. Where no
 * sample has enough room, as in buckets narrower than the rounding, all of them share the residue.
 */
function placeResidue(samples: SampleSet, shares: Float64Array, target: number, missing: number): void {
  if (placeResidueOnOne(samples, shares, missing, target)) return;
  moveTowardsHull(samples, shares, missing);
  placeResidueOnOne(samples, shares, target - totalOf(samples, shares), target);
}

/** Digits of the sum that one sample accounts for, so that it does not need all of its own. */
const SUM_DIGITS = 15;

/** So many recordings follow from min, max and sum, so that the residue is a recorded value and no estimate. */
const DETERMINED_SAMPLES = 3;

function placeResidueOnOne(
  samples: SampleSet,
  shares: Float64Array,
  missing: number,
  target: number,
): boolean {
  if (missing === 0) return true;
  const { values, length } = samples;
  const sample = sampleWithMostRoom(samples, shares, missing);
  if (sample === NONE) return false;
  const share = shares[sample]!;
  const value = withResidue(values[sample]!, missing, share, target, length <= DETERMINED_SAMPLES);
  // Both ends, because rounding may move it backwards.
  const lowest = Math.max(samples.hullLow(sample), sample > 0 ? values[sample - 1]! : -Infinity);
  const highest = Math.min(samples.hullHigh(sample), sample + 1 < length ? values[sample + 1]! : Infinity);
  values[sample] = Math.max(lowest, Math.min(value, highest));
  return true;
}

/** @param isRecorded whether the value follows from min, max and sum, so that it may need all its digits */
export function withResidue(
  value: number,
  missing: number,
  share: number,
  target: number,
  isRecorded = false,
): number {
  const exact = value + missing / share;
  const perShare = Math.max(Math.abs(target) / share, Number.MIN_VALUE);
  const rounded = roundToPlaces(exact, SUM_DIGITS - 1 - decadeOf(perShare));
  const isNoise = Math.abs(rounded - exact) <= 2 * Number.EPSILON * perShare;
  return isNoise || !isRecorded ? rounded : exact;
}

const NONE = -1;

/** The sample that can absorb most without passing a neighbour or leaving its hull. */
function sampleWithMostRoom(samples: SampleSet, shares: Float64Array, missing: number): number {
  const { values, tightLow, tightHigh, length } = samples;
  const isUp = missing > 0;
  let sample = NONE;
  let mostRoom = 0;
  let open = NONE;
  let above = Infinity;
  // From above, because bins are widest there.
  for (let index = length - 1; index >= 0; index--) {
    const value = values[index]!;
    const below = index > 0 ? values[index - 1]! : -Infinity;
    const neighbour = isUp ? above : below;
    above = value;
    const share = shares[index]!;
    // Skips the hull of most samples.
    if (Math.abs(neighbour - value) * share < mostRoom) continue;
    let bound = isUp ? tightHigh[index]! : tightLow[index]!;
    if (isUp && bound < neighbour) bound = Math.min(samples.hullHigh(index), neighbour);
    else if (!isUp && bound > neighbour) bound = Math.max(samples.hullLow(index), neighbour);
    else bound = neighbour;
    const room = Math.abs(bound - value) * share;
    if (room === Infinity) {
      open = index;
    } else if (room >= mostRoom) {
      mostRoom = room;
      sample = index;
    }
  }
  // An unbounded sample only if nothing else has room: rounding must not push recordings of 0 below 0.
  return mostRoom < Math.abs(missing) ? open : sample;
}
