// The waiting points of one metric, in columns: a number takes no object of its own.

import type { DataPoint, MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { sameInstant } from '../state/instant.js';
import type { AttributeTable } from './attribute-table.js';
import { valueBytes } from './memory-size.js';
import { type AnyPoint, type MergeKind, mergePoints } from './merge-points.js';
import { enlarged, NOT_FOUND, SeriesTable } from './series-table.js';

type Time = DataPoint<number>['startTime'];
type Value = AnyPoint['value'];
type Histogram = Exclude<Value, number>;

/** Receives points that waited. */
export interface PointWriter {
  /** The points that follow are of this metric. */
  beginMetric(scope: ScopeMetrics['scope'], metric: Omit<MetricData, 'dataPoints'>): void;
  readonly writePoint: WritePoint;
}

/** The ids are those of the table of attributes; valid during the call. */
export type WritePoint = (
  ids: Int32Array,
  firstId: number,
  endId: number,
  startTime: Time,
  endTime: Time,
  value: Value,
) => void;

interface Waiting {
  readonly startTime: Time;
  readonly endTime: Time;
  readonly value: Value;
}

/**
 * Different boundaries among the waiting histograms of one series, each of which a new point is compared with. An app
 * has as many as versions of it run at a time.
 */
const MAX_BOUNDARIES_PER_SERIES = 16;

const NO_ATTRIBUTES = {};

export class WaitingPoints {
  readonly #kind: MergeKind;
  readonly #attributes: AttributeTable;
  readonly #series: SeriesTable;
  /** The latest point of each series, by the index of the series: a number or, of histograms, an object. */
  #numbers = new Float64Array(0);
  readonly #histograms: Histogram[] = [];
  readonly #startTimes: Time[] = [];
  readonly #endTimes: Time[] = [];
  /** Points that could not be merged with the latest one. */
  #earlier: Map<number, Waiting[]> | undefined;

  /** `attributes` has the attributes that the methods speak of as read last. `series`: for so many is room at first. */
  constructor(kind: MergeKind, attributes: AttributeTable, series: number) {
    this.#series = new SeriesTable(series);
    this.#kind = kind;
    this.#attributes = attributes;
  }

  get isEmpty(): boolean {
    return this.#series.first === this.#series.end;
  }

  /** The index of the series that has the attributes read last, or NOT_FOUND. */
  find(): number {
    return this.#series.find(this.#attributes);
  }

  /** By how many bytes a waiting point has grown; undefined when none can hold the new one, too. */
  merge(index: number, point: AnyPoint): number | undefined {
    const { value } = point;
    return typeof value === 'number'
      ? this.#mergeNumber(index, point, value)
      : this.#mergeHistogram(index, point);
  }

  /** Whether the series may have another point that cannot be merged with those that it has. */
  mayHaveMore(index: number): boolean {
    return (
      this.#kind !== 'delta-histogram' ||
      (this.#earlier?.get(index)?.length ?? 0) + 1 < MAX_BOUNDARIES_PER_SERIES
    );
  }

  /** Keeps the point beside those of its series, if it has any. */
  add(index: number, point: AnyPoint): void {
    if (index === NOT_FOUND) {
      this.#set(this.#newSeries(), point);
      return;
    }
    this.#earlier ??= new Map();
    const earlier = this.#earlier.get(index);
    const latest = this.#latest(index);
    if (earlier === undefined) this.#earlier.set(index, [latest]);
    else earlier.push(latest);
    this.#set(index, point);
  }

  /** Removes the oldest series and writes its points; returns how many they were. */
  take(write: WritePoint): number {
    const series = this.#series;
    const { ids, first: index } = series;
    const firstId = series.startOf(index);
    const endId = series.startOf(index + 1);
    let points = 1;
    const earlier = this.#earlier?.get(index);
    if (earlier !== undefined) {
      for (const { startTime, endTime, value } of earlier) {
        write(ids, firstId, endId, startTime, endTime, value);
      }
      points += earlier.length;
    }
    write(ids, firstId, endId, this.#startTimes[index]!, this.#endTimes[index]!, this.#valueOf(index));
    for (let at = firstId; at < endId; at += 1) this.#attributes.release(ids[at]!);
    this.#earlier?.delete(index);
    series.first += 1;
    return points;
  }

  #mergeNumber(index: number, { startTime, endTime }: AnyPoint, value: number): number | undefined {
    switch (this.#kind) {
      case 'delta-sum':
        this.#numbers[index]! += value;
        break;
      case 'last':
        this.#numbers[index] = value;
        this.#startTimes[index] = startTime;
        break;
      default:
        // After a counter reset the earlier total must be kept as a separate point.
        if (!sameInstant(this.#startTimes[index]!, startTime) || value < this.#numbers[index]!)
          return undefined;
        this.#numbers[index] = value;
    }
    this.#endTimes[index] = endTime;
    return 0;
  }

  #mergeHistogram(index: number, point: AnyPoint): number | undefined {
    const latest = this.#latest(index);
    const merged = this.#merged(latest, point);
    if (merged !== undefined) {
      this.#set(index, merged);
      return valueBytes(merged.value) - valueBytes(latest.value);
    }
    // Histograms of several processes may alternate between boundaries. Other points merge with the latest or not at all.
    if (this.#kind !== 'delta-histogram') return undefined;
    const earlier = this.#earlier?.get(index) ?? [];
    for (const [place, waiting] of earlier.entries()) {
      const inPlace = this.#merged(waiting, point);
      if (inPlace === undefined) continue;
      earlier[place] = inPlace;
      return valueBytes(inPlace.value) - valueBytes(waiting.value);
    }
    return undefined;
  }

  #merged(waiting: Waiting, point: AnyPoint): AnyPoint | undefined {
    return mergePoints(this.#kind, { attributes: NO_ATTRIBUTES, ...waiting } as AnyPoint, point);
  }

  #latest(index: number): Waiting {
    return {
      startTime: this.#startTimes[index]!,
      endTime: this.#endTimes[index]!,
      value: this.#valueOf(index),
    };
  }

  #valueOf(index: number): Value {
    return this.#histograms.length === 0
      ? this.#numbers[index]!
      : (this.#histograms[index] ?? this.#numbers[index]!);
  }

  #set(index: number, { startTime, endTime, value }: Waiting): void {
    this.#startTimes[index] = startTime;
    this.#endTimes[index] = endTime;
    if (typeof value !== 'number') this.#histograms[index] = value;
    else {
      if (index >= this.#numbers.length) this.#numbers = enlarged(this.#numbers, this.#series.capacity);
      this.#numbers[index] = value;
    }
  }

  #newSeries(): number {
    const series = this.#series;
    if (series.end === series.capacity) {
      if (2 * series.first >= series.capacity) this.#dropRemoved();
      else series.enlarge(2 * series.capacity);
    }
    this.#attributes.retain();
    return series.add(this.#attributes);
  }

  #dropRemoved(): void {
    const { first } = this.#series;
    this.#series.dropRemoved();
    this.#numbers.copyWithin(0, first);
    this.#histograms.splice(0, first);
    this.#startTimes.splice(0, first);
    this.#endTimes.splice(0, first);
    this.#earlier &&= new Map(Array.from(this.#earlier, ([index, points]) => [index - first, points]));
  }
}
