import type { Clock, Timer } from './clock.js';

/**
 * One-shot timer that is re-armed often. Extending the deadline reuses the running timer; only an earlier one starts
 * a new timer.
 */
export class DeadlineTimer {
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #timerAt = 0;
  #dueAt = 0;
  #onExpire: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  arm(millis: number, onExpire: () => void): void {
    this.#dueAt = this.#clock.now() + millis;
    this.#onExpire = onExpire;
    // A timer that fires too early starts another one for the rest.
    if (this.#timer === undefined || this.#timerAt > this.#dueAt) this.#start(millis);
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #start(millis: number): void {
    this.#timer?.cancel();
    this.#timerAt = this.#dueAt;
    this.#timer = this.#clock.after(millis, () => this.#onTimer());
  }

  #onTimer(): void {
    this.#timer = undefined;
    // Timers may fire a moment early; one that was started for this deadline counts as on time.
    if (this.#dueAt > this.#timerAt) this.#start(Math.max(0, this.#dueAt - this.#clock.now()));
    else this.#onExpire();
  }
}
