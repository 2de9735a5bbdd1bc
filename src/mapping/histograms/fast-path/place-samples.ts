// Samples at their ranks, with the sums that the adjustment needs: the same samples as those of SampleSet.

import { exponential } from '../../numbers/exponential.js';
import { strataFractions, TAIL_STRATA, tailDecades } from '../samples/strata.js';
import { BEGINS, BUCKETS, EDGES, ENDS, LOG_WIDTHS, MAX_SAMPLES, VALUES, WEIGHTS } from './arrays.js';
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
  const fractions = FRACTIONS;
  const begins = BEGINS;
  const edges = EDGES;
  const values = VALUES;
  const weights = WEIGHTS;
  const ends = ENDS;
  const bucketOf = BUCKETS;
  // min and max have ranks of their own, the first and the last.
  const ranked = count - 2;
  begins[FILLED[FIRST]!] = 1;
  begins[FILLED[LAST]! + 1] = count - 1;
  const lastEnd = divide(ranked, body);
  if (lastEnd === DECLINED) return DECLINED;
  values[0] = min;
  weights[0] = 1;
  ends[0] = 0;
  let total = min;
  let roomUp = 0;
  let roomDown = 0;
  let sample = 0;
  let bucket = FILLED[FIRST]!;
  let first = 0;
  for (let index = 0; index <= lastEnd; index++) {
    const end = index === lastEnd ? ranked : Math.floor(fractions[index]! * ranked + 0.5);
    if (!(end > first)) continue;
    const rank = (first + end) / 2 + 1;
    const weight = end - first;
    while (rank > begins[bucket + 1]!) bucket++;
    const low = edges[bucket]!;
    const high = edges[bucket + 1]!;
    const begin = begins[bucket]!;
    const value = valueAt((rank - begin) / (begins[bucket + 1]! - begin), bucket, low, high);
    sample += 1;
    values[sample] = value;
    weights[sample] = weight;
    ends[sample] = end;
    bucketOf[sample] = bucket;
    total += value * weight;
    roomUp += weight * (high - value);
    roomDown += weight * (low - value);
    first = end;
  }
  sample += 1;
  values[sample] = max;
  weights[sample] = 1;
  SUMS[TOTAL] = total + max;
  SUMS[ROOM_UP] = roomUp;
  SUMS[ROOM_DOWN] = roomDown;
  return sample + 1;
}

/** min, and samples equally spaced in rank up to the highest; `equalRanks` has the rules. The sums lack the highest. */
export function placeEqualRanks({ count, min }: Recorded, size: number): void {
  const begins = BEGINS;
  const edges = EDGES;
  const values = VALUES;
  const weights = WEIGHTS;
  const bucketOf = BUCKETS;
  const top = size - 1;
  let total = min;
  let roomUp = 0;
  let roomDown = 0;
  let bucket = FILLED[FIRST]!;
  let from = count / size;
  values[0] = min;
  weights[0] = Math.floor(from);
  for (let sample = 1; sample < size; sample++) {
    const to = ((sample + 1) * count) / size;
    const first = Math.floor(from);
    const rank = (sample / top) * (count - 1) + 0.5;
    while (rank > begins[bucket + 1]!) bucket++;
    const low = edges[bucket]!;
    const high = edges[bucket + 1]!;
    const begin = begins[bucket]!;
    const value = valueAt((rank - begin) / (begins[bucket + 1]! - begin), bucket, low, high);
    values[sample] = value;
    weights[sample] = Math.floor(to) - first;
    bucketOf[sample] = bucket;
    from = to;
    if (sample === top) break;
    total += value;
    roomUp += high - value;
    roomDown += low - value;
  }
  SUMS[TOTAL] = total;
  SUMS[ROOM_UP] = roomUp;
  SUMS[ROOM_DOWN] = roomDown;
}

/** As `valueInBin`, of a fraction between 0 and 1. */
function valueAt(fraction: number, bucket: number, low: number, high: number): number {
  if (low === high) return low;
  const logWidth = LOG_WIDTHS[bucket]!;
  const value = logWidth === 0 ? low + (high - low) * fraction : low * exponential(fraction * logWidth);
  return value > high ? high : value;
}

/** Sets the ends of strata as fractions of their observations; returns how many there are besides the last end. */
function divide(count: number, body: number): number {
  const ends = body + TAIL_STRATA * tailDecades(count, body);
  if (ends > MAX_SAMPLES - 3) return DECLINED;
  if (dividedInto !== body) {
    FRACTIONS.set(strataFractions(body).slice(0, MAX_SAMPLES));
    dividedInto = body;
  }
  return ends;
}
