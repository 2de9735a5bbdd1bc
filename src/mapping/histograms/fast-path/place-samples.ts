// Samples at their ranks, with the sums that the adjustment needs: the same samples as those of SampleSet.

import { exponential } from '../../numbers/exponential.js';
import { strataFractions, TAIL_STRATA, tailDecades } from '../samples/strata.js';
import { BEGIN, BIN, ENDS, HIGH, LOG_WIDTH, LOW, MAX_SAMPLES, SIZE, VALUES, WEIGHTS } from './arrays.js';
import { DECLINED } from './read-bins.js';

/** Σ share·value of the samples, and the room up and down to the bounds of their bins. */
export const SUMS = new Float64Array(4);
export const TOTAL = 0;
export const ROOM_UP = 1;
export const ROOM_DOWN = 2;
/** Not a sum: the lowest value that the highest sample may have. */
export const TOP_LOW = 3;

const FRACTIONS = new Float64Array(MAX_SAMPLES);
let dividedInto = 0;

/**
 * min, the strata between, and max; `weightedStrata` has the rules. Returns how many samples there are.
 *
 * @param count of observations, more than `body` of them
 */
export function placeStrata(bins: number, count: number, body: number): number {
  const fractions = FRACTIONS;
  const begins = BEGIN;
  const sizes = SIZE;
  const lows = LOW;
  const highs = HIGH;
  const values = VALUES;
  const weights = WEIGHTS;
  const ends = ENDS;
  const binOf = BIN;
  const inner = count - 2;
  const lastEnd = divide(inner, body);
  if (lastEnd === DECLINED) return DECLINED;
  // min and max have no rank: the samples between them begin at rank 0.
  const last = bins - 1;
  sizes[0]! -= 1;
  sizes[last]! -= 1;
  for (let bin = 1; bin <= last; bin++) begins[bin]! -= 1;
  begins[bins] = Infinity;
  const min = lows[0]!;
  const max = highs[last]!;
  values[0] = min;
  weights[0] = 1;
  ends[0] = 0;
  let total = min;
  let roomUp = 0;
  let roomDown = 0;
  let sample = 0;
  let bin = 0;
  let first = 0;
  for (let index = 0; index <= lastEnd; index++) {
    const end = index === lastEnd ? inner : Math.floor(fractions[index]! * inner + 0.5);
    if (!(end > first)) continue;
    const rank = (first + end) / 2;
    const weight = end - first;
    while (rank > begins[bin + 1]!) bin++;
    const low = lows[bin]!;
    const high = highs[bin]!;
    const value = valueAt(rank, bin, low, high);
    sample += 1;
    values[sample] = value;
    weights[sample] = weight;
    ends[sample] = end;
    binOf[sample] = bin;
    total += value * weight;
    roomUp += weight * (high - value);
    roomDown += weight * (low - value);
    first = end;
  }
  sample += 1;
  values[sample] = max;
  weights[sample] = 1;
  binOf[sample] = last;
  SUMS[TOTAL] = total + max;
  SUMS[ROOM_UP] = roomUp;
  SUMS[ROOM_DOWN] = roomDown;
  SUMS[TOP_LOW] = max;
  return sample + 1;
}

/** min, and samples equally spaced in rank up to the highest; `equalRanks` has the rules. The sums lack the highest. */
export function placeEqualRanks(bins: number, count: number, size: number): void {
  const begins = BEGIN;
  const lows = LOW;
  const highs = HIGH;
  const values = VALUES;
  const weights = WEIGHTS;
  const binOf = BIN;
  begins[bins] = Infinity;
  const top = size - 1;
  let total = lows[0]!;
  let roomUp = 0;
  let roomDown = 0;
  let bin = 0;
  let from = count / size;
  values[0] = total;
  weights[0] = Math.floor(from);
  for (let sample = 1; sample < size; sample++) {
    const to = ((sample + 1) * count) / size;
    const first = Math.floor(from);
    const rank = (sample / top) * (count - 1) + 0.5;
    while (rank > begins[bin + 1]!) bin++;
    const low = lows[bin]!;
    const high = highs[bin]!;
    const value = valueAt(rank, bin, low, high);
    values[sample] = value;
    weights[sample] = Math.floor(to) - first;
    binOf[sample] = bin;
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

/** As `valueInBin`, of a rank within the bin. */
function valueAt(rank: number, bin: number, low: number, high: number): number {
  if (low === high) return low;
  const fraction = (rank - BEGIN[bin]!) / SIZE[bin]!;
  const logWidth = LOG_WIDTH[bin]!;
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
