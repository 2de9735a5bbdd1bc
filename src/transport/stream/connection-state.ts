// The state machine of a stream connection, a pure function: (state, event, now) to the next state and the effects to
// perform. With confirmed delivery a connection carries one segment and ends with a confirmation:
//
//   idle ─work─▶ resolving ─▶ connecting ─▶ probing ─▶ sending ─all written─▶ ending ─▶ confirming ─▶ idle
//                    └────────────┴────────────┴───── any failure ─────┴────────┴──▶ backing-off ─▶ idle
//
// A Linux peer that closes with unread bytes sends RST, so a FIN that answers ours means that the server process has
// read everything; a FIN before ours proves nothing. With persistent delivery the connection goes from sending to
// `open` and back, and ends in the same way when it is old or idle.

import type { DisconnectCause } from '../transport.js';
import type {
  ConnectedState,
  ConnectionEffect,
  ConnectionEvent,
  ConnectionHistory,
  ConnectionState,
  Delivery,
  Disconnected,
  EndReason,
  Failure,
  Outcome,
  Step,
} from './connection-types.js';

/**
 * With servers that accept and then close, half of the writes made right at 'connect' were lost, and none after 5 ms on
 * loopback; over a network their FIN needs a round trip, which the time to connect measures.
 */
const PROBE_FLOOR_MILLIS = 10;

/** A persistent connection confirms nothing, but can afford to wait longer for the FIN of such a server. */
const PERSISTENT_PROBE_FLOOR_MILLIS = 50;

/** Connecting takes longer than this for other reasons than the round trip: a dead first address, a busy process. */
const PROBE_CAP_MILLIS = 1_000;

/** A persistent connection that lived this long proves that the server does not just accept and close. */
const PROVEN_MILLIS = 10_000;

/** Firewalls and NAT drop connections that are idle for longer. */
const IDLE_MILLIS = 30_000;

/** After this many closes without an answer, no further one is expected. */
const MAX_UNANSWERED = 3;

// Shared, because most steps have none or this one.
const NONE: readonly ConnectionEffect[] = [];
const WRITE: readonly ConnectionEffect[] = [{ do: 'write' }];

export function initialState(delivery: 'confirmed' | 'persistent'): ConnectionState {
  return { name: 'idle', history: { delivery, failures: 0, unanswered: 0 } };
}

export function nextConnectionState(state: ConnectionState, event: ConnectionEvent, now: number): Step {
  if (state.name === 'closed') return stay(state);
  if (event.type === 'shutdown') return shutDown(state);

  switch (state.name) {
    case 'idle':
      return event.type === 'work' ? resolve(state.history) : stay(state);
    case 'backing-off':
      return event.type === 'retry' ? { state: { ...state, name: 'idle' }, effects: NONE } : stay(state);
    case 'resolving':
      if (event.type === 'resolved')
        return { state: { ...state, name: 'connecting' }, effects: [{ do: 'connect' }] };
      return isFailure(event) ? failUnsent(state, event) : stay(state);
    case 'connecting':
      if (event.type === 'connected') {
        return {
          state: {
            name: 'probing',
            history: state.history,
            connectedAt: now,
            expiresAt: now + event.lifetimeMillis,
          },
          effects: [{ do: 'probe', millis: probeMillis(state.history.delivery, event.millis) }],
        };
      }
      return isFailure(event) ? failUnsent(state, event) : stay(state);
    case 'probing':
      if (event.type === 'probed') return begin(state);
      return isFailure(event) ? failUnsent(state, event) : stay(state);
    case 'sending':
      return whileSending(state, event, now);
    case 'open':
      return whileOpen(state, event, now);
    case 'ending':
      if (event.type === 'finished') {
        return { state: { ...state, name: 'confirming', peerEnded: false }, effects: [] };
      }
      if (event.type === 'peer-ended' && state.reason !== 'segment') return closeIdle(state, 'fin');
      return isFailure(event) ? failUnknown(state, event, now) : stay(state);
    case 'confirming':
      return whileConfirming(state, event, now);
  }
}

