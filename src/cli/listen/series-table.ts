// All series received, up to a number and a size, and the bursts that their trends are drawn by.

import type { Dialect } from '../../mapping/dialects/dialect.js';
import { type Sample, seriesOf } from '../../mapping/lines/parse-line.js';
import { Series } from './series.js';
import { type HistoryStores, SeriesHistory } from './series-history.js';

/** What changes of a series. */
export interface SeriesNumbers {
  readonly ratePerSecond: number;
  readonly last: number | string;
  readonly total: number;
  /** 50, 95 and 99. */
  readonly percentiles: readonly number[] | undefined;
}

export interface SeriesRow extends SeriesNumbers {
  readonly name: string;
  readonly tags: Sample['tags'];
  readonly type: string;
  readonly trend: readonly number[];
}

/** A timer keeps some 4 KB, or 8 with sample rates: this many of them at most 80 MB. */
export const MAX_SERIES = 10_000;

/** Characters of all names and tags together. */
const MAX_CHARACTERS = 8 * 2 ** 20;

/** Lines that arrive within this time are one bar of a trend: an export, or a second of a steady stream. */
const BURST_MILLIS = 1_000;

interface LastSample extends Pick<Sample, 'name' | 'tags'> {
  /** Its series; undefined for those beyond the limits. */
  readonly byType: Map<string, Series | undefined>;
}

export interface SeriesTableOptions {
  readonly maxSeries?: number;
  readonly history?: HistoryStores | undefined;
}

export class SeriesTable {
  readonly #isWeighted: boolean;
  readonly #maxSeries: number;
  readonly #history: HistoryStores | undefined;
  readonly #byKey = new Map<string, Series>();
  readonly #all: Series[] = [];
  /** Of the last sample: those of one line have the same name and tags, whose key may be long. */
  #last: LastSample | undefined;
  /** Undefined when a series has been added since. */
  #sorted: readonly Series[] | undefined;
  #characters = 0;
  #startedAt: number | undefined;
  #burst = 0;
  #burstStartedAt = -Infinity;
  /** Samples of series beyond the limits. */
  ignoredSamples = 0;

  /** @param history where the series keep their points over time; without, they keep none */
  constructor({ samples }: Dialect, { maxSeries = MAX_SERIES, history }: SeriesTableOptions = {}) {
    this.#isWeighted = samples.rate === 'weighted';
    this.#maxSeries = maxSeries;
    this.#history = history;
  }

  get size(): number {
    return this.#all.length;
  }

  /** In the order of their first lines; none is ever removed. */
  get all(): readonly Series[] {
    return this.#all;
  }

  add(sample: Sample, nowMillis: number): void {
    this.#startedAt ??= nowMillis;
    if (nowMillis - this.#burstStartedAt >= BURST_MILLIS) {
      this.#burst += 1;
      this.#burstStartedAt = nowMillis;
    }
    const second = Math.floor(nowMillis / 1000);
    if (sample.tags !== this.#last?.tags || sample.name !== this.#last.name) {
      this.#last = { name: sample.name, tags: sample.tags, byType: new Map() };
    }
    const { byType } = this.#last;
    if (!byType.has(sample.type)) byType.set(sample.type, this.#seriesOf(sample, second));
    const series = byType.get(sample.type);
    if (series === undefined) this.ignoredSamples += 1;
    else series.add(sample, second, this.#burst);
  }

  /** Undefined when the sample is of a series beyond the limits. */
  #seriesOf(sample: Sample, second: number): Series | undefined {
    const key = `${seriesOf(sample)} ${sample.type}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    if (this.size >= this.#maxSeries || this.#characters + key.length > MAX_CHARACTERS) return undefined;
    this.#characters += key.length;
    const series = new Series(sample, second, this.#burst, this.#createHistory(sample.type, second));
    this.#byKey.set(key, series);
    this.#all.push(series);
    this.#sorted = undefined;
    return series;
  }

  /** The first ones, sorted by name, so that a row stays where it is. */
  rows(nowMillis: number, limit: number = Infinity): SeriesRow[] {
    this.#sorted ??= [...this.#byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
    return this.#sorted.slice(0, limit).map((series) => ({
      name: series.name,
      tags: series.tags,
      type: series.type,
      ...this.numbersOf(series, nowMillis),
      trend: this.trendOf(series),
    }));
  }

  numbersOf(series: Series, nowMillis: number): SeriesNumbers {
    return {
      ratePerSecond: this.rateOf(series, nowMillis),
      last: series.last,
      total: series.total,
      percentiles: series.percentiles(this.#isWeighted),
    };
  }

  rateOf(series: Series, nowMillis: number): number {
    const secondsSoFar = (nowMillis - (this.#startedAt ?? nowMillis)) / 1000;
    return series.rate(Math.floor(nowMillis / 1000), secondsSoFar);
  }

  trendOf(series: Series): readonly number[] {
    return series.trend(this.#burst);
  }

  #createHistory(type: string, second: number): SeriesHistory | undefined {
    if (this.#history === undefined) return undefined;
    const startedAtSecond = Math.floor((this.#startedAt ?? 0) / 1000);
    return new SeriesHistory(type, this.#history, startedAtSecond, second);
  }
}
