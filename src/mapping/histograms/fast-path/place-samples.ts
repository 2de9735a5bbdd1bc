// Samples at their ranks, with the sums that the adjustment needs: the same samples as those of SampleSet.

import { exponential } from '../../numbers/exponential.js';
import { strataFractions, TAIL_STRATA, tailDecades } from '../samples/strata.js';
import { BEGINS, BUCKETS, EDGES, ENDS, LOG_WIDTHS, MAX_SAMPLES, RANKS, VALUES, WEIGHTS } from './arrays.js';
import { DECLINED, FILLED, FIRST, LAST } from './read-buckets.js';

/** Σ share·value of the samples, and the room up and down to the bounds of their buckets. */
export const SUMS = new Float64Array(5);
export const TOTAL = 0;
export const ROOM_UP = 1;
export const ROOM_DOWN = 2;
/** Not a sum: the lowest value that the highest sample may have. */
export const TOP_LOW = 3;
/** Not a sum either: 1 where neighbours have the same value. */
export const EQUAL_VALUES = 4;

const FRACTIONS = new Float64Array(MAX_SAMPLES);
let dividedInto = 0;

export interface Recorded {
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

/**
 * min, the strata between, and max; `weightedStrata` has the rules. Returns how many samples there are.
 *
 * @param body strata of the body, fewer than observations
 */
export function placeStrata({ count, min, max }: Recorded, body: number): number {
  // min and max have ranks of their own, the first and the last.
  const strata = divide(count - 2, body);
  if (strata === DECLINED) return DECLINED;
  BEGINS[FILLED[FIRST]!] = 1;
  BEGINS[FILLED[LAST]! + 1] = count - 1;
  const top = strata + 1;
  WEIGHTS[0] = 1;
  WEIGHTS[top] = 1;
  VALUES[0] = min;
  VALUES[top] = max;
  SUMS[TOTAL] = min;
  placeAtRanks(top, true);
  SUMS[TOTAL]! += max;
  return top + 1;
}

/**
 * min, and samples equally spaced in rank below the highest; `equalRanks` has the rules. The highest has no value yet, and the
 * sums lack it.
 */
export function placeEqualRanks({ count, min }: Recorded, size: number): void {
  const ranks = RANKS;
  const weights = WEIGHTS;
  const top = size - 1;
  let first = 0;
  for (let sample = 0; sample < size; sample++) {
    const end = Math.floor(((sample + 1) * count) / size);
    weights[sample] = end - first;
    ranks[sample] = (sample / top) * (count - 1) + 0.5;
    first = end;
  }
  VALUES[0] = min;
  SUMS[TOTAL] = min;
  placeAtRanks(top, false);
  BUCKETS[top] = bucketAt(ranks[top]!, BUCKETS[top - 1]!);
}

/**
 * Places the samples between the first and `top`, and adds them to the sums. Their ranks are known before: where a rank
 * leads to cannot be predicted, so the processor would wait for all that it is computed from.
 */
function placeAtRanks(top: number, isWeighted: boolean): void {
  const ranks = RANKS;
  const begins = BEGINS;
  const edges = EDGES;
  const values = VALUES;
  const weights = WEIGHTS;
  const bucketOf = BUCKETS;
  let total = SUMS[TOTAL]!;
  let roomUp = 0;
  let roomDown = 0;
  let bucket = FILLED[FIRST]!;
  for (let sample = 1; sample < top; sample++) {
    const rank = ranks[sample]!;
    while (rank > begins[bucket + 1]!) bucket = (bucket + 1) | 0;
    const low = edges[bucket]!;
    const high = edges[bucket + 1]!;
    const value = valueAt(rank, bucket, low, high);
    values[sample] = value;
    bucketOf[sample] = bucket;
    const share = isWeighted ? weights[sample]! : 1;
    total += value * share;
    roomUp += share * (high - value);
    roomDown += share * (low - value);
  }
  bucketOf[top] = bucket;
  SUMS[TOTAL] = total;
  SUMS[ROOM_UP] = roomUp;
  SUMS[ROOM_DOWN] = roomDown;
}

function bucketAt(rank: number, from: number): number {
  let bucket = from;
  while (rank > BEGINS[bucket + 1]!) bucket++;
  return bucket;
}

/** As `valueInBin`, of a rank within the bucket. */
function valueAt(rank: number, bucket: number, low: number, high: number): number {
  if (low === high) return low;
  const begin = BEGINS[bucket]!;
  const fraction = (rank - begin) / (BEGINS[bucket + 1]! - begin);
  const logWidth = LOG_WIDTHS[bucket]!;
  const value = logWidth === 0 ? low + (high - low) * fraction : low * exponential(fraction * logWidth);
  return value > high ? high : value;
}

/** Sets weights, ends and ranks of the strata of so many observations; returns how many strata there are. */
function divide(count: number, body: number): number {
  const fractions = FRACTIONS;
  const weights = WEIGHTS;
  const ends = ENDS;
  const ranks = RANKS;
  const bounds = body + TAIL_STRATA * tailDecades(count, body);
  if (bounds > MAX_SAMPLES - 3) return DECLINED;
  if (dividedInto !== body) {
    FRACTIONS.set(strataFractions(body).slice(0, MAX_SAMPLES));
    dividedInto = body;
  }
  const replaced = fractions[bounds]!;
  fractions[bounds] = 1;
  let strata = 0;
  let first = 0;
  ends[0] = 0;
  for (let bound = 0; bound <= bounds; bound++) {
    const end = Math.floor(fractions[bound]! * count + 0.5);
    if (!(end > first)) continue;
    strata += 1;
    weights[strata] = end - first;
    ends[strata] = end;
    // Behind the rank of min.
    ranks[strata] = (first + end) / 2 + 1;
    first = end;
  }
  fractions[bounds] = replaced;
  return strata;
}