function probeMillis(delivery: Delivery, connectMillis: number): number {
  const floor = delivery === 'confirmed' ? PROBE_FLOOR_MILLIS : PERSISTENT_PROBE_FLOOR_MILLIS;
  return Math.min(PROBE_CAP_MILLIS, Math.max(floor, 2 * connectMillis));
}

function whileSending(
  state: ConnectedState & { name: 'sending' },
  event: ConnectionEvent,
  now: number,
): Step {
  switch (event.type) {
    case 'paced':
      return { state, effects: WRITE };
    case 'wrote':
      return state.history.delivery === 'confirmed'
        ? wroteOfSegment(state, event.remaining)
        : wroteChunk(state, event.remaining, now);
    default:
      return isFailure(event) ? failUnknown(state, event, now) : stay(state);
  }
}

function wroteOfSegment(state: ConnectedState, remaining: number): Step {
  return remaining > 0 ? { state, effects: WRITE } : end(state, 'segment');
}

function wroteChunk(state: ConnectedState, remaining: number, now: number): Step {
  const { proven, effects } = prove(state, now);
  const next =
    now >= proven.expiresAt ? end(proven, 'age') : remaining > 0 ? begin(proven) : keepOpen(proven, now);
  return { state: next.state, effects: [{ do: 'count-written' }, ...effects, ...next.effects] };
}

/** Only the age of a persistent connection shows that delivery works. */
function prove(
  state: ConnectedState,
  now: number,
): { proven: ConnectedState; effects: readonly ConnectionEffect[] } {
  const { history, connectedAt } = state;
  if (history.failures === 0 || now - connectedAt < PROVEN_MILLIS) return { proven: state, effects: [] };
  return {
    proven: { ...state, history: { ...history, failures: 0 } },
    effects: [{ do: 'report-success' }],
  };
}

function keepOpen(state: ConnectedState, now: number): Step {
  const millis = Math.min(IDLE_MILLIS, state.expiresAt - now);
  return {
    state: {
      name: 'open',
      history: state.history,
      connectedAt: state.connectedAt,
      expiresAt: state.expiresAt,
    },
    effects: [{ do: 'keep-open', millis }],
  };
}

function whileOpen(state: ConnectedState & { name: 'open' }, event: ConnectionEvent, now: number): Step {
  switch (event.type) {
    case 'work':
      return begin(state);
    case 'deadline':
      return end(state, now >= state.expiresAt ? 'age' : 'idle');
    case 'replaced':
      return closeIdle(state, 'replaced');
    case 'peer-ended':
    case 'closed':
      return endedByPeer(state, now);
    default:
      return isFailure(event) ? failUnknown(state, event, now) : stay(state);
  }
}

function whileConfirming(
  state: ConnectedState & { name: 'confirming' },
  event: ConnectionEvent,
  now: number,
): Step {
  const { history, reason, peerEnded } = state;
  if (event.type === 'peer-ended') {
    return { state: { ...state, peerEnded: true }, effects: [{ do: 'await-close' }] };
  }
  if (event.type === 'closed' && peerEnded) {
    const delivery = history.delivery === 'downgraded' ? 'confirmed' : history.delivery;
    return {
      state: { name: 'idle', history: { delivery, failures: 0, unanswered: 0 } },
      effects: [{ do: 'abandon', outcome: { kind: 'confirmed', reason } }],
    };
  }
  if (event.type !== 'deadline') {
    return isFailure(event) ? failUnknown(state, event, now) : stay(state);
  }
  // Everything is written and our FIN is sent, but the server does not close.
  if (reason !== 'segment') return closeIdle(state, 'confirm_timeout');
  const unanswered = history.unanswered + 1;
  if (unanswered < MAX_UNANSWERED) {
    return fail({ ...history, unanswered }, { kind: 'unknown', cause: 'confirm_timeout' });
  }
  return {
    state: { name: 'idle', history: { ...history, delivery: 'downgraded', unanswered: 0 } },
    effects: [{ do: 'abandon', outcome: { kind: 'downgraded' } }],
  };
}

