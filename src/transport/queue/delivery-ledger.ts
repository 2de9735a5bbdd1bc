// The one book of a transport: where every line is, and who waits for it.

import type { Clock } from '../../runtime/clock.js';
import type { LineDropReason, TransportStats } from '../transport.js';

interface LineCount {
  lines: number;
  bytes: number;
}

/** What the ledger itself can say of a transport. */
export type LedgerCounts = Omit<
  TransportStats,
  'state' | 'queuedLines' | 'queuedBytes' | 'oldestQueuedMillis'
>;

interface Waiter {
  /** Lines that must be settled before the waiter is served. */
  readonly target: number;
  readonly deadline: number;
  readonly served: () => void;
}

export class Ledger {
  readonly offered: LineCount = { lines: 0, bytes: 0 };
  readonly written: LineCount = { lines: 0, bytes: 0 };
  readonly confirmed: LineCount = { lines: 0, bytes: 0 };
  readonly dropped: Partial<Record<LineDropReason, number>> = {};
  inFlightLines = 0;
  resentLines = 0;
  maybeDuplicatedLines = 0;
  readonly segments = { confirmed: 0, unknown: 0, notSent: 0 };
  lastConfirmMillis = 0;
  maxConfirmMillis = 0;
  connects = 0;
  readonly connectFailures: Record<string, number> = {};
  readonly disconnects: Record<string, number> = {};
  backoffMillis = 0;
  udpRefused = 0;
  udpTooLarge = 0;
  dnsFailures = 0;
  dnsChanges = 0;
  flushDeadlinesMissed = 0;
  #acceptedLines = 0;
  #settledLines = 0;
  #waiters: Waiter[] = [];

  accept(lines: number, bytes: number): void {
    add(this.offered, lines, bytes);
    this.#acceptedLines += lines;
  }

  /** Lines turned away at the door: nobody waits for them. */
  reject(reason: LineDropReason, lines: number, bytes: number): void {
    add(this.offered, lines, bytes);
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

  recordConfirmMillis(millis: number): void {
    this.lastConfirmMillis = millis;
    this.maxConfirmMillis = Math.max(this.maxConfirmMillis, millis);
  }

  count(counts: Record<string, number>, key: string): void {
    counts[key] = (counts[key] ?? 0) + 1;
  }

  /** A snapshot. */
  counts(): LedgerCounts {
    return {
      offeredLines: this.offered.lines,
      offeredBytes: this.offered.bytes,
      writtenLines: this.written.lines,
      writtenBytes: this.written.bytes,
      confirmedLines: this.confirmed.lines,
      confirmedBytes: this.confirmed.bytes,
      resentLines: this.resentLines,
      maybeDuplicatedLines: this.maybeDuplicatedLines,
      droppedLines: { ...this.dropped },
      inFlightLines: this.inFlightLines,
      segments: { ...this.segments },
      lastConfirmMillis: this.lastConfirmMillis,
      maxConfirmMillis: this.maxConfirmMillis,
      connects: this.connects,
      connectFailures: { ...this.connectFailures },
      disconnects: { ...this.disconnects },
      backoffMillis: this.backoffMillis,
      udpRefused: this.udpRefused,
      udpTooLarge: this.udpTooLarge,
      dnsFailures: this.dnsFailures,
      dnsChanges: this.dnsChanges,
      flushDeadlinesMissed: this.flushDeadlinesMissed,
    };
  }

  get hasFlushWaiters(): boolean {
    return this.#waiters.length > 0;
  }

  /** When the first of the waiters gives up. */
  get nextFlushDeadline(): number | undefined {
    if (this.#waiters.length === 0) return undefined;
    return Math.min(...this.#waiters.map(({ deadline }) => deadline));
  }

  /**
   * True once every line accepted so far has left, false at the deadline. The deadline's timer keeps the
   * process alive: somebody waits for the result, and the wait is bounded.
   */
  whenSettled(deadlineMillis: number, clock: Clock): Promise<boolean> {
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
        deadline: clock.now() + deadlineMillis,
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
    if (!this.#waiters.some((waiter) => waiter.target <= this.#settledLines)) return;
    const served = this.#waiters.filter(({ target }) => target <= this.#settledLines);
    this.#waiters = this.#waiters.filter((waiter) => !served.includes(waiter));
    for (const waiter of served) waiter.served();
  }
}

function add(count: LineCount, lines: number, bytes: number): void {
  count.lines += lines;
  count.bytes += bytes;
}
