// What every transport promises, and what it counts.

import type { Chunk } from './chunk.js';

/** Delivers chunks to one endpoint. Nothing here throws or rejects. */
export interface Transport {
  /** Takes a chunk into the queue; false when it is refused (and counted), because the queue is full or closed. */
  send(chunk: Chunk): boolean;
  /** Counts lines that no transport could carry, because a group of them is larger than a payload. */
  refuseTooLarge(lines: number, bytes: number): void;
  /** True once all that was sent before the call is off our hands; false at the deadline. Discards nothing. */
  flush(deadlineMillis: number): Promise<boolean>;
  /** Flushes until the deadline, counts the rest as dropped and leaves nothing open. Idempotent. */
  close(deadlineMillis: number): Promise<void>;
  stats(): TransportStats;
}

/** Why lines were lost on purpose. */
export type LineDropReason =
  /** The queue's byte limit was reached; the newest lines are refused. */
  | 'queue_full'
  /** A line, or a group that must stay together, is larger than the maximum payload. */
  | 'too_large'
  /** Sent several times, each time with an unknown fate. */
  | 'unknown'
  /** Not delivered by the shutdown deadline, or offered after it. */
  | 'shutdown';

/**
 * Counts since construction. Each line counts once however often it was sent:
 * `enqueuedLines = confirmedLines + writtenLines + sum(droppedLines) + queuedLines + inFlightLines`.
 */
export interface TransportStats {
  readonly state: string;
  /** Lines offered, including refused ones. */
  readonly enqueuedLines: number;
  readonly enqueuedBytes: number;
  /** Taken by the operating system; UDP knows no more. */
  readonly writtenLines: number;
  readonly writtenBytes: number;
  /** Read by the server process, which then closed the connection cleanly. */
  readonly confirmedLines: number;
  readonly confirmedBytes: number;
  /** Lines sent again, counted each time. */
  readonly resentLines: number;
  /** Additive lines sent again although the server may have counted them already. */
  readonly maybeDuplicatedLines: number;
  readonly droppedLines: Readonly<Partial<Record<LineDropReason, number>>>;
  readonly queuedLines: number;
  readonly queuedBytes: number;
  readonly inFlightLines: number;
  /** Age of the oldest line not yet off our hands; 0 when there is none. */
  readonly oldestQueuedMillis: number;
  readonly connects: number;
  readonly connectFailures: Readonly<Record<string, number>>;
  readonly disconnects: Readonly<Record<string, number>>;
  /** Datagrams that a reachable host refused, because nothing listens on the port. */
  readonly udpRefused: number;
  readonly dnsFailures: number;
  readonly dnsChanges: number;
  readonly flushDeadlinesMissed: number;
}

/** State changes worth a log line: one per outage, one per recovery. */
export type TransportEvent =
  | { readonly kind: 'outage'; readonly cause: string }
  | { readonly kind: 'recovered'; readonly outageMillis: number };

/** Runs a function outside the caller's async context, so that nothing traces what it opens. */
export type Isolate = <T>(run: () => T) => T;