function isFailure(event: ConnectionEvent): event is Failure {
  switch (event.type) {
    case 'peer-ended':
    case 'error':
    case 'closed':
    case 'deadline':
    case 'junk':
      return true;
    default:
      return false;
  }
}

function stay(state: ConnectionState): Step {
  return { state, effects: NONE };
}

function resolve(history: ConnectionHistory): Step {
  return { state: { name: 'resolving', history }, effects: [{ do: 'resolve' }] };
}

function begin({ history, connectedAt, expiresAt }: ConnectedState): Step {
  return {
    state: { name: 'sending', history, connectedAt, expiresAt },
    effects: [{ do: 'begin', take: history.delivery === 'confirmed' ? 'segment' : 'chunk' }],
  };
}

function end({ history, connectedAt, expiresAt }: ConnectedState, reason: EndReason): Step {
  return {
    state: { name: 'ending', history, connectedAt, expiresAt, reason },
    effects: [{ do: 'end' }],
  };
}

function closeIdle({ history }: ConnectedState, cause: DisconnectCause): Step {
  return {
    state: { name: 'idle', history },
    effects: [{ do: 'abandon', outcome: { kind: 'closed', cause } }],
  };
}

/** A server may close a persistent connection at any time. Back off only if it closes within PROVEN_MILLIS of accepting. */
function endedByPeer(state: ConnectedState, now: number): Step {
  const abandon: ConnectionEffect = { do: 'abandon', outcome: { kind: 'closed', cause: 'fin' } };
  if (now - state.connectedAt >= PROVEN_MILLIS) {
    const { proven, effects } = prove(state, now);
    return { state: { name: 'idle', history: proven.history }, effects: [...effects, abandon] };
  }
  const failures = state.history.failures + 1;
  return {
    state: { name: 'backing-off', history: { ...state.history, failures } },
    effects: [abandon, { do: 'back-off', failures, cause: 'fin' }],
  };
}

function failUnsent({ history }: Disconnected, event: Failure): Step {
  return fail(history, { kind: 'not-sent', cause: causeOf(event, 'ETIMEDOUT') });
}

function failUnknown(state: ConnectedState, event: Failure, now: number): Step {
  const { history, connectedAt } = state;
  const isPersistent = history.delivery !== 'confirmed';
  const isProven = isPersistent && now - connectedAt >= PROVEN_MILLIS;
  const next = { ...history, failures: isProven ? 0 : history.failures, unanswered: 0 };
  const cause = causeOf(event, 'stall');
  // After a half-close the server may still be reading; a RST would discard data it has not read yet.
  const mayStillRead = isPersistent && event.type === 'peer-ended';
  return fail(next, { kind: 'unknown', cause, ...(mayStillRead ? { lingers: true } : {}) });
}

function fail(history: ConnectionHistory, outcome: Outcome & { readonly cause: string }): Step {
  const failures = history.failures + 1;
  return {
    state: { name: 'backing-off', history: { ...history, failures } },
    effects: [
      { do: 'abandon', outcome },
      { do: 'back-off', failures, cause: outcome.cause },
    ],
  };
}

function causeOf(event: Failure, deadline: DisconnectCause): DisconnectCause {
  switch (event.type) {
    case 'error':
      return event.code === 'ECONNRESET' || event.code === 'EPIPE' ? 'reset' : event.code;
    case 'deadline':
      return deadline;
    case 'junk':
      return 'junk';
    case 'peer-ended':
    case 'closed':
      return 'fin';
  }
}

function shutDown(state: Exclude<ConnectionState, { name: 'closed' }>): Step {
  const hasConnection = state.name !== 'idle' && state.name !== 'backing-off';
  return {
    state: { name: 'closed' },
    effects: hasConnection ? [{ do: 'abandon', outcome: { kind: 'shutdown' } }] : [],
  };
}
