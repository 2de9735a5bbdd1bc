// The workers of one service, whose metrics are combined: deltas are added up, gauges of live workers are folded.

import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { PointAccumulator } from '../../mapping/merge/point-accumulator.js';
import type { DecodedMetrics } from '../protocol/decode-metrics.js';
import { combine, type GaugeInfo, type GaugeRule, gaugeInfo } from './gauge-rules.js';
import { SharedResource } from './shared-resource.js';
import { type Contribution, type FoldedState, type StateMetric, WorkerGauges } from './worker-gauges.js';

export interface GroupOptions {
  readonly gaugeRule: (gauge: GaugeInfo) => GaugeRule;
  readonly instanceAttribute: string;
  readonly maxSeries: number;
  readonly maxBytes: number;
  /** Milliseconds since 1970, the time of points that no worker has measured. */
  readonly timeOfDay: () => number;
}

/** The worker that a batch is from. */
export interface BatchSource {
  readonly id: string;
  readonly instance: string;
  /** Time without an update after which its gauges are removed. */
  readonly staleAfterMillis: number;
  /** False for a batch read after its worker had ended: its deltas are added, its gauges are ignored. */
  readonly isLive: boolean;
}

export interface AddedPoints {
  readonly merged: number;
  readonly refused: number;
}

export class ServiceGroup {
  readonly #options: GroupOptions;
  readonly #deltas: PointAccumulator;
  readonly #gauges: WorkerGauges;
  readonly #resource = new SharedResource();
  readonly #live = new Set<string>();
  /** Up-down counters of the last export: 0 is sent once after their last worker has ended. */
  #upDownSent = new Map<string, StateMetric & { readonly point: DataPoint<number> }>();

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#deltas = new PointAccumulator(options.maxSeries, options.maxBytes);
    this.#gauges = new WorkerGauges(options.maxSeries);
  }

  get series(): number {
    return this.#deltas.series + this.#gauges.series;
  }

  /** True when there is nothing to send and no live worker. */
  get isEmpty(): boolean {
    return this.#deltas.isEmpty && this.#live.size === 0 && this.#upDownSent.size === 0;
  }

  add(source: BatchSource, { resource, scopeMetrics }: DecodedMetrics, now: number): AddedPoints {
    if (source.isLive) {
      this.#live.add(source.id);
      this.#resource.update(source.id, resource);
    } else {
      this.#resource.seed(resource);
    }
    let refused = 0;
    const deltas: ScopeMetrics[] = [];
    for (const { scope, metrics } of scopeMetrics) {
      deltas.push({ scope, metrics: metrics.filter((metric) => !isState(metric)) });
      if (!source.isLive) continue;
      for (const metric of metrics) {
        if (isState(metric)) refused += this.#gauges.update(source, { scope, metric }, now);
      }
    }
    const added = this.#deltas.add({ resource: this.#resource.current(), scopeMetrics: deltas });
    return { merged: added.merged, refused: refused + added.refused };
  }

  removeWorker(worker: string): void {
    this.#live.delete(worker);
    this.#gauges.remove(worker);
    this.#resource.remove(worker);
  }

  /** Everything since the last call; undefined when there is nothing. */
  collect(now: number): ResourceMetrics | undefined {
    const deltas = this.#deltas.take(Number.POSITIVE_INFINITY)?.scopeMetrics ?? [];
    const scopeMetrics = [...deltas, ...this.#collectStates(now)];
    return scopeMetrics.length === 0 ? undefined : { resource: this.#resource.current(), scopeMetrics };
  }

  #collectStates(now: number): ScopeMetrics[] {
    const collected: ScopeMetrics[] = [];
    const ended = this.#upDownSent;
    this.#upDownSent = new Map();
    for (const [key, folded] of this.#gauges.fold(now)) {
      const { scope, metric } = folded;
      if (metric.dataPointType === DataPointType.GAUGE) {
        collected.push(scopeOf(folded, this.#gaugePoints(folded)));
        continue;
      }
      const points: DataPoint<number>[] = [];
      for (const [series, contributions] of folded.series) {
        const point = combined('sum', contributions);
        points.push(point);
        const sent = key + series;
        this.#upDownSent.set(sent, { scope, metric, point });
        ended.delete(sent);
      }
      collected.push(scopeOf(folded, points));
    }
    for (const { scope, metric, point } of ended.values()) {
      collected.push(scopeOf({ scope, metric }, [{ ...point, endTime: this.#timeOfDay(), value: 0 }]));
    }
    return collected;
  }

  #timeOfDay(): [seconds: number, nanoseconds: number] {
    const millis = this.#options.timeOfDay();
    return [Math.floor(millis / 1_000), Math.floor(millis % 1_000) * 1_000_000];
  }

  #gaugePoints({ scope, metric, series }: FoldedState): DataPoint<number>[] {
    const { gaugeRule, instanceAttribute } = this.#options;
    const rule = gaugeRule(gaugeInfo(scope.name, metric.descriptor));
    return [...series.values()].flatMap((contributions) =>
      rule === 'perWorker'
        ? contributions.map(({ instance, point }) => ({
            ...point,
            attributes: { ...point.attributes, [instanceAttribute]: instance },
          }))
        : combined(rule, contributions),
    );
  }
}

function isState({ aggregationTemporality }: MetricData): boolean {
  return aggregationTemporality === AggregationTemporality.CUMULATIVE;
}

function combined(rule: Exclude<GaugeRule, 'perWorker'>, contributions: Contribution[]): DataPoint<number> {
  const value = combine(
    rule,
    contributions.map(({ point }) => point.value),
  );
  return { ...contributions.at(-1)!.point, value };
}

function scopeOf({ scope, metric }: StateMetric, dataPoints: DataPoint<number>[]): ScopeMetrics {
  return { scope, metrics: [{ ...metric, dataPoints } as MetricData] };
}
