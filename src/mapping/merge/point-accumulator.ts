// Exports that wait, merged per series: their memory is bounded by the number of series, and no count is lost.

import type { MetricData, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { metricKey, seriesKey } from '../state/series-key.js';
import { type AnyPoint, type MergeKind, mergeKind, mergePoints } from './merge-points.js';

/** Points of a step; merging one takes some microseconds, a histogram some ten. */
const POINTS_OF_STEP = 16;

/** The result of adding a batch, in data points. */
export interface AddResult {
  readonly merged: number;
  readonly refused: number;
}

/** One metric of one scope; a changed descriptor or temporality makes another. */
interface Entry {
  readonly scope: ScopeMetrics['scope'];
  readonly metric: Omit<MetricData, 'dataPoints'>;
  readonly kind: MergeKind;
  readonly points: Map<string, AnyPoint[]>;
}

export class PointAccumulator {
  readonly #maxSeries: number;
  readonly #maxBytes: number;
  readonly #entries = new Map<string, Entry>();
  #resource: ResourceMetrics['resource'] | undefined;
  #series = 0;
  #bytes = 0;

  /** `maxBytes` bounds an estimate, because engines do not report the size of an object. */
  constructor(maxSeries: number, maxBytes: number) {
    this.#maxSeries = maxSeries;
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#series === 0;
  }

  get series(): number {
    return this.#series;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Merges a batch into the waiting points. New series beyond the limits are refused; known ones are still merged.
   * `otherBytes` is further memory that counts towards the limit.
   */
  add(batch: ResourceMetrics, otherBytes = 0): AddResult {
    const steps = this.steps(batch, otherBytes);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return step.value;
  }

  /** Like `add`, but yields after some ten microseconds of work. One batch must be done before the next is begun. */
  *steps(batch: ResourceMetrics, otherBytes = 0): Generator<void, AddResult> {
    this.#resource = batch.resource;
    let merged = 0;
    let refused = 0;
    let left = POINTS_OF_STEP;
    for (const { scope, metrics } of batch.scopeMetrics) {
      for (const metric of metrics) {
        let [key, entry] = this.#entryOf(scope, metric);
        for (const point of metric.dataPoints) {
          const outcome = this.#addPoint(entry, point, otherBytes);
          if (outcome === 'merged') merged += 1;
          if (outcome === 'refused') refused += 1;
          left -= 1;
          if (left > 0) continue;
          left = POINTS_OF_STEP;
          yield;
          // `take` may have removed the entry during the yield.
          [key, entry] = this.#entryOf(scope, metric);
        }
        // All of its points were refused.
        if (entry.points.size === 0) this.#entries.delete(key);
      }
    }
    return { merged, refused };
  }

  /** Removes up to so many series, oldest first, and returns them as one batch; undefined when none wait. */
  take(maxSeries: number): ResourceMetrics | undefined {
    const resource = this.#resource;
    if (this.isEmpty || resource === undefined) return undefined;
    const scopeMetrics: ScopeMetrics[] = [];
    let room = maxSeries;
    for (const [key, { scope, metric, points }] of this.#entries) {
      if (room <= 0) break;
      const dataPoints: AnyPoint[] = [];
      for (const [series, waiting] of points) {
        if (room <= 0) break;
        points.delete(series);
        dataPoints.push(...waiting);
        room -= 1;
        this.#series -= waiting.length;
        for (const point of waiting) this.#bytes -= pointBytes(series, point);
      }
      if (points.size === 0) {
        this.#entries.delete(key);
        this.#bytes -= METRIC_BYTES;
      }
      scopeMetrics.push({ scope, metrics: [{ ...metric, dataPoints } as MetricData] });
    }
    return { resource, scopeMetrics };
  }

  #entryOf(scope: ScopeMetrics['scope'], metric: MetricData): [key: string, entry: Entry] {
    const { dataPoints: _, ...rest } = metric;
    const isMonotonic = 'isMonotonic' in metric && metric.isMonotonic;
    const key = `${metricKey(scope, metric)} ${metric.aggregationTemporality} ${isMonotonic}`;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { scope, metric: rest, kind: mergeKind(metric), points: new Map() };
      this.#entries.set(key, entry);
    }
    return [key, entry];
  }

  #addPoint({ kind, points }: Entry, point: AnyPoint, otherBytes: number): 'new' | 'merged' | 'refused' {
    const key = seriesKey('', point.attributes);
    const waiting = points.get(key);
    if (waiting !== undefined && this.#merge(kind, waiting, point)) return 'merged';
    const bytes = pointBytes(key, point) + (points.size === 0 ? METRIC_BYTES : 0);
    const hasRoom = this.#series < this.#maxSeries && this.#bytes + otherBytes + bytes <= this.#maxBytes;
    if (!hasRoom) return 'refused';
    // The caller may change the attributes object later.
    const copy = { ...point, attributes: { ...point.attributes } } as AnyPoint;
    if (waiting === undefined) points.set(key, [copy]);
    else waiting.push(copy);
    this.#series += 1;
    this.#bytes += bytes;
    return 'new';
  }

  #merge(kind: MergeKind, waiting: AnyPoint[], point: AnyPoint): boolean {
    // Histograms of several processes may alternate between boundaries. Other points merge with the latest or not at all.
    const oldest = kind === 'delta-histogram' ? 0 : waiting.length - 1;
    for (let index = waiting.length - 1; index >= oldest; index -= 1) {
      const earlier = waiting[index]!;
      const merged = mergePoints(kind, earlier, point);
      if (merged === undefined) continue;
      waiting[index] = merged;
      this.#bytes += valueBytes(merged) - valueBytes(earlier);
      return true;
    }
    return false;
  }
}

/** An entry with its key, descriptor and map: measured on metrics of one series, of which a gauge is usual. */
const METRIC_BYTES = 700;

/** A point object with its times, attributes object and map entry, measured at about this much on V8. */
const POINT_BYTES = 400;

function pointBytes(key: string, point: AnyPoint): number {
  return POINT_BYTES + 2 * key.length + valueBytes(point);
}

function valueBytes({ value }: AnyPoint): number {
  if (typeof value === 'number') return 8;
  const buckets =
    'buckets' in value
      ? value.buckets.counts.length
      : value.positive.bucketCounts.length + value.negative.bucketCounts.length;
  return 200 + 8 * buckets;
}
