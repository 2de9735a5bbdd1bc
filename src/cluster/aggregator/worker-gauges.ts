// The latest gauges and up-down counters of each live worker. They are removed when the worker ends or becomes stale.
// Counters and histograms are not kept here: their deltas are added once and stay.

import type { DataPoint, MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
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
  readonly metrics: Map<string, StateMetric & { readonly points: Map<string, TimedPoint> }>;
}

interface TimedPoint {
  readonly point: DataPoint<number>;
  readonly at: number;
}

export class WorkerGauges {
  readonly #maxSeries: number;
  readonly #workers = new Map<string, WorkerState>();
  #series = 0;

  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
  }

  get series(): number {
    return this.#series;
  }

  /** Returns the number of points refused for lack of room. */
  update(
    worker: { readonly id: string; readonly instance: string; readonly staleAfterMillis: number },
    { scope, metric }: { readonly scope: ScopeMetrics['scope']; readonly metric: MetricData },
    now: number,
  ): number {
    const state = this.#stateOf(worker);
    const key = metricKey(scope, metric);
    let known = state.metrics.get(key);
    if (known === undefined) {
      const { dataPoints: _, ...rest } = metric;
      known = { scope, metric: rest, points: new Map() };
      state.metrics.set(key, known);
    }
    let refused = 0;
    for (const point of metric.dataPoints as DataPoint<number>[]) {
      const series = seriesKey('', point.attributes);
      const isNew = !known.points.has(series);
      if (isNew && this.#series >= this.#maxSeries) {
        refused += 1;
        continue;
      }
      if (isNew) this.#series += 1;
      known.points.set(series, { point, at: now });
    }
    return refused;
  }

  remove(worker: string): void {
    const state = this.#workers.get(worker);
    if (state === undefined) return;
    for (const { points } of state.metrics.values()) this.#series -= points.size;
    this.#workers.delete(worker);
  }

  /** All points by metric and series, the most recent last. Removes stale series. */
  fold(now: number): Map<string, FoldedState> {
    const folded = new Map<string, FoldedState>();
    for (const { instance, staleAfterMillis, metrics } of this.#workers.values()) {
      for (const [key, { scope, metric, points }] of metrics) {
        for (const [series, { point, at }] of points) {
          if (now - at > staleAfterMillis) {
            points.delete(series);
            this.#series -= 1;
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

function insert(contributions: Contribution[], added: Contribution): void {
  const latest = contributions.at(-1)!;
  if (isBefore(added.point.endTime, latest.point.endTime)) contributions.unshift(added);
  else contributions.push(added);
}
