// The one book of a transport: where every line is, and who waits for it.

import type { Clock } from './clock.js';
import type { LineDropReason } from './transport.js';

interface LineCount {
  lines: number;
  bytes: number;
}

interface Waiter {
  /** Lines that must be settled before the waiter is served. */
  readonly target: number;
  readonly served: () => void;
}

export class Ledger {
  readonly enqueued: LineCount = { lines: 0, bytes: 0 };
  readonly written: LineCount = { lines: 0, bytes: 0 };
  readonly confirmed: LineCount = { lines: 0, bytes: 0 };
  readonly dropped: Partial<Record<LineDropReason, number>> = {};
  inFlightLines = 0;
  resentLines = 0;
  maybeDuplicatedLines = 0;
  connects = 0;
  readonly connectFailures: Record<string, number> = {};
  readonly disconnects: Record<string, number> = {};
  udpRefused = 0;
  dnsFailures = 0;
  dnsChanges = 0;
  flushDeadlinesMissed = 0;
  #acceptedLines = 0;
  #settledLines = 0;
  #waiters: Waiter[] = [];

  accept(lines: number, bytes: number): void {
    add(this.enqueued, lines, bytes);
    this.#acceptedLines += lines;
  }

  /** Lines turned away at the door: nobody waits for them. */
  refuse(reason: LineDropReason, lines: number, bytes: number): void {
    add(this.enqueued, lines, bytes);
    this.dropped[reason] = (this.dropped[reason] ?? 0) + lines;
  }

  /** Accepted lines leave in one of three ways, each line once and in the order they came. */
  write(lines: number, bytes: number): void {
    add(this.written, lines, bytes);
    this.#settle(lines);
  }

  confirm(lines: number, bytes: number): void {
    add(this.confirmed, lines, bytes);
    this.#settle(lines);
  }

  drop(reason: LineDropReason, lines: number): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + lines;
    this.#settle(lines);
  }

  count(counts: Record<string, number>, key: string): void {
    counts[key] = (counts[key] ?? 0) + 1;
  }

  get hasWaiters(): boolean {
    return this.#waiters.length > 0;
  }

  /**
   * True once every line accepted so far has left, false at the deadline. The deadline's timer keeps the
   * process alive: somebody waits for the result, and the wait is bounded.
   */
  settled(deadlineMillis: number, clock: Clock): Promise<boolean> {
    const target = this.#acceptedLines;
    if (this.#settledLines >= target) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = clock.after(
        deadlineMillis,
        () => {
          this.#waiters = this.#waiters.filter((other) => other !== waiter);
          this.flushDeadlinesMissed += 1;
          resolve(false);
        },
        { holdProcess: true },
      );
      const waiter: Waiter = {
        target,
        served: () => {
          timer.cancel();
          resolve(true);
        },
      };
      this.#waiters.push(waiter);
    });
  }

  #settle(lines: number): void {
    this.#settledLines += lines;
    const served = this.#waiters.filter(({ target }) => target <= this.#settledLines);
    if (served.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => !served.includes(waiter));
    for (const waiter of served) waiter.served();
  }
}

function add(count: LineCount, lines: number, bytes: number): void {
  count.lines += lines;
  count.bytes += bytes;
}
