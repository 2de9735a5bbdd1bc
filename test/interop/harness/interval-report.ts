// The report of a server that tells what it got interval by interval: counters are added up here.
import type { Report, TimerFigures } from './server.js';

export class IntervalReport {
  readonly #counters: Record<string, number> = {};
  readonly #gauges: Record<string, number> = {};
  readonly #sets: Record<string, number> = {};
  readonly #timers: Record<string, TimerFigures[]> = {};

  count(series: string, value: number): void {
    this.#counters[series] = (this.#counters[series] ?? 0) + value;
  }

  gauge(series: string, value: number): void {
    this.#gauges[series] = value;
  }

  /** The members of one interval. */
  set(series: string, members: number): void {
    this.#sets[series] = (this.#sets[series] ?? 0) + members;
  }

  time(series: string, figures: TimerFigures): void {
    const intervals = this.#timers[series] ?? [];
    intervals.push(figures);
    this.#timers[series] = intervals;
  }

  toReport(complaints: readonly string[]): Report {
    return {
      counters: this.#counters,
      gauges: this.#gauges,
      sets: this.#sets,
      timers: this.#timers,
      complaints,
    };
  }
}
