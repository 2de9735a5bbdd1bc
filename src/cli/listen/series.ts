// What is remembered of one series: enough for a line of the table, however much arrives.

import type { Sample } from '../../mapping/lines/parse-line.js';

/** Over how many seconds a rate is taken: the interval at which StatsD clients and servers flush. */
const RATE_SECONDS = 10;
/** Bars of a trend at most. */
export const TREND_LENGTH = 24;
/** Of a timer: so many of the latest values, from which percentiles are taken. */
const MAX_RECENT_VALUES = 512;

export class Series {
  readonly name: string;
  readonly tags: Sample['tags'];
  readonly type: string;
  last: number | string = 0;
  /** Of a counter its sum, of a gauge its value, of all others how many recordings there were. */
  total = 0;
  readonly #perSecond = new Float64Array(RATE_SECONDS);
  readonly #trend = new Float64Array(TREND_LENGTH).fill(Number.NaN);
  #burstRecordings = 0;
  #lastSecond = 0;
  #firstBurst = 0;
  #lastBurst = 0;
  #recentValues: RecentValues | undefined;

  constructor({ name, tags, type }: Sample, second: number, burst: number) {
    this.name = name;
    this.tags = tags;
    this.type = type;
    this.#lastSecond = second;
    this.#firstBurst = burst;
    this.#lastBurst = burst - 1;
  }

  add(sample: Sample, second: number, burst: number): void {
    const weight = 1 / sample.sampleRate;
    const value = typeof sample.value === 'number' ? sample.value : Number.NaN;
    const amount = this.type === 'c' ? value * weight : weight;
    this.#advance(second);
    this.#beginBurst(burst);
    this.#perSecond[second % RATE_SECONDS]! += amount;
    this.last = sample.isRelative ? this.total + value : sample.value;
    this.total = this.type === 'g' ? Number(this.last) : this.total + amount;
    if (isTiming(this.type)) {
      this.#recentValues ??= new RecentValues();
      this.#recentValues.add(value, weight);
    }
    this.#drawTrend(value, amount);
  }

  /** Per second: what a counter counts, of all others how many recordings there are. */
  rate(second: number, secondsSoFar: number): number {
    this.#advance(second);
    const sum = this.#perSecond.reduce((total, each) => total + each, 0);
    return sum / Math.max(1, Math.min(RATE_SECONDS, secondsSoFar));
  }

  /** Undefined for what has no percentiles. */
  percentiles(isWeighted: boolean): readonly number[] | undefined {
    return this.#recentValues?.percentiles([50, 95, 99], isWeighted);
  }

  /** One value per burst of lines, oldest first; a counter's is 0 when the others had some and it had none. */
  trend(burst: number): readonly number[] {
    const length = Math.min(TREND_LENGTH, burst - this.#firstBurst + 1);
    return Array.from({ length }, (_, index) => {
      const at = burst - length + 1 + index;
      if (at > this.#lastBurst) return this.#idleValue();
      return this.#trend[at % TREND_LENGTH]!;
    });
  }

  /** Bursts without this series are drawn as it rested in them. */
  #beginBurst(burst: number): void {
    for (let at = this.#lastBurst + 1; at <= burst; at += 1) {
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

export function isTiming(type: string): boolean {
  return type === 'ms' || type === 'h' || type === 'd';
}

/** The latest values of a timer, in a ring. */
class RecentValues {
  readonly #values = new Float64Array(MAX_RECENT_VALUES);
  readonly #weights = new Float64Array(MAX_RECENT_VALUES);
  #added = 0;

  add(value: number, weight: number): void {
    const at = this.#added % MAX_RECENT_VALUES;
    this.#values[at] = value;
    this.#weights[at] = weight;
    this.#added += 1;
  }

  /** By nearest rank; unweighted on servers that count a sampled timer but do not rank it by its rate. */
  percentiles(wanted: readonly number[], isWeighted: boolean): readonly number[] {
    const length = Math.min(this.#added, MAX_RECENT_VALUES);
    const order = Array.from({ length }, (_, index) => index).sort(
      (a, b) => this.#values[a]! - this.#values[b]!,
    );
    const weightAt = (index: number): number => (isWeighted ? this.#weights[index]! : 1);
    const total = order.reduce((sum, index) => sum + weightAt(index), 0);
    let covered = 0;
    let at = -1;
    return wanted.map((percentile) => {
      while (at < length - 1 && (at < 0 || covered < (percentile / 100) * total)) {
        at += 1;
        covered += weightAt(order[at]!);
      }
      return this.#values[order[at]!]!;
    });
  }
}
