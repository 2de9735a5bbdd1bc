// Exports that wait, merged per series: their memory is bounded by the number of series, and no count is lost.

import {
  DataPointType,
  type MetricData,
  type ResourceMetrics,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import type { PointDropReason } from '../report.js';
import { metricKey } from '../state/series-key.js';
import { HISTOGRAM_POINT_COST, StepBudget } from '../step-budget.js';
import { AttributeTable, attributesBytes } from './attribute-table.js';
import { metricBytes, POINT_BYTES, pointBytes } from './memory-size.js';
import { type AnyPoint, mergeKind } from './merge-points.js';
import { MetricsBuilder } from './metrics-builder.js';
import { NOT_FOUND } from './series-table.js';
import { type PointWriter, WaitingPoints, type WritePoint } from './waiting-points.js';

/** Merging a number takes about as long as writing two lines. */
const NUMBER_COST = 2;

/** Why a point is left out. */
export type AddDropReason = Extract<PointDropReason, 'non_finite' | 'unreadable'>;

/** The result of adding a batch, in data points. */
export interface AddResult {
  readonly merged: number;
  readonly refused: number;
}

export interface AccumulatorOptions {
  readonly maxSeries: number;
  /** Bounds an estimate, because engines do not report the size of an object. */
  readonly maxBytes: number;
  /** What is kept of an attribute value that is neither text nor finite number nor boolean. */
  readonly copyValue: (value: unknown) => unknown;
  /** A point is left out, because it would spoil those that it is merged with. */
  readonly drop: (reason: AddDropReason, metric: string) => void;
}

/** One metric of one scope; a changed descriptor or temporality makes another. */
interface Entry {
  readonly scope: ScopeMetrics['scope'];
  readonly metric: Omit<MetricData, 'dataPoints'>;
  readonly bytes: number;
  readonly points: WaitingPoints;
}

/**
 * Objects that were made since the last export have left the processor's caches. It can wait for several of them at once,
 * if they are not far apart in the program: a look at these next points saves a sixth of the time.
 */
const READ_AHEAD = 16;

/** Outcomes of adding a point. */
const KEPT = 0;
const MERGED = 1;
const REFUSED = 2;
const DROPPED = 3;

export class PointAccumulator {
  /** The attributes of all waiting points. */
  readonly attributes: AttributeTable;
  readonly #options: AccumulatorOptions;
  readonly #entries = new Map<string, Entry>();
  #resource: ResourceMetrics['resource'] | undefined;
  #series = 0;
  /** Of no use but that the points are read. */
  #ordinary = 0;
  #bytes = 0;

  constructor(options: AccumulatorOptions) {
    this.#options = options;
    this.attributes = new AttributeTable(options.copyValue);
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

  /** That of the last batch. */
  get resource(): ResourceMetrics['resource'] | undefined {
    return this.#resource;
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
    const counts = [0, 0, 0, 0];
    const budget = new StepBudget();
    const maxSeries = this.#options.maxSeries - otherSeries;
    const maxBytes = this.#options.maxBytes - otherBytes;
    for (const { scope, metrics } of batch.scopeMetrics) {
      for (const metric of metrics) {
        const { dataPoints } = metric;
        const isNumeric = holdsNumbers(metric);
        const cost = isNumeric ? NUMBER_COST : HISTOGRAM_POINT_COST;
        const key = entryKey(scope, metric);
        const mostSeries = Math.min(dataPoints.length, maxSeries - this.#series, maxBytes / POINT_BYTES);
        let entry = this.#entryOf(key, scope, metric, mostSeries);
        let lookAt = 0;
        for (let index = 0; index < dataPoints.length; index += 1) {
          if (index >= lookAt) {
            lookAt = Math.min(index + READ_AHEAD, dataPoints.length);
            this.#ordinary += countOrdinary(dataPoints, index, lookAt);
          }
          const point = dataPoints[index]!;
          const outcome = this.#addPoint(entry, isNumeric, point, maxSeries, maxBytes);
          counts[outcome]! += 1;
          if (!budget.consume(cost)) continue;
          yield;
          // `take` may have removed the entry during the yield.
          if (this.#entries.get(key) !== entry) entry = this.#entryOf(key, scope, metric, mostSeries);
        }
        // All of its points were refused.
        if (entry.points.isEmpty) this.#entries.delete(key);
      }
    }
    return { merged: counts[MERGED]!, refused: counts[REFUSED]! };
  }

  /** Removes up to so many series, oldest first, and returns them as one batch; undefined when none wait. */
  take(maxSeries: number): ResourceMetrics | undefined {
    const resource = this.#resource;
    if (this.isEmpty || resource === undefined) return undefined;
    const builder = new MetricsBuilder(this.attributes);
    this.takeInto(maxSeries, builder);
    return { resource, scopeMetrics: builder.scopeMetrics };
  }

  /** Removes up to so many series, oldest first, and writes their points. */
  takeInto(maxSeries: number, writer: PointWriter): void {
    let left = maxSeries;
    const { attributes } = this;
    const write: WritePoint = (ids, firstId, endId, startTime, endTime, value) => {
      this.#bytes -= pointBytes(attributes.bytesOf(ids, firstId, endId), value);
      writer.writePoint(ids, firstId, endId, startTime, endTime, value);
    };
    for (const [key, { scope, metric, bytes, points }] of this.#entries) {
      if (left <= 0) return;
      // A batch that is being added has just begun it.
      if (points.isEmpty) {
        this.#entries.delete(key);
        continue;
      }
      writer.beginMetric(scope, metric);
      for (; left > 0 && !points.isEmpty; left -= 1) this.#series -= points.take(write);
      if (!points.isEmpty) return;
      this.#entries.delete(key);
      this.#bytes -= bytes;
    }
  }

  #entryOf(key: string, scope: ScopeMetrics['scope'], metric: MetricData, mostSeries: number): Entry {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      const { dataPoints: _, ...rest } = metric;
      const bytes = metricBytes(key, metric.descriptor.description);
      const points = new WaitingPoints(mergeKind(metric), this.attributes, mostSeries);
      entry = { scope, metric: rest, bytes, points };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  #addPoint(entry: Entry, isNumeric: boolean, point: AnyPoint, maxSeries: number, maxBytes: number): number {
    const { points } = entry;
    try {
      const { attributes, value } = point;
      if (isNumeric && !Number.isFinite(value)) return this.#drop('non_finite', entry);
      const table = this.attributes;
      const isKnown = table.read(attributes);
      const index = isKnown ? points.find() : NOT_FOUND;
      if (index !== NOT_FOUND) {
        const grown = points.merge(index, point);
        if (grown !== undefined) {
          this.#bytes += grown;
          return MERGED;
        }
        if (!points.mayHaveMore(index)) return REFUSED;
      }
      if (this.#series >= maxSeries) return REFUSED;
      const metricBytes = points.isEmpty ? entry.bytes : 0;
      const estimated = isKnown ? table.bytesOf(table.ids, 0, table.count) : attributesBytes(attributes);
      if (this.#bytes + metricBytes + pointBytes(estimated, value) > maxBytes) return REFUSED;
      if (!isKnown) table.intern(attributes);
      points.add(index, point);
      this.#series += 1;
      this.#bytes += metricBytes + pointBytes(table.bytesOf(table.ids, 0, table.count), value);
      return KEPT;
    } catch {
      return this.#drop('unreadable', entry);
    }
  }

  #drop(reason: AddDropReason, { metric }: Entry): number {
    this.#options.drop(reason, metric.descriptor.name);
    return DROPPED;
  }
}

function entryKey(scope: ScopeMetrics['scope'], metric: MetricData): string {
  const isMonotonic = 'isMonotonic' in metric && metric.isMonotonic;
  return `${metricKey(scope, metric)} ${metric.aggregationTemporality} ${isMonotonic}`;
}

function holdsNumbers({ dataPointType }: MetricData): boolean {
  return dataPointType === DataPointType.SUM || dataPointType === DataPointType.GAUGE;
}

function countOrdinary(points: readonly AnyPoint[], from: number, to: number): number {
  let count = 0;
  try {
    for (let place = from; place < to; place += 1) {
      const { attributes, value } = points[place]!;
      if (typeof attributes === 'object' && typeof value === 'number') count += 1;
    }
  } catch {
    // The point is dropped and counted when its turn comes.
  }
  return count;
}
