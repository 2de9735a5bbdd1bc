// What every transport promises, and what it counts.

import type { Chunk, Rejection, RejectReason } from './packing/chunk.js';

/** Delivers chunks to one destination. Nothing here throws or rejects. */
export interface Transport {
  /** Queues a chunk. Returns undefined, or why its lines were dropped (and counted) instead. */
  send(chunk: Chunk): LineDropReason | undefined;
  /** Counts lines that cannot be packed into chunks. */
  reject(rejection: Rejection): void;
  /**
   * True while the queue exceeds its soft limit. The caller should merge further exports instead of enqueueing lines.
   */
  isOverSoftLimit(): boolean;
  /** Bytes of all lines in memory, those in flight included. */
  heldBytes(): number;
  /**
   * Resolves to true when every line accepted before the call has been delivered or dropped, to false at the deadline.
   * Drops nothing.
   */
  flush(deadlineMillis: number): Promise<boolean>;
  /** Flushes until the deadline, counts the rest as dropped and closes everything. Idempotent. */
  close(deadlineMillis: number): Promise<void>;
  stats(): TransportStats;
}

/** Why lines were dropped. */
export type LineDropReason =
  | RejectReason
  /** The queue's byte limit was reached; the newest lines are rejected. */
  | 'queue_full'
  /** Additive lines that may or may not have been read, when `onUnconfirmed` is `drop`. */
  | 'unknown'
  /** Every connection that carried them broke, also when they were sent alone, while other lines were delivered. */
  | 'poison'
  /** The operating system rejects the datagram itself, whatever the socket. */
  | 'udp_error'
  /** The application's stream ended, was destroyed or failed permanently. */
  | 'stream_closed'
  /** Not delivered by the shutdown deadline, or offered after it. */
  | 'shutdown';

/** Why a connection ended: one of these, or the code of a system error. */
export type DisconnectCause =
  /** The server closed it before it had our FIN. */
  | 'fin'
  | 'reset'
  /** The server took no byte for `stallTimeoutMillis`. */
  | 'stall'
  /** The server did not close within `confirmTimeoutMillis` after our FIN. */
  | 'confirm_timeout'
  /** Closed by us: it reached its maximum age, or was idle. */
  | 'age'
  | 'idle'
  /** The socket file now belongs to another server. */
  | 'replaced'
  /** The peer sent more data than a StatsD server would. */
  | 'junk'
  | (string & {});

/** What a transport does at the moment. Not every protocol has every state. */
export type TransportState =
  /** Nothing to send, and no connection. */
  | 'idle'
  /** Looking up the address. */
  | 'resolving'
  /** Connecting, TLS handshake included. */
  | 'connecting'
  /** Checking with a pause or a single datagram that the server keeps the connection, or receives. */
  | 'probing'
  | 'sending'
  /** Connected, with nothing to send. */
  | 'open'
  /** Everything is written, our FIN is about to be sent. */
  | 'ending'
  /** Waiting for the server's FIN, which confirms that it has read everything. */
  | 'confirming'
  /** Waiting after a failure before the next attempt. */
  | 'backing-off'
  /** After `close()`. */
  | 'closed';

/** Number of segments (the chunks of one connection with `confirmed` delivery) by outcome. */
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
  readonly state: TransportState;
  /** Lines offered, including rejected ones. */
  readonly offeredLines: number;
  readonly offeredBytes: number;
  /** Taken by the operating system, or by the application's stream or function; no more is known of them. */
  readonly writtenLines: number;
  readonly writtenBytes: number;
  /**
   * Read by the server process, which then closed the connection cleanly. Proven where the server's system resets the
   * connection of a process that leaves bytes unread: Linux, and macOS over TCP. Elsewhere a server that closes without
   * reading is taken for one that has read.
   */
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
  /** Age of the oldest line that is neither delivered nor dropped; 0 when there is none. */
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
  /** Datagrams that a host refused (ICMP port unreachable), because no process listens on the port. */
  readonly udpRefused: number;
  /** Datagrams that the operating system rejected as too large (EMSGSIZE). */
  readonly udpTooLarge: number;
  /** Lookups that failed or gave no answer in time. */
  readonly dnsFailures: number;
  /** How often the address in use was no longer among the name's addresses. */
  readonly dnsChanges: number;
  readonly flushDeadlinesMissed: number;
}

/** Lines that were dropped, and what decided it. */
export interface LineLoss {
  readonly reason: LineDropReason;
  readonly lines: number;
  /** Name of the metric, as the lines have it, where it is known. */
  readonly metric?: string | undefined;
  /** Size of the largest line or datagram, where the size is the reason. */
  readonly bytes?: number | undefined;
  /** The limit that was exceeded: of a payload, or of the queue. */
  readonly limitBytes?: number | undefined;
  /** Code of the system error, where there was one. */
  readonly code?: string | undefined;
}

/** Everything that is worth a log message. */
export type TransportEvent =
  /** Delivery has begun to fail. `cause`: a `DisconnectCause`, or the code of an error. */
  | { readonly kind: 'outage'; readonly cause: string }
  /** Delivery works again. */
  | { readonly kind: 'recovered'; readonly outageMillis: number }
  /** Emitted once: the server never closes, so delivery cannot be confirmed. */
  | { readonly kind: 'downgraded' }
  /** The application's stream has ended or failed: nothing can be delivered any more. */
  | { readonly kind: 'permanent-failure'; readonly cause: string }
  /**
   * Lines were dropped. The first loss for a reason (and metric, and error code) is reported at once, later ones
   * together every ten minutes and at the end: `lines` counts those since the last report.
   */
  | ({ readonly kind: 'lines-dropped' } & LineLoss);

/** Runs a function outside of the caller's async context, so that nothing it opens is traced. */
export type WithoutTracing = <T>(run: () => T) => T;
