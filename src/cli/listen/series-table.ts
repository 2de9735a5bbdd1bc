// All series received, up to a number and a size, and the bursts that their trends are drawn by.

import type { Dialect } from '../../mapping/dialects/dialect.js';
import { type Sample, seriesOf } from '../../mapping/lines/parse-line.js';
import { Series } from './series.js';

export interface SeriesRow {
  readonly name: string;
  readonly tags: Sample['tags'];
  readonly type: string;
  readonly ratePerSecond: number;
  readonly last: number | string;
  readonly total: number;
  /** 50, 95 and 99. */
  readonly percentiles: readonly number[] | undefined;
  readonly trend: readonly number[];
}

/** A timer keeps some 8 KB: this many of them 40 MB. */
const MAX_SERIES = 5_000;

/** Characters of all names and tags together. */
const MAX_CHARACTERS = 8 * 2 ** 20;

/** Lines that arrive within this time are one bar of a trend: an export, or a second of a steady stream. */
const BURST_MILLIS = 1_000;

export class SeriesTable {
  readonly #isWeighted: boolean;
  readonly #maxSeries: number;
  readonly #series = new Map<string, Series>();
  #characters = 0;
  #startedAt: number | undefined;
  #burst = 0;
  #burstStartedAt = -Infinity;
  /** Samples of series beyond the limits. */
  ignoredSamples = 0;

  constructor({ samples }: Dialect, maxSeries = MAX_SERIES) {
    this.#isWeighted = samples.rate === 'weighted';
    this.#maxSeries = maxSeries;
  }

  get size(): number {
    return this.#series.size;
  }

  add(sample: Sample, nowMillis: number): void {
    this.#startedAt ??= nowMillis;
    if (nowMillis - this.#burstStartedAt >= BURST_MILLIS) {
      this.#burst += 1;
      this.#burstStartedAt = nowMillis;
    }
    const second = Math.floor(nowMillis / 1000);
    const key = `${seriesOf(sample)} ${sample.type}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      if (this.#series.size >= this.#maxSeries || this.#characters + key.length > MAX_CHARACTERS) {
        this.ignoredSamples += 1;
        return;
      }
      this.#characters += key.length;
      series = new Series(sample, second, this.#burst);
      this.#series.set(key, series);
    }
    series.add(sample, second, this.#burst);
  }

  /** Sorted by name, so that a row stays where it is. */
  rows(nowMillis: number): SeriesRow[] {
    const second = Math.floor(nowMillis / 1000);
    const secondsSoFar = (nowMillis - (this.#startedAt ?? nowMillis)) / 1000;
    return [...this.#series.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, series]) => ({
        name: series.name,
        tags: series.tags,
        type: series.type,
        ratePerSecond: series.rate(second, secondsSoFar),
        last: series.last,
        total: series.total,
        percentiles: series.percentiles(this.#isWeighted),
        trend: series.trend(this.#burst),
      }));
  }
}
