// What live workers last said of their gauges and up-down counters: gone with the worker, or when it is silent for too
// long. Counters and histograms are not in here, for what was counted stays counted.

import type { DataPoint, MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { metricKey, seriesKey } from '../../mapping/state/series-key.js';

/** A metric without its points. */
export interface StateMetric {
  readonly scope: ScopeMetrics['scope'];
  readonly metric: Omit<MetricData, 'dataPoints'>;
}

export interface Contribution {
  /** Tells the worker from others, for `perWorker`. */
  readonly instance: string;
  readonly point: DataPoint<number>;
}

/** One metric with what each worker contributes to each of its series. */
export interface FoldedState extends StateMetric {
  readonly series: Map<string, Contribution[]>;
}

interface WorkerState {
  readonly instance: string;
  patienceMillis: number;
  readonly metrics: Map<string, StateMetric & { readonly points: Map<string, Heard> }>;
}

interface Heard {
  readonly point: DataPoint<number>;
  readonly at: number;
}

export class WorkerStates {
  readonly #maxSeries: number;
  readonly #workers = new Map<string, WorkerState>();
  #series = 0;

  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
  }

  get series(): number {
    return this.#series;
  }

  /** Answers how many points had no room. */
  hear(
    worker: { readonly id: string; readonly instance: string; readonly patienceMillis: number },
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

  forget(worker: string): void {
    const state = this.#workers.get(worker);
    if (state === undefined) return;
    for (const { points } of state.metrics.values()) this.#series -= points.size;
    this.#workers.delete(worker);
  }

  /** By metric and series; the latest measured comes last. Series not heard of for too long leave. */
  fold(now: number): Map<string, FoldedState> {
    const folded = new Map<string, FoldedState>();
    for (const { instance, patienceMillis, metrics } of this.#workers.values()) {
      for (const [key, { scope, metric, points }] of metrics) {
        for (const [series, { point, at }] of points) {
          if (now - at > patienceMillis) {
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

  #stateOf({ id, instance, patienceMillis }: Parameters<WorkerStates['hear']>[0]): WorkerState {
    const known = this.#workers.get(id);
    if (known !== undefined) {
      known.patienceMillis = patienceMillis;
      return known;
    }
    const state: WorkerState = { instance, patienceMillis, metrics: new Map() };
    this.#workers.set(id, state);
    return state;
  }
}

function insert(contributions: Contribution[], added: Contribution): void {
  const latest = contributions.at(-1)!;
  if (isBefore(added.point.endTime, latest.point.endTime)) contributions.unshift(added);
  else contributions.push(added);
}

function isBefore(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}
