// Work that other processes cause, in turns: between two turns, timers, signals and other sockets are served, however much
// is sent. The next piece of work is of the sender whose work has taken the least time so far, so that none waits for those
// that send more. A piece that has begun is finished first: in the middle it may hold much memory.

import { type Clock, systemClock } from './clock.js';

/** Work in small steps: after each, it may be interrupted. */
export type Steps = Iterator<unknown>;

/** Work of a single step. */
export function* singleStep(run: () => void): Generator<void> {
  run();
  yield;
}

/**
 * Of work that a sender may have before those that have kept the process busy, once it has sent less; the more wait, the less
 * each has. A thousand that begin at once would otherwise go before a busy one for a thousand seconds.
 */
const CREDIT_MILLIS = 1_000;

interface Queue {
  readonly work: Steps[];
  /** The number of those that are done. */
  done: number;
}

export class Turns {
  readonly #turnMillis: number;
  readonly #clock: Clock;
  /** Of the senders whose work waits. */
  readonly #queues = new Map<object, Queue>();
  /** Milliseconds that the work of a sender has taken, and those that it did not use beyond its credit. */
  readonly #used = new WeakMap<object, number>();
  /** That of the last sender that was chosen. */
  #level = 0;
  /** The sender whose first piece of work has begun. */
  #current: object | undefined;
  /** Undefined when no turn has begun since the last pause. */
  #turnEnd: number | undefined;
  #isRunning = false;
  #isHeld = false;

  constructor(turnMillis: number, clock: Clock = systemClock) {
    this.#turnMillis = turnMillis;
    this.#clock = clock;
  }

  /** Runs the steps after those that the sender added before: at once while this turn lasts, the rest in later ones. */
  add(sender: object, steps: Steps): void {
    const queue = this.#queues.get(sender);
    if (queue === undefined) {
      this.#queues.set(sender, { work: [steps], done: 0 });
      const credit = CREDIT_MILLIS / this.#queues.size;
      this.#used.set(sender, Math.max(this.#usedBy(sender), this.#level - credit));
    } else {
      queue.work.push(steps);
    }
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
      while (this.#queues.size > 0 && !this.#isHeld && this.#hasTime()) this.#step();
    } finally {
      this.#isRunning = false;
    }
  }

  #step(): void {
    this.#current ??= this.#next();
    const sender = this.#current;
    const queue = this.#queues.get(sender)!;
    const begun = this.#clock.now();
    // So is work that throws.
    let isDone = true;
    try {
      isDone = queue.work[queue.done]!.next().done === true;
    } finally {
      this.#used.set(sender, this.#usedBy(sender) + this.#clock.now() - begun);
      if (isDone) this.#finish(sender, queue);
    }
  }

  #finish(sender: object, queue: Queue): void {
    this.#current = undefined;
    queue.done += 1;
    if (queue.done === queue.work.length) {
      this.#queues.delete(sender);
    } else if (queue.done > queue.work.length / 2) {
      // Not after each: the rest would move each time.
      queue.work.splice(0, queue.done);
      queue.done = 0;
    }
  }

  /** The sender whose work has taken the least, of several the one that waits the longest. */
  #next(): object {
    let next: object | undefined;
    let least = Infinity;
    for (const sender of this.#queues.keys()) {
      const used = this.#usedBy(sender);
      if (used >= least) continue;
      next = sender;
      least = used;
    }
    this.#level = Math.max(this.#level, least);
    return next!;
  }

  #usedBy(sender: object): number {
    return this.#used.get(sender) ?? 0;
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
