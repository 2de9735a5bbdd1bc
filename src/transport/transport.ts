// What every transport promises, and what it counts.

import type { Chunk } from './packing/chunk.js';

/** Delivers chunks to one endpoint. Nothing here throws or rejects. */
export interface Transport {
  /** Takes a chunk into the queue; false when it is refused (and counted), because the queue is full or closed. */
  send(chunk: Chunk): boolean;
  /** Counts lines that no transport could carry. */
  reject(reason: RejectReason, lines: number, bytes: number): void;
  /** True while more waits than it should: what can be merged had better wait outside. */
  isOverSoftLimit(): boolean;
  /** Bytes of all lines that are kept, those on their way included. */
  heldBytes(): number;
  /** True once all that was sent before the call is off our hands; false at the deadline. Discards nothing. */
  flush(deadlineMillis: number): Promise<boolean>;
  /** Flushes until the deadline, counts the rest as dropped and leaves nothing open. Idempotent. */
  close(deadlineMillis: number): Promise<void>;
  stats(): TransportStats;
}

/** Why lines cannot be sent at all. */
export type RejectReason =
  /** A line, or a group that must stay together, is larger than the maximum payload. */
  | 'too_large'
  /** Not whole lines: a newline is missing, or there are more than lines. */
  | 'invalid';

/** Why lines were lost on purpose. */
export type LineDropReason =
  | RejectReason
  /** The queue's byte limit was reached; the newest lines are refused. */
  | 'queue_full'
  /** Additive lines of unknown fate, when `onUnconfirmed` is `drop`. */
  | 'unknown'
  /** Every connection that carried them broke, also when they were sent alone. */
  | 'poison'
  /** The operating system rejects the datagram itself, whatever the socket. */
  | 'udp_error'
  /** The application's stream ended, was destroyed or failed for good. */
  | 'stream_closed'
  /** Not delivered by the shutdown deadline, or offered after it. */
  | 'shutdown';

/** Why a connection ended: one of these, or the code of a system error. */
export type DisconnectCause =
  /** The server closed it before it had our FIN. */
  | 'fin'
  | 'reset'
  /** The server took no byte for too long. */
  | 'stall'
  /** The server did not close in time after we did. */
  | 'confirm_timeout'
  /** We ended it: it was old enough, or idle. */
  | 'age'
  | 'idle'
  /** The socket file belongs to another server now. */
  | 'replaced'
  /** The server talks too much to be a StatsD server. */
  | 'junk'
  | (string & {});

/** How many segments (the chunks of one confirmed connection) had which end. */
export interface SegmentCounts {
  readonly confirmed: number;
  readonly unknown: number;
  readonly notSent: number;
}

/**
 * Counts since construction. Each line counts once however often it was sent:
 * `offeredLines = confirmedLines + writtenLines + sum(droppedLines) + queuedLines + inFlightLines`.
 */
export interface TransportStats {
  readonly state: string;
  /** Lines offered, including refused ones. */
  readonly offeredLines: number;
  readonly offeredBytes: number;
  /** Taken by the operating system, or by the application's stream or function; more is not known. */
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
  readonly segments: SegmentCounts;
  /** From our FIN to the server's: the latest and the longest so far; 0 before the first. */
  readonly lastConfirmMillis: number;
  readonly maxConfirmMillis: number;
  readonly connects: number;
  /** By error code. */
  readonly connectFailures: Readonly<Record<string, number>>;
  /** By `DisconnectCause`; confirmed segments, whose connections end as planned, are not among them. */
  readonly disconnects: Readonly<Record<string, number>>;
  /** Time spent waiting between attempts. */
  readonly backoffMillis: number;
  /** Datagrams that a reachable host refused, because nothing listens on the port. */
  readonly udpRefused: number;
  /** Datagrams too large for the network they were to be sent over. */
  readonly udpTooLarge: number;
  /** Look-ups that failed or gave no answer in time. */
  readonly dnsFailures: number;
  /** How often the address in use left the name's addresses. */
  readonly dnsChanges: number;
  readonly flushDeadlinesMissed: number;
}

/** State changes worth a log line: one per outage, one per recovery, and what is lost for reasons of its own. */
export type TransportEvent =
  | { readonly kind: 'outage'; readonly cause: string }
  | { readonly kind: 'recovered'; readonly outageMillis: number }
  /** Told once: the server never closes, so delivery can not be confirmed. */
  | { readonly kind: 'downgraded' }
  /** The application's stream has ended or failed: nothing will be delivered any more. */
  | { readonly kind: 'dead-end'; readonly cause: string }
  /** Lines were dropped as poison. */
  | { readonly kind: 'poison'; readonly lines: number };

/** Runs a function outside the caller's async context, so that nothing traces what it opens. */
export type WithoutTracing = <T>(run: () => T) => T;
