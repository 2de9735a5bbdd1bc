// Exponentially weighted moving rates over one, five and fifteen minutes, as in the Unix load average and in the
// meters of Dropwizard Metrics. Time advances in ticks, which are applied on access, so no timer is needed.

/** Length of a tick: 5 s, as in both models. */
export const TICK_MILLIS = 5_000;

const TICK_SECONDS = TICK_MILLIS / 1000;

/** Events per second. */
export interface Rates {
  readonly m1: number;
  readonly m5: number;
  readonly m15: number;
}

export class MovingRates {
  /** Events since the last tick. */
  #countSinceTick = 0;
  #lastTick: number;
  #hasTicked = false;
  readonly #rates = { m1: 0, m5: 0, m15: 0 };

  /** @param startedAt when counting began, in milliseconds */
  constructor(startedAt: number) {
    this.#lastTick = startedAt;
  }

  mark(count: number, now: number): void {
    this.#catchUp(now);
    this.#countSinceTick += count;
  }

  /** As of the last full tick; 0 before the first. */
  rates(now: number): Rates {
    this.#catchUp(now);
    return { ...this.#rates };
  }

  #catchUp(now: number): void {
    const ticks = Math.floor((now - this.#lastTick) / TICK_MILLIS);
    // After the clock jumped back, nothing happens until it has caught up.
    if (!(ticks > 0)) return;
    const plainRate = this.#countSinceTick / TICK_SECONDS;
    this.#rates.m1 = this.#after(ticks, this.#rates.m1, plainRate, 60);
    this.#rates.m5 = this.#after(ticks, this.#rates.m5, plainRate, 300);
    this.#rates.m15 = this.#after(ticks, this.#rates.m15, plainRate, 900);
    this.#countSinceTick = 0;
    this.#lastTick += ticks * TICK_MILLIS;
    this.#hasTicked = true;
  }

  /** The first tick adds the events counted since the last one; the remaining ticks had none and only decay the rate. */
  #after(ticks: number, rate: number, plainRate: number, windowSeconds: number): number {
    const left = (count: number): number => Math.exp((-count * TICK_SECONDS) / windowSeconds);
    // The very first tick has no history to smooth with.
    const afterFirst = this.#hasTicked ? plainRate + (rate - plainRate) * left(1) : plainRate;
    return afterFirst * left(ticks - 1);
  }
}
