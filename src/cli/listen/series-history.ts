// The history of a series: a point a second for an hour, and a point a minute for a day.

import { type Point, type PointKind, PointList, PointStore } from './point-store.js';
import { isTiming, RATE_SECONDS } from './series-types.js';

/** The memory that the histories of all series share. */
export interface HistoryStores {
  readonly fine: PointStore;
  readonly coarse: PointStore;
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 24 * HOUR;

/**
 * Seconds without a recording take no room. 64 MiB are some 3.3 million points of counters: an hour of 9,000 series that
 * arrive every ten seconds, or of 900 that arrive every second. With more, the seconds reach back less far, and minutes
 * take their place. Gauges and timers take twice the room.
 */
export function createHistoryStores(): HistoryStores {
  return {
    fine: new PointStore({ stepSeconds: 1, spanSeconds: HOUR, maxBytes: 64 * 2 ** 20 }),
    coarse: new PointStore({ stepSeconds: MINUTE, spanSeconds: DAY, maxBytes: 32 * 2 ** 20 }),
  };
}

/** `rate`: per second. `value`: the last one of a step. `mean`: of the values of a step. */
export type PlotKind = 'rate' | 'value' | 'mean';

export interface Plot {
  readonly kind: PlotKind;
  /** Oldest first. */
  readonly points: readonly Point[];
}

export class SeriesHistory {
  readonly #kind: PointKind;
  readonly #isGauge: boolean;
  readonly #fine: PointList;
  readonly #coarse: PointList;
  /** Of all series. */
  readonly #startedAtSecond: number;
  /** Of this one. */
  readonly #firstSecond: number;
  /** Of a gauge, which keeps its value while nothing arrives. */
  #held: number | undefined;

  constructor(type: string, { fine, coarse }: HistoryStores, startedAtSecond: number, firstSecond: number) {
    this.#kind = pointKind(type);
    this.#isGauge = type === 'g';
    this.#fine = new PointList(fine, this.#kind);
    this.#coarse = new PointList(coarse, this.#kind);
    this.#startedAtSecond = startedAtSecond;
    this.#firstSecond = firstSecond;
  }

  /** @param amount what a counter is increased by, or the number of recordings that the value stands for */
  add(second: number, value: number, amount: number): void {
    this.#fine.add(second, value, amount);
    this.#coarse.add(second, value, amount);
    if (this.#isGauge) this.#held = value;
  }

  /** Seconds as far back as they are kept, minutes before them. */
  plot(fromSecond: number, nowSecond: number): Plot {
    // The rate of a second needs those before it.
    const known = Math.max(nowSecond - HOUR, this.#fine.lostUntil + RATE_SECONDS);
    const fineFrom = roundedUp(known);
    const coarseFrom = roundedUp(Math.max(fromSecond, nowSecond - DAY));
    const from = Math.max(fromSecond, fineFrom);
    if (this.#kind === 'sum') {
      return {
        kind: 'rate',
        points: [...this.#minuteRates(coarseFrom, fineFrom), ...this.#rates(from, nowSecond)],
      };
    }
    const minutes = [...this.#coarse.from(coarseFrom)].filter(({ second }) => second < fineFrom);
    const points = [...minutes, ...this.#fine.from(from)];
    if (this.#held !== undefined) this.#hold(points, this.#held, fromSecond, nowSecond);
    return { kind: this.#kind === 'value' ? 'value' : 'mean', points };
  }

  #hold(points: Point[], value: number, fromSecond: number, nowSecond: number): void {
    const at = (second: number): Point => ({ second, value, low: value, high: value });
    if (points.length === 0) points.push(at(Math.max(fromSecond, this.#firstSecond)));
    if (points.at(-1)!.second < nowSecond) points.push(at(nowSecond));
  }

  /** Minutes without a recording are zero. */
  *#minuteRates(fromSecond: number, until: number): Generator<Point> {
    const first = Math.floor(this.#firstSecond / MINUTE) * MINUTE;
    const points = this.#coarse.from(fromSecond);
    let next = points.next();
    for (let minute = Math.max(first, fromSecond); minute < until; minute += MINUTE) {
      let sum = 0;
      if (!next.done && next.value.second === minute) {
        sum = next.value.value;
        next = points.next();
      }
      yield rateAt(minute, sum / (minute + MINUTE - Math.max(minute, this.#startedAtSecond)));
    }
  }

  /** What the table had at the end of each second: the sum over ten, or over those since the first line. */
  *#rates(from: number, nowSecond: number): Generator<Point> {
    const sums = new Float64Array(RATE_SECONDS);
    const begin = Math.max(from - RATE_SECONDS + 1, this.#firstSecond);
    const points = this.#fine.from(begin);
    let next = points.next();
    for (let second = begin; second < nowSecond; second += 1) {
      sums[second % RATE_SECONDS] = 0;
      if (!next.done && next.value.second === second) {
        sums[second % RATE_SECONDS] = next.value.value;
        next = points.next();
      }
      if (second < from) continue;
      const covered = Math.min(RATE_SECONDS, second + 1 - this.#startedAtSecond);
      yield rateAt(second, sums.reduce((total, each) => total + each, 0) / covered);
    }
  }
}

function rateAt(second: number, rate: number): Point {
  return { second, value: rate, low: rate, high: rate };
}

function roundedUp(second: number): number {
  return Math.ceil(second / MINUTE) * MINUTE;
}

function pointKind(type: string): PointKind {
  if (isTiming(type)) return 'timing';
  return type === 'c' || type === 's' ? 'sum' : 'value';
}
