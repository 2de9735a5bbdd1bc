// What must be remembered between exports: the last cumulative value of a series that has to become a
// delta, and the running total of a series that has to become absolute.

import { attributeText } from './attribute-text.js';
import type { AttributeRecord } from './tags.js';

/** `[epoch seconds, nanoseconds]`, as the SDK gives times. */
export type Instant = readonly [seconds: number, nanoseconds: number];

interface Cumulative {
  readonly startTime: Instant;
  readonly value: number;
}

/** Identity of a series before anything is made legal or merged. */
export function seriesKey(scope: string, metric: string, attributes: AttributeRecord): string {
  const tags = Object.keys(attributes)
    .sort()
    .map((key) => [key, attributeText(attributes[key])]);
  return JSON.stringify([scope, metric, tags]);
}

export class SeriesState {
  readonly #maxSeries: number;
  readonly #cumulative = new Map<string, Cumulative>();
  readonly #totals = new Map<string, number>();

  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
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
