// Exports that wait, merged per series: their memory is bounded by the number of series, and no count is lost.

import type { MetricData, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { metricKey, seriesKey } from '../state/series-key.js';
import { metricBytes, pointBytes, valueBytes } from './memory-size.js';
import { type AnyPoint, type MergeKind, mergeKind, mergePoints } from './merge-points.js';

/** Points of a step; merging one takes some microseconds, a histogram some ten. */
const POINTS_OF_STEP = 16;

/**
 * Different boundaries among the waiting histograms of one series, each of which a new point is compared with. An app
 * has as many as versions of it run at a time.
 */
const MAX_BOUNDARIES_PER_SERIES = 16;

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
  readonly bytes: number;
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
   * `otherBytes` and `otherSeries` are further memory and series that count towards the limits.
   */
  add(batch: ResourceMetrics, otherBytes = 0, otherSeries = 0): AddResult {
    const steps = this.steps(batch, otherBytes, otherSeries);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return step.value;
  }

  /** Like `add`, but yields after some ten microseconds of work. One batch must be done before the next is begun. */
  *steps(batch: ResourceMetrics, otherBytes = 0, otherSeries = 0): Generator<void, AddResult> {
    this.#resource = batch.resource;
    let merged = 0;
    let refused = 0;
    let left = POINTS_OF_STEP;
    const maxSeries = this.#maxSeries - otherSeries;
    const maxBytes = this.#maxBytes - otherBytes;
    for (const { scope, metrics } of batch.scopeMetrics) {
      for (const metric of metrics) {
        let [key, entry] = this.#entryOf(scope, metric);
        for (const point of metric.dataPoints) {
          const outcome = this.#addPoint(entry, point, maxSeries, maxBytes);
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
    for (const [key, { scope, metric, bytes, points }] of this.#entries) {
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
        this.#bytes -= bytes;
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
      const bytes = metricBytes(key, metric.descriptor.description);
      entry = { scope, metric: rest, kind: mergeKind(metric), bytes, points: new Map() };
      this.#entries.set(key, entry);
    }
    return [key, entry];
  }

  #addPoint(
    { kind, points, bytes: entryBytes }: Entry,
    point: AnyPoint,
    maxSeries: number,
    maxBytes: number,
  ): 'new' | 'merged' | 'refused' {
    const key = seriesKey('', point.attributes);
    const waiting = points.get(key);
    if (waiting !== undefined && this.#merge(kind, waiting, point)) return 'merged';
    const bytes = pointBytes(key, point) + (points.size === 0 ? entryBytes : 0);
    const hasRoom = this.#series < maxSeries && this.#bytes + bytes <= maxBytes;
    if (!hasRoom || (kind === 'delta-histogram' && waiting?.length === MAX_BOUNDARIES_PER_SERIES)) {
      return 'refused';
    }
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
