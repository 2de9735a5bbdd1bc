// Histogram points whose min, max and sum are known and whose counts are whole numbers, to lines of samples. All others
// take the slow path, map-histogram.ts, which writes the same lines.

import type { SampleRules } from '../../dialects/dialect.js';
import type { MetricContext } from '../../metric-context.js';
import { isTimeUnit, timeFactor } from '../../numbers/units.js';
import type { HistogramRules } from '../../options.js';
import type { HistogramPoint } from '../histogram-point.js';
import { type Totals, totalsOf } from '../model/distribution.js';
import { isWellFormed } from '../model/well-formed.js';
import { writeExtremes } from '../write/write-modes.js';
import { BEGINS, BUCKETS, DIGITS, EDGES, MAX_SAMPLES, VALUES, WEIGHTS, WHOLE_DIGITS } from './arrays.js';
import type { LineOptions } from './line-writer.js';
import {
  EQUAL_VALUES,
  placeEqualRanks,
  placeStrata,
  type Recorded,
  ROOM_DOWN,
  ROOM_UP,
  SUMS,
  TOP_LOW,
  TOTAL,
} from './place-samples.js';
import { clip, DECLINED, readExplicit, readExponential } from './read-buckets.js';
import { hullLow, type Placed, settleSum } from './settle-sum.js';

/** The values of fewer may follow from min, max and sum; they keep all their digits. */
const LEAST_SAMPLES = 4;

/** Writes the lines of a delta point; false when it is declined, in which case nothing was written. */
export function writeFast(point: HistogramPoint, context: MetricContext): boolean {
  const { lines, options, scratch, sink, syntax, unit } = context;
  const { dialect, histograms, maxLineBytes } = options;
  if (lines === undefined || histograms.mode !== 'samples') return false;
  const buffer = sink.bytes?.('additive');
  if (buffer === undefined) return false;
  const kind = isTimeUnit(unit) ? 'timer' : 'histogram';
  const factor = dialect.types[kind] === 'ms' ? timeFactor(unit, 'ms') : context.scale.factor;
  const buckets = readBuckets(point, factor, context);
  if (buckets === DECLINED) return false;
  const totals = totalsOf(BEGINS[buckets]!, point.value, scratch.reader.scaleBy(factor));
  if (!areKnown(totals)) return false;
  if (!clip(buckets, totals.min, totals.max)) return false;
  const samples = chooseSamples(totals, dialect.samples, histograms);
  if (samples === DECLINED) return false;
  const { rate, packed } = dialect.samples;
  const { lineBytes } = dialect.limits;
  const ofLines: LineOptions = { syntax, kind, packed, maxLineBytes, lineBytes };
  if (!scratch.lineWriter.write(samples, lines, buffer, ofLines)) return false;
  if (rate !== 'weighted') writeExtremes(totals, kind, point.attributes, context);
  return true;
}

type KnownTotals = Required<{ [name in keyof Totals]: number }>;

function readBuckets(point: HistogramPoint, factor: number, { scratch }: MetricContext): number {
  const { count, sum, min, max } = point.value;
  const isUsual =
    isKnown(count) && count > 0 && isKnown(sum) && isKnown(min) && isKnown(max) && min >= 0 && min <= max;
  if (!isUsual) return DECLINED;
  const { reader } = scratch;
  const scale = reader.scaleBy(factor);
  if (point.kind === 'exponential') return readExponential(point.value, reader, scale);
  return isWellFormed(point) ? readExplicit(point.value, reader, scale) : DECLINED;
}

function isKnown(value: number | undefined): value is number {
  return Number.isFinite(value);
}

function areKnown(totals: Totals): totals is KnownTotals {
  const { sum, min, max } = totals;
  return sum !== undefined && min !== undefined && max !== undefined;
}

/** The samples of `chooseSamples` of the slow path. */
function chooseSamples(
  { count, sum, min, max }: KnownTotals,
  { rate, maxWeight, maxCount = Infinity, perPoint }: SampleRules,
  { maxSamples, sampleWeight }: Pick<HistogramRules, 'maxSamples' | 'sampleWeight'>,
): number {
  if (count > maxCount || sampleWeight !== undefined) return DECLINED;
  const recorded: Recorded = { count, min, max };
  if (rate === 'weighted') {
    // No stratum has a weight that has to be split.
    if (maxSamples !== undefined || count <= perPoint || count / perPoint + 1 > maxWeight) return DECLINED;
    const samples = placeStrata(recorded, perPoint);
    if (samples === DECLINED || !settleSum({ isWeighted: true, samples, count }, sum)) return DECLINED;
    return SUMS[EQUAL_VALUES] === 0 ? samples : merge(samples, maxWeight);
  }
  const samples = maxSamples ?? perPoint;
  if (samples < LEAST_SAMPLES || samples > MAX_SAMPLES || count <= samples) return DECLINED;
  placeEqualRanks(recorded, samples);
  const placed: Placed = { isWeighted: false, samples, count };
  const target = (sum / count) * samples;
  moveTop(placed, target);
  return settleSum(placed, target) ? samples : DECLINED;
}

/** No percentile below p100 depends on the highest sample, so it is moved first, as far as the mean needs it. */
function moveTop(placed: Placed, target: number): void {
  const top = placed.samples - 1;
  const low = hullLow(placed, top);
  const high = EDGES[BUCKETS[top]! + 1]!;
  const value = Math.max(VALUES[top - 1]!, low, Math.min(target - SUMS[TOTAL]!, high));
  VALUES[top] = value;
  SUMS[TOP_LOW] = low;
  SUMS[TOTAL]! += value;
  SUMS[ROOM_UP]! += Math.max(value, high) - value;
  SUMS[ROOM_DOWN]! += low - value;
}

/** One sample of those of equal values; returns how many are left. */
function merge(samples: number, maxWeight: number): number {
  const values = VALUES;
  const weights = WEIGHTS;
  const digitsOf = DIGITS;
  const wholeDigitsOf = WHOLE_DIGITS;
  let kept = 0;
  let heaviest = 1;
  for (let sample = 1; sample < samples; sample++) {
    const isEqual = values[sample] === values[kept];
    if (!isEqual) kept += 1;
    const weight = weights[sample]! + (isEqual ? weights[kept]! : 0);
    heaviest = Math.max(heaviest, weight);
    weights[kept] = weight;
    if (kept === sample) continue;
    values[kept] = values[sample]!;
    digitsOf[kept] = digitsOf[sample]!;
    wholeDigitsOf[kept] = wholeDigitsOf[sample]!;
  }
  // Such a weight has to be split.
  return heaviest > maxWeight ? DECLINED : kept + 1;
}
