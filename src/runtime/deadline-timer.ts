import type { Clock, Timer } from './clock.js';

/** Goes off once, when nobody sets it anew. That is cheap, as long as it is set for later than before. */
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
    // A timer that comes too early starts another one for the rest.
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
    // Timers may be a moment early; the one that was started for this time is late enough.
    if (this.#dueAt > this.#timerAt) this.#start(Math.max(0, this.#dueAt - this.#clock.now()));
    else this.#onExpire();
  }
}
