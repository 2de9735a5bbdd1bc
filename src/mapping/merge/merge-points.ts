// Merges two data points of one series into one that says the same as both: points that wait for a server that is
// away, points of several processes, and points of series that became one.

import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { isExponential } from '../histograms/model/well-formed.js';
import { sameInstant } from '../state/instant.js';
import { BucketSum, stepsToSpan } from './exponential-buckets.js';

/** Data points of any metric. */
export type AnyPoint = DataPoint<number> | DataPoint<Histogram> | DataPoint<ExponentialHistogram>;

/**
 * How points of a metric merge. Gauges and cumulative points replace earlier ones; deltas add up.
 */
export type MergeKind = 'last' | 'cumulative' | 'delta-sum' | 'delta-histogram' | 'delta-exponential';

export function mergeKind(metric: MetricData): MergeKind {
  const isDelta = metric.aggregationTemporality === AggregationTemporality.DELTA;
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      if (isDelta) return 'delta-sum';
      return metric.isMonotonic ? 'cumulative' : 'last';
    case DataPointType.HISTOGRAM:
      return isDelta ? 'delta-histogram' : 'cumulative';
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return isDelta ? 'delta-exponential' : 'cumulative';
    default:
      return 'last';
  }
}

/** The merged point; undefined when one point cannot hold the data of both. */
export function mergePoints(kind: MergeKind, earlier: AnyPoint, later: AnyPoint): AnyPoint | undefined {
  const value = mergeValues(kind, earlier, later);
  if (value === undefined) return undefined;
  const startTime = kind === 'last' ? later.startTime : earlier.startTime;
  return { attributes: earlier.attributes, startTime, endTime: later.endTime, value } as AnyPoint;
}

function mergeValues(kind: MergeKind, earlier: AnyPoint, later: AnyPoint): AnyPoint['value'] | undefined {
  const [a, b] = [earlier.value, later.value];
  switch (kind) {
    case 'last':
      return b;
    case 'cumulative':
      // After a counter reset the earlier total must be kept as a separate point.
      return sameInstant(earlier.startTime, later.startTime) && size(b) >= size(a) ? b : undefined;
    case 'delta-sum':
      return (a as number) + (b as number);
    case 'delta-histogram':
      return mergeHistograms(a as Histogram, b as Histogram);
    case 'delta-exponential':
      return mergeExponentialHistograms(a as ExponentialHistogram, b as ExponentialHistogram);
  }
}

/** A number that never falls during the life of a cumulative series. */
function size(value: AnyPoint['value']): number {
  return typeof value === 'number' ? value : value.count;
}

function mergeHistograms(a: Histogram, b: Histogram): Histogram | undefined {
  const { boundaries } = a.buckets;
  if (!sameNumbers(boundaries, b.buckets.boundaries)) return undefined;
  const counts = a.buckets.counts.map((count, index) => count + (b.buckets.counts[index] ?? 0));
  return { buckets: { boundaries, counts }, ...mergeTotals(a, b) };
}

/** The SDK's default `maxSize`; merging must not make points larger than the SDK would. */
const MAX_BUCKETS = 160;

function mergeExponentialHistograms(
  a: ExponentialHistogram,
  b: ExponentialHistogram,
): ExponentialHistogram | undefined {
  // No scale is low enough for indexes that are no numbers.
  if (!isExponential(a) || !isExponential(b)) return undefined;
  const scale = Math.min(a.scale, b.scale);
  const positive = new BucketSum([a.positive, a.scale - scale], [b.positive, b.scale - scale]);
  const negative = new BucketSum([a.negative, a.scale - scale], [b.negative, b.scale - scale]);
  const steps = stepsToSpan(MAX_BUCKETS, positive, negative);
  return {
    scale: scale - steps,
    zeroCount: a.zeroCount + b.zeroCount,
    positive: positive.total(steps),
    negative: negative.total(steps),
    ...mergeTotals(a, b),
  };
}

interface Totals {
  readonly count: number;
  readonly sum?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** A total that is missing in one of the two is missing in the result, unless that one is empty. */
function mergeTotals(a: Totals, b: Totals): { count: number; sum?: number; min?: number; max?: number } {
  const merged: { count: number; sum?: number; min?: number; max?: number } = { count: a.count + b.count };
  const full = [a, b].filter(({ count }) => count > 0);
  for (const [key, combine] of COMBINE) {
    const known = full.map((totals) => totals[key]).filter((value) => value !== undefined);
    if (known.length === full.length && known.length > 0) merged[key] = known.reduce((x, y) => combine(x, y));
  }
  return merged;
}

const COMBINE: readonly (readonly ['sum' | 'min' | 'max', (x: number, y: number) => number])[] = [
  ['sum', (x, y) => x + y],
  ['min', Math.min],
  ['max', Math.max],
];

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
