// The latest gauges and up-down counters of each live worker. They are removed when the worker ends or becomes stale.
// Counters and histograms are not kept here: their deltas are added once and stay.

import type { DataPoint, MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { metricBytes, pointBytes } from '../../mapping/merge/memory-size.js';
import { isBefore } from '../../mapping/state/instant.js';
import { metricKey, seriesKey } from '../../mapping/state/series-key.js';

/** A metric without its points. */
export interface StateMetric {
  readonly scope: ScopeMetrics['scope'];
  readonly metric: Omit<MetricData, 'dataPoints'>;
}

export interface Contribution {
  /** Distinguishes the worker, for `perWorker`. */
  readonly instance: string;
  readonly point: DataPoint<number>;
}

/** One metric with the points of each worker for each of its series. */
export interface FoldedState extends StateMetric {
  readonly series: Map<string, Contribution[]>;
}

interface WorkerState {
  readonly instance: string;
  staleAfterMillis: number;
  readonly metrics: Map<string, KnownMetric>;
}

interface KnownMetric extends StateMetric {
  readonly bytes: number;
  readonly points: Map<string, TimedPoint>;
}

interface TimedPoint {
  readonly point: DataPoint<number>;
  readonly at: number;
  readonly bytes: number;
}

export class WorkerGauges {
  readonly #workers = new Map<string, WorkerState>();
  #series = 0;
  #bytes = 0;

  get series(): number {
    return this.#series;
  }

  /** The estimated memory of all series. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns the number of points of new series refused for lack of room. */
  update(
    worker: { readonly id: string; readonly instance: string; readonly staleAfterMillis: number },
    { scope, metric }: { readonly scope: ScopeMetrics['scope']; readonly metric: MetricData },
    now: number,
    limits: { readonly series: number; readonly bytes: number },
  ): number {
    const state = this.#stateOf(worker);
    const key = metricKey(scope, metric);
    const known = state.metrics.get(key) ?? this.#newMetric(key, scope, metric);
    let refused = 0;
    for (const point of metric.dataPoints as DataPoint<number>[]) {
      const series = seriesKey('', point.attributes);
      const bytes = pointBytes(2 * series.length, point.value);
      const isNew = !known.points.has(series);
      const added = bytes + (known.points.size === 0 ? known.bytes : 0);
      if (isNew && (this.#series >= limits.series || this.#bytes + added > limits.bytes)) {
        refused += 1;
        continue;
      }
      if (isNew) {
        this.#series += 1;
        this.#bytes += added;
      }
      known.points.set(series, { point, at: now, bytes });
    }
    if (known.points.size > 0) state.metrics.set(key, known);
    return refused;
  }

  remove(worker: string): void {
    const state = this.#workers.get(worker);
    if (state === undefined) return;
    for (const metric of state.metrics.values()) {
      for (const series of metric.points.keys()) this.#removePoint(metric, series);
    }
    this.#workers.delete(worker);
  }

  /**
   * All points by metric and series, the most recent last, in steps. Removes stale series. Points of workers that end between
   * two steps may be missing; none is there twice.
   */
  *fold(now: number): Generator<void, Map<string, FoldedState>> {
    const folded = new Map<string, FoldedState>();
    // Not those that become live again between two steps.
    for (const { instance, staleAfterMillis, metrics } of [...this.#workers.values()]) {
      for (const [key, known] of metrics) {
        const { scope, metric, points } = known;
        for (const [series, { point, at }] of points) {
          yield;
          if (now - at > staleAfterMillis) {
            this.#removePoint(known, series);
            continue;
          }
          let entry = folded.get(key);
          if (entry === undefined) {
            entry = { scope, metric, series: new Map() };
            folded.set(key, entry);
          }
          const contributions = entry.series.get(series);
          if (contributions === undefined) entry.series.set(series, [{ instance, point }]);
          else insert(contributions, { instance, point });
        }
        if (points.size === 0) metrics.delete(key);
      }
    }
    return folded;
  }

  #newMetric(key: string, scope: ScopeMetrics['scope'], metric: MetricData): KnownMetric {
    const { dataPoints: _, ...rest } = metric;
    const bytes = metricBytes(key, metric.descriptor.description);
    return { scope, metric: rest, bytes, points: new Map() };
  }

  /** The worker of a stale point may have ended meanwhile, and its points with it. */
  #removePoint({ points, bytes }: KnownMetric, series: string): void {
    const known = points.get(series);
    if (known === undefined) return;
    this.#series -= 1;
    this.#bytes -= known.bytes;
    points.delete(series);
    if (points.size === 0) this.#bytes -= bytes;
  }

  #stateOf({ id, instance, staleAfterMillis }: Parameters<WorkerGauges['update']>[0]): WorkerState {
    const known = this.#workers.get(id);
    if (known !== undefined) {
      known.staleAfterMillis = staleAfterMillis;
      return known;
    }
    const state: WorkerState = { instance, staleAfterMillis, metrics: new Map() };
    this.#workers.set(id, state);
    return state;
  }
}

/** Keeps the most recent contribution last; the order of the others has no meaning. */
function insert(contributions: Contribution[], added: Contribution): void {
  const last = contributions.length - 1;
  const latest = contributions[last]!;
  if (!isBefore(added.point.endTime, latest.point.endTime)) {
    contributions.push(added);
    return;
  }
  contributions[last] = added;
  contributions.push(latest);
}
