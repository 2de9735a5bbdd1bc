// All series that have been heard of, up to a number, and the beat to which their trends are drawn.

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

/** Lines that come within this time make one bar of a trend: one export does, and one second of a steady stream. */
const BURST_MILLIS = 1_000;

export class SeriesTable {
  readonly #isWeighted: boolean;
  readonly #maxSeries: number;
  readonly #series = new Map<string, Series>();
  #startedAt: number | undefined;
  #burst = 0;
  #burstStartedAt = -Infinity;
  /** Samples of series for which there was no room. */
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
      if (this.#series.size >= this.#maxSeries) {
        this.ignoredSamples += 1;
        return;
      }
      series = new Series(sample, second, this.#burst);
      this.#series.set(key, series);
    }
    series.add(sample, second, this.#burst);
  }

  /** By name, so that a row stays where it is. */
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
