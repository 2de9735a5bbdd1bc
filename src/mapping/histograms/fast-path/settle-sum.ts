// Moves samples until their weighted total is the recorded sum, and rounds them: what adjustSum does where the bounds of
// the buckets leave room for that. README.md of the folder above has the formulas.

import { POWERS_OF_TEN } from '../../numbers/digits.js';
import { decadeOf, powerOfTen, roundToPlaces } from '../../numbers/rounding.js';
import { withResidue } from '../samples/adjust-sum.js';
import { ESTIMATE_DIGITS, roundInHull } from '../samples/round-samples.js';
import { ALL_DIGITS, BEGINS, BUCKETS, DIGITS, EDGES, ENDS, VALUES, WEIGHTS, WHOLE_DIGITS } from './arrays.js';
import { EQUAL_VALUES, ROOM_DOWN, ROOM_UP, SUMS, TOP_LOW, TOTAL } from './place-samples.js';

/** Which samples there are. */
export interface Placed {
  /** Whether the server counts the value of each as often as its weight says. */
  readonly isWeighted: boolean;
  readonly samples: number;
  /** Of the observations. */
  readonly count: number;
}

const FIRST_OF_SEVEN_DIGITS = 1e6;
const END_OF_SEVEN_DIGITS = 1e7;
/** The most digits before the decimal point, and zeros behind it, of numbers that are written from their digits. */
const MOST_WHOLE_DIGITS = 6;
const MOST_ZEROS = 5;

/** Returns false where the samples need more than a step towards the bounds of their buckets; they are undefined then. */
export function settleSum(set: Placed, target: number): boolean {
  const { samples, isWeighted } = set;
  const missing = target - SUMS[TOTAL]!;
  const isUp = missing > 0;
  const room = SUMS[isUp ? ROOM_UP : ROOM_DOWN]!;
  const step = missing === 0 ? 0 : missing / room;
  // Not for NaN, which follows from a room of 0 or an infinite sum.
  if (!(step >= 0 && step < 1 && room > -Infinity && room < Infinity)) return false;
  const residue = target - moveAndRound(set, isUp, step);
  if (residue === 0) return true;
  const sample = sampleWithMostRoom(set, residue);
  if (sample === 0) return false;
  const share = isWeighted ? WEIGHTS[sample]! : 1;
  const value = withResidue(VALUES[sample]!, residue, share, target);
  const lowest = Math.max(hullLow(set, sample), VALUES[sample - 1]!);
  const highest = Math.min(hullHigh(set, sample), sample + 1 < samples ? VALUES[sample + 1]! : Infinity);
  const placed = Math.max(lowest, Math.min(value, highest));
  if (placed === VALUES[sample - 1] || placed === VALUES[sample + 1]) SUMS[EQUAL_VALUES] = 1;
  VALUES[sample] = placed;
  DIGITS[sample] = ALL_DIGITS;
  return true;
}

