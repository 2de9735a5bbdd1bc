// Moving rates by attribute set.

import type { Attributes } from '@opentelemetry/api';
import { attributeText } from '../mapping/tags/attribute-text.js';
import { MovingRates, type Rates } from './moving-rates.js';

/** Cardinality limit and overflow attribute of the OpenTelemetry metrics SDK specification. */
const MAX_SERIES = 2_000;
const OVERFLOW: Attributes = { 'otel.metric.overflow': true };

interface Series {
  readonly moving: MovingRates;
  readonly attributes: Attributes;
}

export class RateSeries {
  readonly #startedAt: number;
  readonly #series = new Map<string, Series>();
  /** Cached, because marks without attributes are the most common. */
  #withoutAttributes: Series | undefined;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  mark(count: number, attributes: Attributes | undefined, now: number): void {
    const series = attributes === undefined ? this.#findWithoutAttributes() : this.#find(attributes);
    series.moving.mark(count, now);
  }

  /** Rates of 0 until something is marked, so that a panel shows 0 rather than a gap. */
  all(now: number): readonly { readonly rates: Rates; readonly attributes: Attributes }[] {
    if (this.#series.size === 0) return [{ rates: { m1: 0, m5: 0, m15: 0 }, attributes: {} }];
    return Array.from(this.#series.values(), ({ moving, attributes }) => ({
      rates: moving.rates(now),
      attributes,
    }));
  }

  #findWithoutAttributes(): Series {
    this.#withoutAttributes ??= this.#find({});
    return this.#withoutAttributes;
  }

  #find(attributes: Attributes): Series {
    const key = keyOf(attributes);
    const existing = this.#series.get(key);
    if (existing !== undefined) return existing;
    // The last place is for the overflow series.
    return this.#series.size < MAX_SERIES - 1 || attributes === OVERFLOW
      ? this.#begin(key, attributes)
      : this.#find(OVERFLOW);
  }

  #begin(key: string, attributes: Attributes): Series {
    // The rate of a new series was 0 since the meter began. Attributes are copied because the app may change its object.
    const series = { moving: new MovingRates(this.#startedAt), attributes: { ...attributes } };
    this.#series.set(key, series);
    return series;
  }
}

/** Equal for equal attributes in any order; `1` and `'1'` differ, as in the SDK. */
function keyOf(attributes: Attributes): string {
  const entries = Object.keys(attributes)
    .sort()
    .map((key) => [key, typeof attributes[key], attributeText(attributes[key])]);
  return JSON.stringify(entries);
}
