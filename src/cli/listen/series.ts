// What is kept of one series: enough for a row of the table, in bounded memory.

import type { Sample } from '../../mapping/lines/parse-line.js';
import { RecentValues } from './recent-values.js';
import type { SeriesHistory } from './series-history.js';
import { isTiming, RATE_SECONDS } from './series-types.js';

/** Maximum number of bars in a trend. */
export const TREND_LENGTH = 24;

export class Series {
  readonly name: string;
  readonly tags: Sample['tags'];
  readonly type: string;
  last: number | string = 0;
  /** Counters: the sum. Gauges: the value. All others: the number of recordings. */
  total = 0;
  /** Number of samples: while it is the same, so is all else but the rate and the trend. */
  version = 0;
  /** Undefined where no view shows it. */
  readonly history: SeriesHistory | undefined;
  readonly #perSecond = new Float64Array(RATE_SECONDS);
  readonly #trend = new Float64Array(TREND_LENGTH).fill(Number.NaN);
  #burstRecordings = 0;
  #lastSecond = 0;
  #firstBurst = 0;
  #lastBurst = 0;
  #recentValues: RecentValues | undefined;
  /** Of the values so far. */
  #percentiles: readonly number[] | undefined;

  constructor({ name, tags, type }: Sample, second: number, burst: number, history?: SeriesHistory) {
    this.name = copy(name);
    this.tags = Object.fromEntries(Object.entries(tags).map(([key, value]) => [copy(key), copy(value)]));
    this.type = type;
    this.history = history;
    this.#lastSecond = second;
    this.#firstBurst = burst;
    this.#lastBurst = burst - 1;
  }

  add(sample: Sample, second: number, burst: number): void {
    const weight = 1 / sample.sampleRate;
    const value = typeof sample.value === 'number' ? sample.value : Number.NaN;
    const amount = this.type === 'c' ? value * weight : weight;
    this.version += 1;
    this.#advance(second);
    this.#beginBurst(burst);
    this.#perSecond[second % RATE_SECONDS]! += amount;
    this.last = sample.isRelative ? this.total + value : shortened(sample.value);
    this.total = this.type === 'g' ? Number(this.last) : this.total + amount;
    if (isTiming(this.type)) {
      this.#recentValues ??= new RecentValues();
      this.#recentValues.add(value, weight);
      this.#percentiles = undefined;
    }
    this.#drawTrend(value, amount);
    this.history?.add(second, this.type === 'g' ? this.total : value, amount);
  }

  /** Per second: the sum of a counter, the number of recordings of all others. */
  rate(second: number, secondsSoFar: number): number {
    this.#advance(second);
    const sum = this.#perSecond.reduce((total, each) => total + each, 0);
    return sum / Math.max(1, Math.min(RATE_SECONDS, secondsSoFar));
  }

  /** Undefined for series without percentiles. */
  percentiles(isWeighted: boolean): readonly number[] | undefined {
    this.#percentiles ??= this.#recentValues?.percentiles([50, 95, 99], isWeighted);
    return this.#percentiles;
  }

  /** One value per burst of lines, oldest first. */
  trend(burst: number): readonly number[] {
    const length = Math.min(TREND_LENGTH, burst - this.#firstBurst + 1);
    return Array.from({ length }, (_, index) => {
      const at = burst - length + 1 + index;
      if (at > this.#lastBurst) return this.#idleValue();
      return this.#trend[at % TREND_LENGTH]!;
    });
  }

  /** Bursts without this series get its idle value. */
  #beginBurst(burst: number): void {
    // Of longer pauses only what a trend can show.
    for (let at = Math.max(this.#lastBurst + 1, burst - TREND_LENGTH + 1); at <= burst; at += 1) {
      this.#trend[at % TREND_LENGTH] = at === burst ? 0 : this.#idleValue();
      this.#burstRecordings = 0;
    }
    this.#lastBurst = burst;
  }

  #drawTrend(value: number, amount: number): void {
    const at = this.#lastBurst % TREND_LENGTH;
    const before = this.#trend[at]!;
    this.#burstRecordings += amount;
    if (this.type === 'g') this.#trend[at] = this.total;
    else if (this.type === '') this.#trend[at] = value;
    // The mean of the burst so far.
    else if (isTiming(this.type))
      this.#trend[at] = before + ((value - before) * amount) / this.#burstRecordings;
    else this.#trend[at] = before + amount;
  }

  #idleValue(): number {
    if (this.type === 'g') return this.total;
    return this.type === 'c' || this.type === 's' ? 0 : Number.NaN;
  }

  #advance(second: number): void {
    const passed = Math.min(RATE_SECONDS, second - this.#lastSecond);
    for (let back = 0; back < passed; back += 1) this.#perSecond[(second - back) % RATE_SECONDS] = 0;
    this.#lastSecond = second;
  }
}

/** Characters kept of a member of a set, more than a table shows. */
const KEPT_CHARACTERS = 64;

function shortened(value: number | string): number | string {
  return typeof value === 'number' ? value : copy(value.slice(0, KEPT_CHARACTERS));
}

/** A part of a string keeps the whole string in memory (V8's sliced strings), here the line. */
function copy(text: string): string {
  return Buffer.from(text).toString();
}