/** The same as `moveAndRound` of round-samples.ts, towards the bounds of the bins; keeps the digits it rounded to. */
function moveAndRound(placed: Placed, isUp: boolean, step: number): number {
  const bucketOf = BUCKETS;
  const edges = EDGES;
  const values = VALUES;
  const weights = WEIGHTS;
  const digitsOf = DIGITS;
  const wholeDigitsOf = WHOLE_DIGITS;
  const { isWeighted, samples } = placed;
  let places = ESTIMATE_DIGITS - 1;
  let power = POWERS_OF_TEN[places]!;
  let wholeDigits = 1;
  let digitsEnd = END_OF_SEVEN_DIGITS;
  let decadeStart = 1;
  let decadeEnd = 10;
  let previous = values[0]!;
  digitsOf[0] = ALL_DIGITS;
  let sum = previous * (isWeighted ? weights[0]! : 1);
  let lost = 0;
  const top = samples - 1;
  // The highest is max, which must not move.
  const moving = isWeighted ? top : samples;
  let isEqual = false;
  let kept = previous;
  for (let sample = 1; sample < moving; sample++) {
    const bucket = bucketOf[sample]!;
    const low = sample === top ? SUMS[TOP_LOW]! : edges[bucket]!;
    const high = edges[bucket + 1]!;
    const bound = isUp ? high : low;
    let value = values[sample]!;
    value += step * (bound - value);
    if (isUp ? value > bound : value < bound) value = bound;
    if (value < previous) value = previous;
    previous = value;
    if (!(value >= decadeStart && value < decadeEnd) && value !== 0) {
      const decade = decadeOf(value);
      decadeStart = powerOfTen(decade);
      decadeEnd = powerOfTen(decade + 1);
      places = ESTIMATE_DIGITS - 1 - decade;
      power = (places < 0 ? undefined : POWERS_OF_TEN[places]) ?? 0;
      wholeDigits = decade + 1;
      digitsEnd = wholeDigits <= MOST_WHOLE_DIGITS && wholeDigits >= -MOST_ZEROS ? END_OF_SEVEN_DIGITS : 0;
    }
    const digits = Math.floor(value * power + 0.5);
    const rounded = digits / power;
    if (rounded >= low && rounded <= high) {
      value = rounded;
      digitsOf[sample] = digits >= FIRST_OF_SEVEN_DIGITS && digits < digitsEnd ? digits : ALL_DIGITS;
      wholeDigitsOf[sample] = wholeDigits;
    } else {
      const nearest = power === 0 ? roundToPlaces(value, places) : rounded;
      value = roundInHull(value, nearest, places, hullLow(placed, sample), hullHigh(placed, sample));
      digitsOf[sample] = ALL_DIGITS;
    }
    values[sample] = value;
    if (value === kept) isEqual = true;
    kept = value;
    const term = isWeighted ? value * weights[sample]! : value;
    const next = sum + term;
    const added = next - sum;
    lost += sum - (next - added) + (term - added);
    sum = next;
  }
  if (isWeighted) {
    const max = values[top]!;
    if (max === kept) isEqual = true;
    digitsOf[top] = ALL_DIGITS;
    const next = sum + max;
    const added = next - sum;
    lost += sum - (next - added) + (max - added);
    sum = next;
  }
  SUMS[EQUAL_VALUES] = isEqual ? 1 : 0;
  return sum + lost;
}

/** As in adjust-sum.ts; 0 where none has enough room. The lowest sample is min, which must not move. */
function sampleWithMostRoom(placed: Placed, missing: number): number {
  const values = VALUES;
  const weights = WEIGHTS;
  const { isWeighted, samples } = placed;
  const isUp = missing > 0;
  let found = 0;
  let mostRoom = 0;
  let sample = samples - 1;
  let above = Infinity;
  // The highest is max, which must not move either.
  if (isWeighted) above = values[sample--]!;
  let value = values[sample]!;
  for (; sample > 0; sample--) {
    const below = values[sample - 1]!;
    const neighbour = isUp ? above : below;
    const share = isWeighted ? weights[sample]! : 1;
    if (Math.abs(neighbour - value) * share >= mostRoom) {
      const bound = roomEnd(placed, sample, neighbour, isUp);
      const room = Math.abs(bound - value) * share;
      if (room >= mostRoom) {
        mostRoom = room;
        found = sample;
      }
    }
    above = value;
    value = below;
  }
  return mostRoom < Math.abs(missing) ? 0 : found;
}

/** How far a sample may move: to its neighbour, or to the end of its hull. */
function roomEnd(placed: Placed, sample: number, neighbour: number, isUp: boolean): number {
  const bucket = BUCKETS[sample]!;
  if (isUp) {
    return EDGES[bucket + 1]! < neighbour ? Math.min(hullHigh(placed, sample), neighbour) : neighbour;
  }
  const low = sample === placed.samples - 1 ? SUMS[TOP_LOW]! : EDGES[bucket]!;
  return low > neighbour ? Math.max(hullLow(placed, sample), neighbour) : neighbour;
}

/** As those of SampleSet: the ends of the buckets of the first and the last observation that a sample stands for. */
export function hullLow({ isWeighted, samples, count }: Placed, sample: number): number {
  // Of weighted samples, min has the first rank.
  const first = isWeighted ? ENDS[sample - 1]! + 1 : Math.floor((sample * count) / samples);
  let bucket = BUCKETS[sample]!;
  while (bucket > 0 && !(BEGINS[bucket]! < first + 0.5)) bucket--;
  return EDGES[bucket]!;
}

function hullHigh({ isWeighted, samples, count }: Placed, sample: number): number {
  const end = isWeighted ? ENDS[sample]! + 1 : Math.ceil(((sample + 1) * count) / samples);
  let bucket = BUCKETS[sample]!;
  while (end - 0.5 > BEGINS[bucket + 1]!) bucket++;
  return EDGES[bucket + 1]!;
}
