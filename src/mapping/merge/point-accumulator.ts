// Exports that wait, merged per series: however many there are, the memory they take is that of their
// series, and no count is lost.

import type { MetricData, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { metricKey, seriesKey } from '../state/series-key.js';
import { type AnyPoint, type MergeKind, mergeKind, mergePoints } from './merge-points.js';

/** Points of a step; merging one takes some microseconds, a histogram some ten. */
const POINTS_OF_STEP = 16;

/** What adding a batch came to, in data points. */
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

  /** `maxBytes` bounds an estimate: engines do not tell what an object weighs. */
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
   * Merges a batch into what waits. New series beyond the limits are refused; known ones go on merging.
   * `otherBytes` is memory that counts towards the limit too.
   */
  add(batch: ResourceMetrics, otherBytes = 0): AddResult {
    const steps = this.steps(batch, otherBytes);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return step.value;
  }

  /** The same little by little, so that nobody has to wait long for something else. One batch after the other. */
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
          // Somebody may have taken what waits, and with it the entry.
          [key, entry] = this.#entryOf(scope, metric);
        }
        // A metric of which nothing was kept leaves nothing behind.
        if (entry.points.size === 0) this.#entries.delete(key);
      }
    }
    return { merged, refused };
  }

  /** Up to so many of the series that wait, oldest first, as one batch; undefined when none do. */
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
    // The attributes are the caller's own object, who may go on changing it.
    const copy = { ...point, attributes: { ...point.attributes } } as AnyPoint;
    if (waiting === undefined) points.set(key, [copy]);
    else waiting.push(copy);
    this.#series += 1;
    this.#bytes += bytes;
    return 'new';
  }

  #merge(kind: MergeKind, waiting: AnyPoint[], point: AnyPoint): boolean {
    // Histograms of several processes may take turns with their boundaries; all else goes on where it ended.
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
