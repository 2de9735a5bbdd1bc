// The words of connection-state.ts: where a stream connection can be, what can happen to it, and what to do
// about it.

import type { DisconnectCause } from '../transport.js';

export type Delivery =
  | 'confirmed'
  | 'persistent'
  /** Meant to be confirmed, but the server does not close; until one does, as persistent. */
  | 'downgraded';

/** What is remembered from connection to connection. */
export interface ConnectionHistory {
  readonly delivery: Delivery;
  /** Since the last proven success. */
  readonly failures: number;
  /** Segments in a row after which the server did not close. */
  readonly unanswered: number;
}

export interface Disconnected {
  readonly history: ConnectionHistory;
}

interface Connected extends Disconnected {
  readonly connectedAt: number;
  /** When a persistent connection is old enough to be replaced. */
  readonly expiresAt: number;
}

/** Why we close: all of the segment is written, or a persistent connection is old or idle. */
export type EndReason = 'segment' | 'age' | 'idle';

export type ConnectionState =
  | (Disconnected & { readonly name: 'idle' })
  /** Backing off before the next attempt. */
  | (Disconnected & { readonly name: 'waiting' })
  | (Disconnected & { readonly name: 'resolving' })
  | (Disconnected & { readonly name: 'connecting' })
  /** Connected; a server that closes at once is found out before anything is entrusted to it. */
  | (Connected & { readonly name: 'settling' })
  | (Connected & { readonly name: 'sending' })
  /** Connected with nothing to send. */
  | (Connected & { readonly name: 'open' })
  /** Everything is written, our FIN is about to go. */
  | (Connected & { readonly name: 'ending'; readonly reason: EndReason })
  /** Our FIN is sent; `peerEnded` once the server's has come. */
  | (Connected & { readonly name: 'confirming'; readonly reason: EndReason; readonly peerEnded: boolean })
  | { readonly name: 'closed' };

export type ConnectedState = Extract<ConnectionState, Connected>;

/** What became of the connection that is being left. */
export type Outcome =
  /** The server read everything. A persistent connection also has a cause to end. */
  | { readonly kind: 'confirmed'; readonly reason: EndReason }
  /** Delivery is no longer confirmed; what was written counts as written. */
  | { readonly kind: 'downgraded' }
  /** Nothing got to a server. */
  | { readonly kind: 'not-sent'; readonly cause: string }
  /** Some of it may have been read. */
  | {
      readonly kind: 'unknown';
      readonly cause: DisconnectCause;
      /** Without a reset: the server may still read what counts as written. */
      readonly gently?: true;
    }
  /** It is not needed any more; what it carried is off our hands. */
  | { readonly kind: 'retired'; readonly cause: DisconnectCause }
  /** We give up, and will not send it again. */
  | { readonly kind: 'abandoned' };

export type ConnectionEffect =
  /** Find out where to connect to. */
  | { readonly do: 'resolve' }
  | { readonly do: 'connect' }
  | { readonly do: 'settle'; readonly millis: number }
  /** Take chunks out of the queue, a whole segment of them or one, and write the first. */
  | { readonly do: 'begin'; readonly take: 'segment' | 'chunk' }
  /** Write the next chunk, when pacing allows. */
  | { readonly do: 'write' }
  /** Count what was written as such: more will not be known of it. */
  | { readonly do: 'count-written' }
  /** Delivery has proven to work. */
  | { readonly do: 'report-success' }
  | { readonly do: 'rest'; readonly millis: number }
  | { readonly do: 'end' }
  /** Leave the connection; whatever it still does is no longer listened to. */
  | { readonly do: 'leave'; readonly outcome: Outcome }
  | { readonly do: 'back-off'; readonly failures: number; readonly cause: string };

export interface Step {
  readonly state: ConnectionState;
  readonly effects: readonly ConnectionEffect[];
}

/** What can happen to a stream connection, or to what wants to use it. */
export type ConnectionEvent =
  /** There is something to send. */
  | { readonly type: 'work' }
  /** The back-off is over, or somebody is in a hurry. */
  | { readonly type: 'retry'; readonly hasWork: boolean }
  /** The addresses are known. */
  | { readonly type: 'resolved' }
  /** `millis` it took; `lifetimeMillis` is how long a persistent connection should live. */
  | { readonly type: 'connected'; readonly millis: number; readonly lifetimeMillis: number }
  | { readonly type: 'settled' }
  /** Pacing allows the next write. */
  | { readonly type: 'paced' }
  /** The operating system took a chunk; `remaining` chunks are to be sent over the same connection. */
  | { readonly type: 'wrote'; readonly remaining: number }
  /** Our FIN is sent. */
  | { readonly type: 'finished' }
  /** Another server has taken the place of the one we are connected to. */
  | { readonly type: 'replaced' }
  | Failure
  | { readonly type: 'shutdown' };

/** What ends a connection in most states. */
export type Failure =
  /** The peer's FIN. */
  | { readonly type: 'peer-ended' }
  | { readonly type: 'error'; readonly code: string }
  /** The socket is gone, both directions. */
  | { readonly type: 'closed' }
  /** The state's own deadline passed. */
  | { readonly type: 'deadline' }
  /** The server sent more than a StatsD server would. */
  | { readonly type: 'junk' };
