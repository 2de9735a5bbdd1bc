// The life of a stream connection as a pure function: (state, event) to the next state and the effects
// to perform. Connections carry one segment each and end with a proof:
//
//   idle ──work──▶ connecting ──▶ settling ──▶ sending ──all written──▶ confirming ──peer's FIN, close──▶ idle
//                      └────────────┴─────────────┴──── anything else ────┴──▶ waiting ──retry──▶ connecting
//
// A Linux peer that closes with unread bytes sends RST, so a FIN that answers ours means that the server
// process has read everything; a FIN before ours proves nothing.

export type ConnectionState =
  | { readonly name: 'idle'; readonly failures: 0 }
  /** Backing off before the next attempt. */
  | { readonly name: 'waiting'; readonly failures: number }
  | { readonly name: 'connecting'; readonly failures: number }
  /** Connected; a server that closes at once is found out before anything is entrusted to it. */
  | { readonly name: 'settling'; readonly failures: number }
  /** `accepted` once the operating system has taken a byte of the segment. */
  | { readonly name: 'sending'; readonly failures: number; readonly accepted: boolean }
  /** Our FIN is sent; `peerEnded` once the server's has come. */
  | { readonly name: 'confirming'; readonly failures: number; readonly peerEnded: boolean }
  | { readonly name: 'closed' };

export type ConnectionEvent =
  /** There is something to send. */
  | { readonly type: 'work' }
  /** The back-off is over, or somebody is in a hurry. */
  | { readonly type: 'retry' }
  | { readonly type: 'connected'; readonly millis: number }
  | { readonly type: 'settled' }
  /** The operating system took a chunk. */
  | { readonly type: 'wrote'; readonly remaining: number }
  /** The peer's FIN. */
  | { readonly type: 'peer-ended' }
  | { readonly type: 'error'; readonly code: string }
  /** The socket is gone, both directions. */
  | { readonly type: 'closed' }
  /** The state's own deadline passed: connect, stall or confirm. */
  | { readonly type: 'deadline' }
  | { readonly type: 'shutdown' };

/** What became of the connection that is being left. */
export type Outcome =
  /** The server read the whole segment. */
  | { readonly kind: 'confirmed' }
  /** The segment never got to a server. */
  | { readonly kind: 'not-sent'; readonly cause: string }
  /** Some of it may have been read. */
  | { readonly kind: 'unknown'; readonly cause: string }
  /** We give up, and will not send it again. */
  | { readonly kind: 'abandoned' };

export type ConnectionEffect =
  | { readonly do: 'connect' }
  | { readonly do: 'settle'; readonly millis: number }
  /** Take a segment and write its first chunk. */
  | { readonly do: 'begin' }
  | { readonly do: 'write' }
  | { readonly do: 'end' }
  /** Leave the connection; whatever it still does is no longer listened to. */
  | { readonly do: 'leave'; readonly outcome: Outcome }
  | { readonly do: 'back-off'; readonly failures: number };

export interface Step {
  readonly state: ConnectionState;
  readonly effects: readonly ConnectionEffect[];
}

/**
 * Accept-then-close servers lost half of the writes made right at 'connect', and none after 5 ms on
 * loopback; over a network their FIN needs a round trip, which the time to connect measures.
 */
const SETTLE_FLOOR_MILLIS = 10;

export function nextConnectionState(state: ConnectionState, event: ConnectionEvent): Step {
  if (state.name === 'closed') return stay(state);
  if (event.type === 'shutdown') return shutDown(state);

  switch (state.name) {
    case 'idle':
      return event.type === 'work' ? connect(0) : stay(state);

    case 'waiting':
      return event.type === 'retry' ? connect(state.failures) : stay(state);

    case 'connecting':
      if (event.type === 'connected') {
        const millis = Math.max(SETTLE_FLOOR_MILLIS, 2 * event.millis);
        return { state: { ...state, name: 'settling' }, effects: [{ do: 'settle', millis }] };
      }
      return isFailure(event) ? fail(state.failures, 'not-sent', event, 'connect timeout') : stay(state);

    case 'settling':
      if (event.type === 'settled') {
        return { state: { ...state, name: 'sending', accepted: false }, effects: [{ do: 'begin' }] };
      }
      return isFailure(event) ? fail(state.failures, 'not-sent', event, 'settle timeout') : stay(state);

    case 'sending':
      if (event.type === 'wrote') {
        if (event.remaining > 0) return { state: { ...state, accepted: true }, effects: [{ do: 'write' }] };
        const { failures } = state;
        return { state: { name: 'confirming', failures, peerEnded: false }, effects: [{ do: 'end' }] };
      }
      if (isFailure(event)) return fail(state.failures, sendFailure(state.accepted, event), event, 'stalled');
      return stay(state);

    case 'confirming':
      if (event.type === 'peer-ended') return { state: { ...state, peerEnded: true }, effects: [] };
      if (event.type === 'closed' && state.peerEnded) {
        return {
          state: { name: 'idle', failures: 0 },
          effects: [{ do: 'leave', outcome: { kind: 'confirmed' } }],
        };
      }
      return isFailure(event) ? fail(state.failures, 'unknown', event, 'confirm timeout') : stay(state);
  }
}

type Failure = Extract<ConnectionEvent, { type: 'peer-ended' | 'error' | 'closed' | 'deadline' }>;

function isFailure(event: ConnectionEvent): event is Failure {
  return (
    event.type === 'peer-ended' ||
    event.type === 'error' ||
    event.type === 'closed' ||
    event.type === 'deadline'
  );
}

/** A first write that ends in EPIPE was refused whole: the peer had gone before. */
function sendFailure(accepted: boolean, event: Failure): 'not-sent' | 'unknown' {
  return !accepted && event.type === 'error' && event.code === 'EPIPE' ? 'not-sent' : 'unknown';
}

function stay(state: ConnectionState): Step {
  return { state, effects: [] };
}

function connect(failures: number): Step {
  return { state: { name: 'connecting', failures }, effects: [{ do: 'connect' }] };
}

function fail(failures: number, kind: 'not-sent' | 'unknown', event: Failure, deadline: string): Step {
  return {
    state: { name: 'waiting', failures: failures + 1 },
    effects: [
      { do: 'leave', outcome: { kind, cause: causeOf(event, deadline) } },
      { do: 'back-off', failures: failures + 1 },
    ],
  };
}

function causeOf(event: Failure, deadline: string): string {
  switch (event.type) {
    case 'error':
      return event.code;
    case 'deadline':
      return deadline;
    case 'peer-ended':
    case 'closed':
      return 'closed by the server';
  }
}

function shutDown(state: Exclude<ConnectionState, { name: 'closed' }>): Step {
  const hasConnection = state.name !== 'idle' && state.name !== 'waiting';
  return {
    state: { name: 'closed' },
    effects: hasConnection ? [{ do: 'leave', outcome: { kind: 'abandoned' } }] : [],
  };
}
