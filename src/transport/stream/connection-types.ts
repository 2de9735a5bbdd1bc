// States, events and effects of the stream connection state machine (connection-state.ts).

import type { DisconnectCause } from '../transport.js';

export type Delivery =
  | 'confirmed'
  | 'persistent'
  /** Configured as confirmed, but the server does not close; treated as persistent until one does. */
  | 'downgraded';

/** What is remembered from connection to connection. */
export interface ConnectionHistory {
  readonly delivery: Delivery;
  /** Number of failures since the last proven success. */
  readonly failures: number;
  /** Number of segments in a row after which the server did not close. */
  readonly unanswered: number;
}

export interface Disconnected {
  readonly history: ConnectionHistory;
}

interface Connected extends Disconnected {
  readonly connectedAt: number;
  /** When a persistent connection reaches its maximum age. */
  readonly expiresAt: number;
}

/** Why we close: the segment is written, or a persistent connection is old or idle. */
export type EndReason = 'segment' | 'age' | 'idle';

export type ConnectionState =
  | (Disconnected & { readonly name: 'idle' })
  /** Waiting before the next attempt. */
  | (Disconnected & { readonly name: 'backing-off' })
  | (Disconnected & { readonly name: 'resolving' })
  | (Disconnected & { readonly name: 'connecting' })
  /** Connected, nothing written yet: time for the FIN of a server that accepts and closes at once. */
  | (Connected & { readonly name: 'probing' })
  | (Connected & { readonly name: 'sending' })
  /** Connected with nothing to send. */
  | (Connected & { readonly name: 'open' })
  /** Everything is written, our FIN is about to be sent. */
  | (Connected & { readonly name: 'ending'; readonly reason: EndReason })
  /** Our FIN is sent; `peerEnded` once the server's has arrived. */
  | (Connected & { readonly name: 'confirming'; readonly reason: EndReason; readonly peerEnded: boolean })
  | { readonly name: 'closed' };

export type ConnectedState = Extract<ConnectionState, Connected>;

/** How a connection ended, and what is known of the lines it carried. */
export type Outcome =
  /** The server read everything. `reason` is why we closed. */
  | { readonly kind: 'confirmed'; readonly reason: EndReason }
  /** Delivery is no longer confirmed; what was written counts as written. */
  | { readonly kind: 'downgraded' }
  /** Nothing reached a server. */
  | { readonly kind: 'not-sent'; readonly cause: string }
  /** Some of it may have been read. `lingers`: the server may still be reading, so the connection is not aborted. */
  | { readonly kind: 'unknown'; readonly cause: DisconnectCause; readonly lingers?: true }
  /** The connection carried nothing that is not settled. */
  | { readonly kind: 'closed'; readonly cause: DisconnectCause }
  /** The transport is closed: what is not sent is dropped, what is written may still be read. */
  | { readonly kind: 'shutdown' };

export type ConnectionEffect =
  | { readonly do: 'resolve' }
  | { readonly do: 'connect' }
  /** Emit `probed` after this time. */
  | { readonly do: 'probe'; readonly millis: number }
  /** Take chunks out of the queue, a whole segment of them or one, and write the first. */
  | { readonly do: 'begin'; readonly take: 'segment' | 'chunk' }
  /** Write the next chunk, when pacing permits. */
  | { readonly do: 'write' }
  /** Settle what was written as written: no more will be known of it. */
  | { readonly do: 'count-written' }
  /** Delivery has proven to work. */
  | { readonly do: 'report-success' }
  /** Keep the connection open for this long without work. */
  | { readonly do: 'keep-open'; readonly millis: number }
  | { readonly do: 'end' }
  /** The server's FIN has arrived: extend the deadline, for the end of the connection is reported later. */
  | { readonly do: 'await-close' }
  /** Abandon the socket, whose later events are ignored, and settle or put back what it carried. */
  | { readonly do: 'abandon'; readonly outcome: Outcome }
  | { readonly do: 'back-off'; readonly failures: number; readonly cause: string };

export interface Step {
  readonly state: ConnectionState;
  readonly effects: readonly ConnectionEffect[];
}

export type ConnectionEvent =
  /** A chunk is queued. */
  | { readonly type: 'work' }
  /** Back-off has elapsed, or a flush requested an immediate retry. */
  | { readonly type: 'retry' }
  | { readonly type: 'resolved' }
  /** `millis` it took; `lifetimeMillis` is the maximum age of a persistent connection. */
  | { readonly type: 'connected'; readonly millis: number; readonly lifetimeMillis: number }
  | { readonly type: 'probed' }
  /** Pacing permits the next write. */
  | { readonly type: 'paced' }
  /** The operating system took a chunk; `remaining` chunks are to be sent over the same connection. */
  | { readonly type: 'wrote'; readonly remaining: number }
  /** Our FIN is sent. */
  | { readonly type: 'finished' }
  /** Another server has taken the place of the connected one. */
  | { readonly type: 'replaced' }
  | Failure
  | { readonly type: 'shutdown' };

/** Events that end a connection in most states. */
export type Failure =
  /** The peer's FIN. */
  | { readonly type: 'peer-ended' }
  | { readonly type: 'error'; readonly code: string }
  /** The socket is closed in both directions. */
  | { readonly type: 'closed' }
  /** The state's own deadline passed. */
  | { readonly type: 'deadline' }
  /** The server sent more than a StatsD server would. */
  | { readonly type: 'junk' };
