// Two data points of one series become one that says the same as both: the laws by which deltas wait for a
// server that is away, and by which the points of several processes become one.

import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';

/** Data points of any metric. */
export type AnyPoint = DataPoint<number> | DataPoint<Histogram> | DataPoint<ExponentialHistogram>;

/**
 * What decides how points of a metric merge. Gauges and cumulative points replace one another; deltas add
 * up.
 */
export type MergeKind = 'last' | 'cumulative-sum' | 'delta-sum' | 'delta-histogram' | 'delta-exponential';

export function mergeKind(metric: MetricData): MergeKind {
  const isDelta = metric.aggregationTemporality === AggregationTemporality.DELTA;
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      if (isDelta) return 'delta-sum';
      return metric.isMonotonic ? 'cumulative-sum' : 'last';
    case DataPointType.HISTOGRAM:
      return isDelta ? 'delta-histogram' : 'last';
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return isDelta ? 'delta-exponential' : 'last';
    default:
      return 'last';
  }
}

/** The merged point; undefined when the two cannot be one without losing something. */
export function mergePoints(kind: MergeKind, earlier: AnyPoint, later: AnyPoint): AnyPoint | undefined {
  const value = mergeValues(kind, earlier, later);
  if (value === undefined) return undefined;
  const startTime = kind === 'last' || kind === 'cumulative-sum' ? later.startTime : earlier.startTime;
  return { attributes: earlier.attributes, startTime, endTime: later.endTime, value } as AnyPoint;
}

function mergeValues(kind: MergeKind, earlier: AnyPoint, later: AnyPoint): AnyPoint['value'] | undefined {
  const [a, b] = [earlier.value, later.value];
  switch (kind) {
    case 'last':
      return b;
    case 'cumulative-sum': {
      const [start, nextStart] = [earlier.startTime, later.startTime];
      const continues =
        start[0] === nextStart[0] && start[1] === nextStart[1] && (b as number) >= (a as number);
      // After a reset the earlier total is the end of its own story.
      return continues ? b : undefined;
    }
    case 'delta-sum':
      return (a as number) + (b as number);
    case 'delta-histogram':
      return mergeHistograms(a as Histogram, b as Histogram);
    case 'delta-exponential':
      return mergeExponentialHistograms(a as ExponentialHistogram, b as ExponentialHistogram);
  }
}

function mergeHistograms(a: Histogram, b: Histogram): Histogram | undefined {
  const { boundaries } = a.buckets;
  if (!sameNumbers(boundaries, b.buckets.boundaries)) return undefined;
  const counts = a.buckets.counts.map((count, index) => count + (b.buckets.counts[index] ?? 0));
  return { buckets: { boundaries, counts }, ...mergeTotals(a, b) };
}

/** The SDK's default `maxSize`; merging must not make points larger than the SDK would. */
const MAX_BUCKETS = 160;

function mergeExponentialHistograms(a: ExponentialHistogram, b: ExponentialHistogram): ExponentialHistogram {
  let scale = Math.min(a.scale, b.scale);
  let positive: Buckets;
  let negative: Buckets;
  do {
    positive = mergeBuckets(downscale(a.positive, a.scale - scale), downscale(b.positive, b.scale - scale));
    negative = mergeBuckets(downscale(a.negative, a.scale - scale), downscale(b.negative, b.scale - scale));
    scale -= 1;
  } while (Math.max(span(positive), span(negative)) > MAX_BUCKETS);
  return {
    scale: scale + 1,
    zeroCount: a.zeroCount + b.zeroCount,
    positive: dense(positive),
    negative: dense(negative),
    ...mergeTotals(a, b),
  };
}

/** Bucket index to count, empty buckets left out: ranges far apart cost nothing before they are scaled down. */
type Buckets = ReadonlyMap<number, number>;

function downscale({ offset, bucketCounts }: ExponentialHistogram['positive'], steps: number): Buckets {
  // Bucket i covers (base^i, base^(i+1)]; a step squares the base, so that two neighbours become one.
  const width = 2 ** steps;
  const buckets = new Map<number, number>();
  bucketCounts.forEach((count, position) => {
    if (count === 0) return;
    const index = Math.floor((offset + position) / width);
    buckets.set(index, (buckets.get(index) ?? 0) + count);
  });
  return buckets;
}

function mergeBuckets(a: Buckets, b: Buckets): Buckets {
  const merged = new Map(a);
  for (const [index, count] of b) merged.set(index, (merged.get(index) ?? 0) + count);
  return merged;
}

function span(buckets: Buckets): number {
  if (buckets.size === 0) return 0;
  const indexes = [...buckets.keys()];
  return Math.max(...indexes) - Math.min(...indexes) + 1;
}

function dense(buckets: Buckets): ExponentialHistogram['positive'] {
  if (buckets.size === 0) return { offset: 0, bucketCounts: [] };
  const offset = Math.min(...buckets.keys());
  const bucketCounts = new Array<number>(span(buckets)).fill(0);
  for (const [index, count] of buckets) bucketCounts[index - offset] = count;
  return { offset, bucketCounts };
}

interface Totals {
  readonly count: number;
  readonly sum?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** A total that one of the two does not know is not known of both, unless that one is empty. */
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
