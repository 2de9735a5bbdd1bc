// Turns cumulative histograms (a view on an up-down counter, a foreign producer) into deltas.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import type { HistogramPoint } from '../histograms/histogram-point.js';
import { isExponential } from '../histograms/model/well-formed.js';
import { addBuckets, dense, type SparseBuckets, sparse } from '../merge/exponential-buckets.js';
import { sameInstant } from './instant.js';
import { PreviousPoints } from './previous-points.js';

export class CumulativeHistograms {
  readonly #previous: PreviousPoints<HistogramPoint>;

  constructor(maxSeries: number) {
    this.#previous = new PreviousPoints(maxSeries);
  }

  beginExport(): void {
    this.#previous.beginExport();
  }

  /**
   * The increase of a series since its previous point. After a first point, a new start time or a fall (a reset of the
   * source) that is the whole point. Undefined when it is not known: the state is full, or the series may have been
   * forgotten.
   */
  growth(key: string, point: HistogramPoint): HistogramPoint | undefined {
    const previous = this.#previous.replace(key, point, point);
    if (previous === 'full' || previous === 'unknown') return undefined;
    if (previous === 'first' || !sameInstant(previous.startTime, point.startTime)) return point;
    if (point.kind === 'explicit' && previous.kind === 'explicit') {
      return withValue(point, explicitGrowth(previous.value, point.value));
    }
    if (point.kind === 'exponential' && previous.kind === 'exponential') {
      return withValue(point, exponentialGrowth(previous.value, point.value));
    }
    return point;
  }
}

function withValue<P extends HistogramPoint>(point: P, value: P['value'] | undefined): P {
  return value === undefined ? point : { ...point, value };
}

/** Undefined when the later one does not continue the earlier one. */
function explicitGrowth(earlier: Histogram, later: Histogram): Histogram | undefined {
  const { boundaries, counts } = later.buckets;
  const sameShape = boundaries.join() === earlier.buckets.boundaries.join();
  const grown = counts.map((count, index) => count - (earlier.buckets.counts[index] ?? 0));
  if (!sameShape || grown.some((count) => count < 0)) return undefined;
  return { buckets: { boundaries, counts: grown }, ...totalsGrowth(earlier, later) };
}

function exponentialGrowth(
  earlier: ExponentialHistogram,
  later: ExponentialHistogram,
): ExponentialHistogram | undefined {
  if (!isExponential(earlier) || !isExponential(later)) return undefined;
  const steps = earlier.scale - later.scale;
  // A histogram's scale only falls until it is reset.
  if (steps < 0) return undefined;
  const positive = subtract(sparse(later.positive, 0), sparse(earlier.positive, steps));
  const negative = subtract(sparse(later.negative, 0), sparse(earlier.negative, steps));
  const zeroCount = later.zeroCount - earlier.zeroCount;
  if (positive === undefined || negative === undefined || zeroCount < 0) return undefined;
  return {
    scale: later.scale,
    zeroCount,
    positive: dense(positive),
    negative: dense(negative),
    ...totalsGrowth(earlier, later),
  };
}

/** Undefined when a bucket would be below zero. */
function subtract(from: SparseBuckets, buckets: SparseBuckets): SparseBuckets | undefined {
  const negated = new Map([...buckets].map(([index, count]) => [index, -count]));
  const rest = [...addBuckets(from, negated)].filter(([, count]) => count !== 0);
  return rest.some(([, count]) => count < 0) ? undefined : new Map(rest);
}

/** Without min and max: those of the whole time are not those of the interval. */
function totalsGrowth(
  earlier: { count: number; sum?: number },
  later: { count: number; sum?: number },
): { count: number; sum?: number } {
  const count = later.count - earlier.count;
  // Once infinite, a sum says nothing about what is added later.
  if (earlier.sum === undefined || later.sum === undefined || !Number.isFinite(earlier.sum)) return { count };
  return { count, sum: later.sum - earlier.sum };
}
