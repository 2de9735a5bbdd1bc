// Accounting for every line of a transport, and the flushes waiting for lines to settle.

import type { Clock } from '../../runtime/clock.js';
import type { Outcome } from '../stream/connection-types.js';
import type { LineDropReason, LineLoss, TransportStats } from '../transport.js';
import { FlushWaiters } from './flush-waiters.js';

interface LineCount {
  lines: number;
  bytes: number;
}

/** The part of the stats that the ledger counts. */
export type LedgerCounts = Omit<
  TransportStats,
  'state' | 'queuedLines' | 'queuedBytes' | 'oldestQueuedMillis'
>;

/** What a connection carried. */
export interface CarriedSegment {
  readonly isEmpty: boolean;
  /** True once a chunk was written to the connection. */
  readonly hasWritten: boolean;
}

/** What is known of a loss besides its reason and size. */
export type LossDetail = Omit<LineLoss, 'reason' | 'lines'>;

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
  /** By error code, which comes from anywhere: an object with a prototype would miscount `constructor`. */
  readonly connectFailures: Record<string, number> = Object.create(null);
  readonly disconnects: Record<string, number> = Object.create(null);
  backoffMillis = 0;
  udpRefused = 0;
  udpTooLarge = 0;
  dnsFailures = 0;
  dnsChanges = 0;
  flushDeadlinesMissed = 0;
  readonly #flushes = new FlushWaiters();
  readonly #onLoss: (loss: LineLoss) => void;

  constructor(onLoss: (loss: LineLoss) => void = () => {}) {
    this.#onLoss = onLoss;
  }

  accept(lines: number, bytes: number): void {
    add(this.offered, lines, bytes);
    this.#flushes.accept(lines);
  }

  /** Counts lines rejected before they were queued; flush() does not wait for them. */
  reject(reason: LineDropReason, lines: number, bytes: number, detail: LossDetail = {}): void {
    add(this.offered, lines, bytes);
    this.#lose(reason, lines, detail);
  }

  /** Each accepted line is settled once, by write(), confirm() or drop(), in the order of acceptance. */
  write(lines: number, bytes: number): void {
    add(this.written, lines, bytes);
    this.#flushes.settle(lines);
  }

  confirm(lines: number, bytes: number): void {
    add(this.confirmed, lines, bytes);
    this.#flushes.settle(lines);
  }

  drop(reason: LineDropReason, lines: number, detail: LossDetail = {}): void {
    this.#lose(reason, lines, detail);
    this.#flushes.settle(lines);
  }

  count(counts: Record<string, number>, key: string): void {
    counts[key] = (counts[key] ?? 0) + 1;
  }

  /** Counts the end of a connection; `confirmMillis` is the time from our FIN to the server's, if it came. */
  connectionEnded(outcome: Outcome, carried: CarriedSegment, confirmMillis: number): void {
    const segments = carried.isEmpty ? 0 : 1;
    switch (outcome.kind) {
      case 'confirmed':
        this.segments.confirmed += segments;
        if (outcome.reason === 'segment') this.#confirmTook(confirmMillis);
        else this.count(this.disconnects, outcome.reason);
        return;
      case 'downgraded':
        this.segments.unknown += segments;
        return this.count(this.disconnects, 'confirm_timeout');
      case 'not-sent':
        return this.count(this.connectFailures, outcome.cause);
      case 'unknown':
        if (carried.hasWritten) this.segments.unknown += segments;
        else this.segments.notSent += segments;
        return this.count(this.disconnects, outcome.cause);
      case 'closed':
        return this.count(this.disconnects, outcome.cause);
      case 'shutdown':
        return;
    }
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

  /** True while a flush waits. */
  get hasFlushWaiters(): boolean {
    return !this.#flushes.isEmpty;
  }

  /** The earliest deadline of the flushes that wait. */
  get nextFlushDeadline(): number | undefined {
    return this.#flushes.nextDeadline;
  }

  /** Resolves to true when every line accepted so far is settled, to false at the deadline. */
  async whenSettled(deadlineMillis: number, clock: Clock): Promise<boolean> {
    const isSettled = await this.#flushes.wait(deadlineMillis, clock);
    if (!isSettled) this.flushDeadlinesMissed += 1;
    return isSettled;
  }

  #lose(reason: LineDropReason, lines: number, detail: LossDetail): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + lines;
    this.#onLoss({ ...detail, reason, lines });
  }

  #confirmTook(millis: number): void {
    this.lastConfirmMillis = millis;
    this.maxConfirmMillis = Math.max(this.maxConfirmMillis, millis);
  }
}

function add(count: LineCount, lines: number, bytes: number): void {
  count.lines += lines;
  count.bytes += bytes;
}
