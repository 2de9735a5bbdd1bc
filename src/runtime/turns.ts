// Work that other processes cause, in turns: between two turns, timers, signals and other sockets are served, however much
// is sent.

import { type Clock, systemClock } from './clock.js';

/** Work in small steps: after each, it may be interrupted. */
export type Steps = Iterator<unknown>;

export class Turns {
  readonly #turnMillis: number;
  readonly #clock: Clock;
  #queue: Steps[] = [];
  #done = 0;
  /** Undefined when no turn has begun since the last pause. */
  #turnEnd: number | undefined;
  #isRunning = false;
  #isHeld = false;

  constructor(turnMillis: number, clock: Clock = systemClock) {
    this.#turnMillis = turnMillis;
    this.#clock = clock;
  }

  /** Runs the steps after those added before: at once while this turn lasts, the rest in later ones. */
  add(steps: Steps): void {
    this.#queue.push(steps);
    this.#run();
  }

  /** No step runs until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#run();
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#done < this.#queue.length && !this.#isHeld && this.#hasTime()) {
        if (this.#queue[this.#done]!.next().done === true) this.#done += 1;
      }
    } finally {
      this.#isRunning = false;
      if (this.#done > 0) this.#queue = this.#queue.slice(this.#done);
      this.#done = 0;
    }
  }

  #hasTime(): boolean {
    const now = this.#clock.now();
    if (this.#turnEnd === undefined) {
      this.#turnEnd = now + this.#turnMillis;
      // Not an immediate: one that does not keep the process alive does not wake an idle event loop either.
      this.#clock.after(0, () => {
        this.#turnEnd = undefined;
        this.#run();
      });
    }
    return now < this.#turnEnd;
  }
}
