// What must be remembered between exports: the last cumulative value of a series that has to become a
// delta, the running total of a series that has to become absolute, and what the server could not hold.

import type { MetricData } from '@opentelemetry/sdk-metrics';
import { attributeText } from '../tags/attribute-text.js';
import type { AttributeRecord } from '../tags/tags.js';
import { CumulativeHistograms } from './cumulative-histograms.js';
import { Remainders } from './fraction-carry.js';
import { GaugeCollisionDetector } from './gauge-collisions.js';
import { SecondTotals } from './per-second-totals.js';

/** `[epoch seconds, nanoseconds]`, as the SDK gives times. */
export type Instant = readonly [seconds: number, nanoseconds: number];

interface Cumulative {
  readonly startTime: Instant;
  readonly value: number;
}

/** Who recorded it, as the SDK tells instruments apart: a name alone may stand for several. */
export interface Scope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
}

/** Identity of a metric before anything is made legal or merged. */
export function metricKey(
  { name, version, schemaUrl }: Scope,
  { descriptor, dataPointType }: MetricData,
): string {
  const { name: metric, unit, valueType } = descriptor;
  return JSON.stringify([name, version ?? '', schemaUrl ?? '', metric, unit, valueType, dataPointType]);
}

/** Identity of a series of the metric with this key. The type of a value is part of it: to the SDK `1` and `'1'` make two series. */
export function seriesKey(metric: string, attributes: AttributeRecord): string {
  const tags = Object.keys(attributes)
    .sort()
    .map((key) => [key, typeof attributes[key], attributeText(attributes[key])]);
  return metric + JSON.stringify(tags);
}

export class SeriesState {
  readonly remainders: Remainders;
  readonly secondTotals: SecondTotals;
  readonly histograms: CumulativeHistograms;
  readonly gaugesSent = new GaugeCollisionDetector();
  readonly #maxSeries: number;
  readonly #cumulative = new Map<string, Cumulative>();
  readonly #totals = new Map<string, number>();

  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
    this.histograms = new CumulativeHistograms(maxSeries);
    this.remainders = new Remainders(maxSeries);
    this.secondTotals = new SecondTotals(maxSeries);
  }

  /**
   * What a cumulative series grew by since its previous point. A new start time or a fall means that the
   * source began again, so the whole value is new; so is a first point. Undefined when the state is full.
   */
  growth(key: string, startTime: Instant, value: number): number | undefined {
    const previous = this.#cumulative.get(key);
    if (previous === undefined && this.#full) return undefined;
    this.#cumulative.set(key, { startTime, value });
    const continues =
      previous !== undefined && sameInstant(previous.startTime, startTime) && value >= previous.value;
    return continues ? value - previous.value : value;
  }

  /** The running total after adding a delta. Undefined when the state is full. */
  total(key: string, delta: number): number | undefined {
    const previous = this.#totals.get(key);
    if (previous === undefined && this.#full) return undefined;
    const total = (previous ?? 0) + delta;
    this.#totals.set(key, total);
    return total;
  }

  get #full(): boolean {
    return this.#cumulative.size + this.#totals.size >= this.#maxSeries;
  }
}

function sameInstant(a: Instant, b: Instant): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
