// A clock that moves only when a test says so.
import type { Clock, Timer } from '../../src/runtime/clock.js';

interface Pending {
  readonly at: number;
  readonly callback: () => void;
  readonly holdsProcess: boolean;
}

export class FakeClock implements Clock {
  #now = 0;
  #pending: Pending[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMillis: number, callback: () => void, { holdProcess = false } = {}): Timer {
    const pending: Pending = { at: this.#now + delayMillis, callback, holdsProcess: holdProcess };
    this.#pending.push(pending);
    return { cancel: () => this.#remove(pending) };
  }

  /** Lets time pass; timers fire in order, each at its own time, those that they start included. */
  advance(millis: number): void {
    const end = this.#now + millis;
    for (;;) {
      const due = this.#pending.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#remove(due);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
    }
    this.#now = end;
  }

  /** How far in the future each timer is that has not fired, soonest first. */
  get pendingMillis(): number[] {
    return this.#pending.map(({ at }) => at - this.#now).sort((a, b) => a - b);
  }

  /** Whether a timer keeps the process alive. */
  get holdsProcess(): boolean {
    return this.#pending.some(({ holdsProcess }) => holdsProcess);
  }

  #remove(timer: Pending): void {
    this.#pending = this.#pending.filter((other) => other !== timer);
  }
}
