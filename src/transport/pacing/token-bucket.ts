import type { Clock } from '../../runtime/clock.js';

/** Permits one burst at once, then only the given rate. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledAt: number;

  constructor(capacity: number, clock: Clock) {
    this.#capacity = capacity;
    this.#clock = clock;
    this.#tokens = capacity;
    this.#filledAt = clock.now();
  }

  /** The amount that may be sent now. */
  available(perMillisecond: number): number {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#filledAt) * perMillisecond);
    this.#filledAt = now;
    return this.#tokens;
  }

  /** Time until that amount, or a whole burst, may be sent: whole milliseconds, the resolution of timers. */
  millisUntil(amount: number, perMillisecond: number): number {
    const missing = Math.min(amount, this.#capacity) - this.available(perMillisecond);
    return missing <= 0 ? 0 : Math.ceil(missing / perMillisecond);
  }

  take(amount: number): void {
    this.#tokens -= amount;
  }
}
