// Moves samples within what the buckets prove, so that their total equals the recorded sum. A sum that real
// observations produced can always be reached this way: their own means per stratum are such a solution.

import type { MovableSamples } from './movable-samples.js';
import { quantise } from './quantise.js';

/**
 * @param target what Σ share·value shall be; undefined leaves the samples where they are
 * @param shares what a sample's value counts in the server's sum: its weight, or 1 where weights are ignored
 */
export function adjustSum(samples: MovableSamples, target: number | undefined, shares: Float64Array): void {
  if (target === undefined) {
    quantise(samples);
    return;
  }
  const missing = (): number => target - total(samples.values, shares);

  raiseOverflow(samples, shares, missing());
  if (!moveTowards(samples.tightLow, samples.tightHigh, samples, shares, missing())) {
    if (!moveTowards(samples.hullLow, samples.hullHigh, samples, shares, missing())) {
      moveOpenCell(samples, shares, missing());
    }
  }
  quantise(samples);
  settle(samples, shares, missing);
}

function total(values: Float64Array, shares: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]! * shares[index]!;
  return sum;
}

/**
 * Observations in a last bucket without `max` stand at its lower bound, where hardly any really is. A sum that
 * asks for more is due to them first, within reason; only what is left moves the samples in proper buckets.
 */
const OVERFLOW_REACH = 4;

function raiseOverflow(samples: MovableSamples, shares: Float64Array, missing: number): void {
  if (!(missing > 0)) return;
  const { values, hullHigh } = samples;
  let room = 0;
  let first = values.length;
  while (first > 0 && hullHigh[first - 1] === Infinity) {
    first--;
    room += shares[first]! * overflowRoom(samples, first);
  }
  if (!(room > 0)) return;
  const step = Math.min(1, missing / room);
  for (let index = first; index < values.length; index++)
    values[index]! += step * overflowRoom(samples, index);
}

function overflowRoom({ values, tightHigh }: MovableSamples, index: number): number {
  // Without `max` the last cell is a single point: the lower bound of its bucket.
  return Math.max(0, OVERFLOW_REACH * tightHigh[index]! - values[index]!);
}

/** Every sample goes the same fraction of its way to its bound. Returns whether that sufficed. */
function moveTowards(
  low: Float64Array,
  high: Float64Array,
  { values }: MovableSamples,
  shares: Float64Array,
  missing: number,
): boolean {
  if (missing === 0) return true;
  const bounds = missing > 0 ? high : low;
  let room = 0;
  for (let index = 0; index < values.length; index++) {
    room += shares[index]! * distance(values[index]!, bounds[index]!, missing);
  }
  if (room === 0) return false;
  const step = Math.min(1, missing / room);
  for (let index = 0; index < values.length; index++) {
    values[index]! += step * distance(values[index]!, bounds[index]!, missing);
  }
  return step < 1;
}

/** From value to bound; none if the bound is open, or already passed because the sample's cell was. */
function distance(value: number, bound: number, missing: number): number {
  const way = bound - value;
  return Number.isFinite(way) && way > 0 === missing > 0 ? way : 0;
}

/** Only observations in a bucket without an end can account for what no bounded bucket can hold. */
function moveOpenCell(
  { values, hullLow, hullHigh }: MovableSamples,
  shares: Float64Array,
  missing: number,
): void {
  const bounds = missing > 0 ? hullHigh : hullLow;
  let openShares = 0;
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(bounds[index])) openShares += shares[index]!;
  }
  if (openShares === 0) return;
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(bounds[index])) values[index]! += missing / openShares;
  }
}

/** Puts what rounding left over on the one sample with the most room; on a second one only if that is full. */
function settle(samples: MovableSamples, shares: Float64Array, missing: () => number): void {
  const { values } = samples;
  for (let attempt = 0; attempt < MOST_SETTLING_SAMPLES; attempt++) {
    const rest = missing();
    if (rest === 0) return;
    let roomiest = 0;
    let most = 0;
    for (let index = 0; index < values.length; index++) {
      const room = roomToMove(samples, index, rest) * shares[index]!;
      if (room > most) {
        most = room;
        roomiest = index;
      }
    }
    if (most === 0) return;
    values[roomiest]! += (Math.sign(rest) * Math.min(Math.abs(rest), most)) / shares[roomiest]!;
    if (Math.abs(rest) <= most) return;
  }
}

const MOST_SETTLING_SAMPLES = 8;

/** How far a sample can go without passing its neighbour or leaving its stratum. */
function roomToMove({ values, hullLow, hullHigh }: MovableSamples, index: number, rest: number): number {
  const value = values[index]!;
  return rest > 0
    ? Math.min(hullHigh[index]!, values[index + 1] ?? Infinity) - value
    : value - Math.max(hullLow[index]!, values[index - 1] ?? -Infinity);
}
