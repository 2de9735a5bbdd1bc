/** Until two exports have been seen: the flush interval of StatsD, which is the usual export interval, too. */
const DEFAULT_INTERVAL_MILLIS = 10_000;

/** After a pause this long the next chunk belongs to another export. */
const EXPORT_GAP_MILLIS = 250;

/** Measures how much is exported at once, and how often. */
export class ExportRate {
  #interval = DEFAULT_INTERVAL_MILLIS;
  #startedAt: number | undefined;
  #lastAt = 0;
  #amount = 0;
  #previousAmount = 0;

  add(amount: number, now: number): void {
    if (this.#startedAt === undefined || now - this.#lastAt > EXPORT_GAP_MILLIS) {
      if (this.#startedAt !== undefined) {
        // At least half of the last interval, so that a forced flush between two exports is not taken for the interval.
        this.#interval = Math.max(now - this.#startedAt, this.#interval / 2);
      }
      this.#startedAt = now;
      this.#previousAmount = this.#amount;
      this.#amount = 0;
    }
    this.#lastAt = now;
    this.#amount += amount;
  }

  /** The rate that spreads an export over half of the time until the next. */
  get perMillisecond(): number {
    return Math.max(this.#amount, this.#previousAmount) / (this.#interval / 2);
  }
}
