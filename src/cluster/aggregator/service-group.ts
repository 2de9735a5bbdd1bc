// The processes of one service, whose metrics become one: deltas add up, states of live workers are folded.

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
import { CommonResource } from './shared-resource.js';
import { type Contribution, type FoldedState, type StateMetric, WorkerStates } from './worker-gauges.js';

export interface GroupOptions {
  readonly gaugeRule: (gauge: GaugeInfo) => GaugeRule;
  readonly instanceAttribute: string;
  readonly maxSeries: number;
  readonly maxBytes: number;
  /** Milliseconds since 1970, for what nobody has measured. */
  readonly timeOfDay: () => number;
}

/** The worker that a batch is from. */
export interface BatchSource {
  readonly id: string;
  readonly instance: string;
  /** How long its series count without being heard of again. */
  readonly patienceMillis: number;
  /** False for a batch that outlived its worker: what it counted is added, its state is not taken. */
  readonly isLive: boolean;
}

export interface Added {
  readonly merged: number;
  readonly refused: number;
}

export class ServiceGroup {
  readonly #options: GroupOptions;
  readonly #deltas: PointAccumulator;
  readonly #states: WorkerStates;
  readonly #resource = new CommonResource();
  readonly #live = new Set<string>();
  /** Up-down counters sent last time: when all their workers are gone, 0 is what remains. */
  #upDownSent = new Map<string, StateMetric & { readonly point: DataPoint<number> }>();

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#deltas = new PointAccumulator(options.maxSeries, options.maxBytes);
    this.#states = new WorkerStates(options.maxSeries);
  }

  get series(): number {
    return this.#deltas.series + this.#states.series;
  }

  /** Nothing to send now, and nothing to come. */
  get isOver(): boolean {
    return this.#deltas.isEmpty && this.#live.size === 0 && this.#upDownSent.size === 0;
  }

  add(source: BatchSource, { resource, scopeMetrics }: DecodedMetrics, now: number): Added {
    if (source.isLive) {
      this.#live.add(source.id);
      this.#resource.hear(source.id, resource);
    } else {
      this.#resource.hearLate(resource);
    }
    let refused = 0;
    const deltas: ScopeMetrics[] = [];
    for (const { scope, metrics } of scopeMetrics) {
      deltas.push({ scope, metrics: metrics.filter((metric) => !isState(metric)) });
      if (!source.isLive) continue;
      for (const metric of metrics) {
        if (isState(metric)) refused += this.#states.hear(source, { scope, metric }, now);
      }
    }
    const added = this.#deltas.add({ resource: this.#resource.current(), scopeMetrics: deltas });
    return { merged: added.merged, refused: refused + added.refused };
  }

  forget(worker: string): void {
    this.#live.delete(worker);
    this.#states.forget(worker);
    this.#resource.forget(worker);
  }

  /** Everything since the last time; undefined when there is nothing to say. */
  collect(now: number): ResourceMetrics | undefined {
    const deltas = this.#deltas.take(Number.POSITIVE_INFINITY)?.scopeMetrics ?? [];
    const scopeMetrics = [...deltas, ...this.#collectStates(now)];
    return scopeMetrics.length === 0 ? undefined : { resource: this.#resource.current(), scopeMetrics };
  }

  #collectStates(now: number): ScopeMetrics[] {
    const collected: ScopeMetrics[] = [];
    const remains = this.#upDownSent;
    this.#upDownSent = new Map();
    for (const [key, folded] of this.#states.fold(now)) {
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
        remains.delete(sent);
      }
      collected.push(scopeOf(folded, points));
    }
    for (const { scope, metric, point } of remains.values()) {
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
