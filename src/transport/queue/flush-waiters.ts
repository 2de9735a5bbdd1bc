// Flushes that wait until all lines accepted before them are settled: delivered or dropped.

import type { Clock, Timer } from '../../runtime/clock.js';

interface Waiter {
  /** Number of accepted lines that must be settled. */
  readonly target: number;
  readonly deadline: number;
  readonly timer: Timer;
  readonly resolve: (isSettled: boolean) => void;
}

export class FlushWaiters {
  #acceptedLines = 0;
  #settledLines = 0;
  #waiters: Waiter[] = [];

  get isEmpty(): boolean {
    return this.#waiters.length === 0;
  }

  /** The earliest deadline of those that wait. */
  get nextDeadline(): number | undefined {
    return this.isEmpty ? undefined : Math.min(...this.#waiters.map(({ deadline }) => deadline));
  }

  accept(lines: number): void {
    this.#acceptedLines += lines;
  }

  /** Lines are settled in the order they were accepted. */
  settle(lines: number): void {
    this.#settledLines += lines;
    const isServed = ({ target }: Waiter): boolean => target <= this.#settledLines;
    if (!this.#waiters.some(isServed)) return;
    const served = this.#waiters.filter(isServed);
    this.#waiters = this.#waiters.filter((waiter) => !isServed(waiter));
    for (const { timer, resolve } of served) {
      timer.cancel();
      resolve(true);
    }
  }

  /**
   * Resolves to true when every line accepted so far is settled, to false at the deadline. The timer keeps the process
   * alive: a caller awaits the result, and the wait is bounded.
   */
  wait(deadlineMillis: number, clock: Clock): Promise<boolean> {
    const target = this.#acceptedLines;
    if (this.#settledLines >= target) return Promise.resolve(true);
    return new Promise((resolve) => {
      const expire = (): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve(false);
      };
      const timer = clock.after(deadlineMillis, expire, { holdProcess: true });
      const waiter: Waiter = { target, deadline: clock.now() + deadlineMillis, timer, resolve };
      this.#waiters.push(waiter);
    });
  }
}
