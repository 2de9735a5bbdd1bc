// The workers of one service, whose metrics are combined: deltas are added up, gauges of live workers are folded.

import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { MetricsBuilder } from '../../mapping/merge/metrics-builder.js';
import { PointAccumulator } from '../../mapping/merge/point-accumulator.js';
import type { DecodedMetrics } from '../protocol/decode-metrics.js';
import { attributesBytes, type PlainAttributes } from '../protocol/wire-attributes.js';
import type { AggregatorDropReason } from '../stats.js';
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
  readonly dropped: Readonly<Partial<Record<AggregatorDropReason, number>>>;
}

/** Memory that counts towards the same limits. */
export interface Usage {
  readonly series: number;
  readonly bytes: number;
}

/** Up-down counters of one metric as they were exported, by series. */
interface SentState extends StateMetric {
  readonly points: Map<string, DataPoint<number>>;
}

/** Series of counters and histograms that are taken at once: some ten microseconds, more with many attributes. */
const SERIES_PER_STEP = 20;

export class ServiceGroup {
  readonly #options: GroupOptions;
  #deltas: PointAccumulator;
  readonly #gauges = new WorkerGauges();
  readonly #resource = new SharedResource();
  readonly #live = new Set<string>();
  /**
   * Up-down counters of the last export, by metric: 0 is sent once after their last worker has ended. Not by one text of both
   * metric and series: a metric has thousands of series, and its name may have a megabyte.
   */
  #upDownSent = new Map<string, SentState>();

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#deltas = createDeltas(options);
  }

  get series(): number {
    return this.#deltas.series + this.#gauges.series;
  }

  /** The estimated memory of series and resources. */
  get bytes(): number {
    return this.#deltas.bytes + this.#gauges.bytes + this.#resource.bytes;
  }

  /** True when there is nothing to send and no live worker. */
  get isEmpty(): boolean {
    return this.#deltas.isEmpty && this.#live.size === 0 && this.#upDownSent.size === 0;
  }

  /** `others`: the other services, which share the limits of series and bytes. */
  add(
    source: BatchSource,
    { resource, scopeMetrics }: DecodedMetrics,
    now: number,
    others: Usage,
  ): AddedPoints {
    this.#describe(source, resource, others);
    let refused = 0;
    const deltas: ScopeMetrics[] = [];
    for (const { scope, metrics } of scopeMetrics) {
      deltas.push({ scope, metrics: metrics.filter((metric) => !isState(metric)) });
      if (!source.isLive) continue;
      const limits = this.#limitsOfGauges(others);
      for (const metric of metrics) {
        if (isState(metric)) refused += this.#gauges.update(source, { scope, metric }, now, limits);
      }
    }
    const added = this.#deltas.add(
      { resource: this.#resource.latest, scopeMetrics: deltas },
      others.bytes + this.#gauges.bytes + this.#resource.bytes,
      others.series + this.#gauges.series,
    );
    refused += added.refused;
    return { merged: added.merged, dropped: refused === 0 ? {} : { series_limit: refused } };
  }

  removeWorker(worker: string): void {
    this.#live.delete(worker);
    this.#gauges.remove(worker);
    this.#resource.remove(worker);
  }

  /** Everything since the last call, in steps; undefined when there is nothing. */
  *collect(now: number): Generator<void, ResourceMetrics | undefined> {
    const scopeMetrics = [...(yield* this.#takeDeltas()), ...(yield* this.#collectStates(now))];
    return scopeMetrics.length === 0 ? undefined : { resource: this.#resource.current(), scopeMetrics };
  }

  #describe({ id, isLive }: BatchSource, resource: PlainAttributes, others: Usage): void {
    const hasRoom = others.bytes + this.bytes + attributesBytes(resource) <= this.#options.maxBytes;
    // Without its attributes, none is known to be shared by all workers.
    const known = hasRoom ? resource : {};
    if (!isLive) return this.#resource.seed(known);
    this.#live.add(id);
    this.#resource.update(id, known);
  }

  #limitsOfGauges(others: Usage): Usage {
    return {
      series: this.#options.maxSeries - others.series - this.#deltas.series,
      bytes: this.#options.maxBytes - others.bytes - this.#deltas.bytes - this.#resource.bytes,
    };
  }

  /** Those of now: what is added between two steps is for the next export. */
  *#takeDeltas(): Generator<void, ScopeMetrics[]> {
    const taken = this.#deltas;
    this.#deltas = createDeltas(this.#options);
    const builder = new MetricsBuilder(taken.attributes);
    while (!taken.isEmpty) {
      taken.takeInto(SERIES_PER_STEP, builder);
      yield;
    }
    return builder.scopeMetrics;
  }

  *#collectStates(now: number): Generator<void, ScopeMetrics[]> {
    const collected: ScopeMetrics[] = [];
    const ended = this.#upDownSent;
    this.#upDownSent = new Map();
    for (const [key, folded] of yield* this.#gauges.fold(now)) {
      const { scope, metric } = folded;
      if (metric.dataPointType === DataPointType.GAUGE) {
        collected.push(scopeOf(folded, yield* this.#gaugePoints(folded)));
        continue;
      }
      const points = new Map<string, DataPoint<number>>();
      const before = ended.get(key)?.points;
      for (const [series, contributions] of folded.series) {
        yield;
        points.set(series, combined('sum', contributions));
        before?.delete(series);
      }
      this.#upDownSent.set(key, { scope, metric, points });
      collected.push(scopeOf(folded, [...points.values()]));
    }
    for (const { scope, metric, points } of ended.values()) {
      const zeros: DataPoint<number>[] = [];
      for (const point of points.values()) {
        yield;
        zeros.push({ ...point, endTime: this.#timeOfDay(), value: 0 });
      }
      if (zeros.length > 0) collected.push(scopeOf({ scope, metric }, zeros));
    }
    return collected;
  }

  #timeOfDay(): [seconds: number, nanoseconds: number] {
    const millis = this.#options.timeOfDay();
    return [Math.floor(millis / 1_000), Math.floor(millis % 1_000) * 1_000_000];
  }

  *#gaugePoints({ scope, metric, series }: FoldedState): Generator<void, DataPoint<number>[]> {
    const { gaugeRule, instanceAttribute } = this.#options;
    const rule = gaugeRule(gaugeInfo(scope.name, metric.descriptor));
    const points: DataPoint<number>[] = [];
    for (const contributions of series.values()) {
      yield;
      if (rule !== 'perWorker') {
        points.push(combined(rule, contributions));
        continue;
      }
      for (const { instance, point } of contributions) {
        points.push({ ...point, attributes: { ...point.attributes, [instanceAttribute]: instance } });
      }
    }
    return points;
  }
}

function createDeltas({ maxSeries, maxBytes }: GroupOptions): PointAccumulator {
  // The decoder has checked and copied everything.
  return new PointAccumulator({ maxSeries, maxBytes, copyValue: (value) => value, drop: () => {} });
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
