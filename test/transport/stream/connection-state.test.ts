import { describe, expect, test } from 'vitest';
import { initialState, nextConnectionState } from '../../../src/transport/stream/connection-state.js';
import type {
  ConnectionEffect,
  ConnectionEvent,
  ConnectionHistory,
  ConnectionState,
  Delivery,
  EndReason,
  Outcome,
  Step,
} from '../../../src/transport/stream/connection-types.js';

/** Every event there is; a type that is missing does not compile. */
const EVENTS: { readonly [T in ConnectionEvent['type']]: Extract<ConnectionEvent, { type: T }> } = {
  work: { type: 'work' },
  retry: { type: 'retry' },
  resolved: { type: 'resolved' },
  connected: { type: 'connected', millis: 7, lifetimeMillis: 300_000 },
  probed: { type: 'probed' },
  paced: { type: 'paced' },
  wrote: { type: 'wrote', remaining: 2 },
  finished: { type: 'finished' },
  replaced: { type: 'replaced' },
  'peer-ended': { type: 'peer-ended' },
  error: { type: 'error', code: 'ECONNRESET' },
  closed: { type: 'closed' },
  deadline: { type: 'deadline' },
  junk: { type: 'junk' },
  shutdown: { type: 'shutdown' },
};

const NOW = 50_000;
/** Old enough to prove something, and too young for it. */
const PROVEN_AT = NOW - 10_000;
const FRESH_AT = NOW - 9_999;

const history = (delivery: Delivery, failures = 0, unanswered = 0): ConnectionHistory => ({
  delivery,
  failures,
  unanswered,
});
const leave = (outcome: Outcome): ConnectionEffect => ({ do: 'abandon', outcome });
const idle = (past: ConnectionHistory): ConnectionState => ({ name: 'idle', history: past });

/** To `waiting`, with one failure more. */
function failed(
  past: ConnectionHistory,
  kind: 'not-sent' | 'unknown',
  cause: string,
  more: { lingers?: true } = {},
): Step {
  const failures = past.failures + 1;
  return {
    state: { name: 'backing-off', history: { ...past, failures } },
    effects: [leave({ kind, cause, ...more }), { do: 'back-off', failures, cause }],
  };
}

function failures(past: ConnectionHistory, kind: 'not-sent' | 'unknown', deadline: string): Table[string] {
  return {
    'peer-ended': failed(past, kind, 'fin'),
    closed: failed(past, kind, 'fin'),
    error: failed(past, kind, 'reset'),
    deadline: failed(past, kind, deadline),
    junk: failed(past, kind, 'junk'),
  };
}

/** What each event leads to; the events that are not named change nothing. */
type Table = Record<string, { readonly [T in ConnectionEvent['type']]?: Step }>;

const abandoned: Step = { state: { name: 'closed' }, effects: [leave({ kind: 'shutdown' })] };
const justClosed: Step = { state: { name: 'closed' }, effects: [] };

const once = history('confirmed', 1, 1);
const link = { connectedAt: FRESH_AT, expiresAt: NOW + 1 };
const linkProven = { connectedAt: PROVEN_AT, expiresAt: NOW + 1 };
const linkExpired = { connectedAt: PROVEN_AT, expiresAt: NOW };

const ending = (past: ConnectionHistory, reason: EndReason, at: typeof link): ConnectionState => ({
  name: 'ending',
  history: past,
  ...at,
  reason,
});
/** After the server has ended a persistent connection: at rest when it is proven, else backing off. */
const endedFresh = (past: ConnectionHistory): Step => ({
  state: { name: 'backing-off', history: { ...past, failures: past.failures + 1 } },
  effects: [
    leave({ kind: 'closed', cause: 'fin' }),
    { do: 'back-off', failures: past.failures + 1, cause: 'fin' },
  ],
});
const endedProven = (past: ConnectionHistory): Step => ({
  state: idle({ ...past, failures: 0 }),
  effects: [{ do: 'report-success' }, leave({ kind: 'closed', cause: 'fin' })],
});
const confirming = (
  past: ConnectionHistory,
  reason: EndReason,
  peerEnded: boolean,
): Extract<ConnectionState, { name: 'confirming' }> => ({
  name: 'confirming',
  history: past,
  ...link,
  reason,
  peerEnded,
});

const cases: readonly (readonly [string, ConnectionState, Table[string]])[] = [
  [
    'idle',
    idle(once),
    {
      work: { state: { name: 'resolving', history: once }, effects: [{ do: 'resolve' }] },
      shutdown: justClosed,
    },
  ],
  [
    'backing-off',
    { name: 'backing-off', history: once },
    {
      retry: { state: idle(once), effects: [] },
      shutdown: justClosed,
    },
  ],
  [
    'resolving',
    { name: 'resolving', history: once },
    {
      resolved: { state: { name: 'connecting', history: once }, effects: [{ do: 'connect' }] },
      ...failures(once, 'not-sent', 'ETIMEDOUT'),
      shutdown: abandoned,
    },
  ],
  [
    'connecting',
    { name: 'connecting', history: once },
    {
      connected: {
        state: { name: 'probing', history: once, connectedAt: NOW, expiresAt: NOW + 300_000 },
        effects: [{ do: 'probe', millis: 14 }],
      },
      ...failures(once, 'not-sent', 'ETIMEDOUT'),
      shutdown: abandoned,
    },
  ],
  [
    'settling before a segment',
    { name: 'probing', history: once, ...link },
    {
      probed: {
        state: { name: 'sending', history: once, ...link },
        effects: [{ do: 'begin', take: 'segment' }],
      },
      ...failures(once, 'not-sent', 'ETIMEDOUT'),
      shutdown: abandoned,
    },
  ],
  [
    'settling in persistent delivery',
    { name: 'probing', history: history('persistent'), ...link },
    {
      probed: {
        state: { name: 'sending', history: history('persistent'), ...link },
        effects: [{ do: 'begin', take: 'chunk' }],
      },
      ...failures(history('persistent'), 'not-sent', 'ETIMEDOUT'),
      shutdown: abandoned,
    },
  ],
  [
    'sending a segment',
    { name: 'sending', history: once, ...linkExpired },
    {
      paced: {
        state: { name: 'sending', history: once, ...linkExpired },
        effects: [{ do: 'write' }],
      },
      wrote: {
        state: { name: 'sending', history: once, ...linkExpired },
        effects: [{ do: 'write' }],
      },
      ...failures({ ...once, unanswered: 0 }, 'unknown', 'stall'),
      shutdown: abandoned,
    },
  ],
  [
    'sending over a fresh persistent connection',
    { name: 'sending', history: history('persistent', 2), ...link },
    {
      paced: {
        state: { name: 'sending', history: history('persistent', 2), ...link },
        effects: [{ do: 'write' }],
      },
      wrote: {
        state: { name: 'sending', history: history('persistent', 2), ...link },
        effects: [{ do: 'count-written' }, { do: 'begin', take: 'chunk' }],
      },
      ...failures(history('persistent', 2), 'unknown', 'stall'),
      'peer-ended': failed(history('persistent', 2), 'unknown', 'fin', { lingers: true }),
      shutdown: abandoned,
    },
  ],
  [
    'sending over a proven persistent connection after failures',
    { name: 'sending', history: history('persistent', 2), ...linkProven },
    {
      paced: {
        state: { name: 'sending', history: history('persistent', 2), ...linkProven },
        effects: [{ do: 'write' }],
      },
      wrote: {
        state: { name: 'sending', history: history('persistent', 0), ...linkProven },
        effects: [{ do: 'count-written' }, { do: 'report-success' }, { do: 'begin', take: 'chunk' }],
      },
      ...failures(history('persistent', 0), 'unknown', 'stall'),
      'peer-ended': failed(history('persistent', 0), 'unknown', 'fin', { lingers: true }),
      shutdown: abandoned,
    },
  ],
  [
    'sending over a persistent connection that is old enough',
    { name: 'sending', history: history('persistent'), ...linkExpired },
    {
      paced: {
        state: { name: 'sending', history: history('persistent'), ...linkExpired },
        effects: [{ do: 'write' }],
      },
      wrote: {
        state: ending(history('persistent'), 'age', linkExpired),
        effects: [{ do: 'count-written' }, { do: 'end' }],
      },
      ...failures(history('persistent'), 'unknown', 'stall'),
      'peer-ended': failed(history('persistent'), 'unknown', 'fin', { lingers: true }),
      shutdown: abandoned,
    },
  ],
  [
    'open and fresh',
    { name: 'open', history: history('persistent', 1), ...link },
    {
      work: {
        state: { name: 'sending', history: history('persistent', 1), ...link },
        effects: [{ do: 'begin', take: 'chunk' }],
      },
      replaced: {
        state: idle(history('persistent', 1)),
        effects: [leave({ kind: 'closed', cause: 'replaced' })],
      },
      ...failures(history('persistent', 1), 'unknown', 'stall'),
      'peer-ended': endedFresh(history('persistent', 1)),
      closed: endedFresh(history('persistent', 1)),
      deadline: { state: ending(history('persistent', 1), 'idle', link), effects: [{ do: 'end' }] },
      shutdown: abandoned,
    },
  ],
  [
    'open and proven after failures',
    { name: 'open', history: history('downgraded', 1), ...linkExpired },
    {
      work: {
        state: { name: 'sending', history: history('downgraded', 1), ...linkExpired },
        effects: [{ do: 'begin', take: 'chunk' }],
      },
      replaced: {
        state: idle(history('downgraded', 1)),
        effects: [leave({ kind: 'closed', cause: 'replaced' })],
      },
      ...failures(history('downgraded', 0), 'unknown', 'stall'),
      'peer-ended': endedProven(history('downgraded', 1)),
      closed: endedProven(history('downgraded', 1)),
      deadline: {
        state: ending(history('downgraded', 1), 'age', linkExpired),
        effects: [{ do: 'end' }],
      },
      shutdown: abandoned,
    },
  ],
  [
    'ending a segment',
    ending(once, 'segment', link),
    {
      finished: { state: confirming(once, 'segment', false), effects: [] },
      ...failures({ ...once, unanswered: 0 }, 'unknown', 'stall'),
      shutdown: abandoned,
    },
  ],
  [
    'ending an idle persistent connection',
    ending(history('persistent', 1), 'idle', link),
    {
      finished: { state: confirming(history('persistent', 1), 'idle', false), effects: [] },
      ...failures(history('persistent', 1), 'unknown', 'stall'),
      'peer-ended': {
        state: idle(history('persistent', 1)),
        effects: [leave({ kind: 'closed', cause: 'fin' })],
      },
      shutdown: abandoned,
    },
  ],
  [
    'confirming a segment',
    confirming(once, 'segment', false),
    {
      'peer-ended': { state: confirming(once, 'segment', true), effects: [{ do: 'await-close' }] },
      closed: failed({ ...once, unanswered: 0 }, 'unknown', 'fin'),
      error: failed({ ...once, unanswered: 0 }, 'unknown', 'reset'),
      junk: failed({ ...once, unanswered: 0 }, 'unknown', 'junk'),
      deadline: failed({ ...once, unanswered: 2 }, 'unknown', 'confirm_timeout'),
      shutdown: abandoned,
    },
  ],
  [
    'confirming a segment after the server did not close twice',
    confirming(history('confirmed', 2, 2), 'segment', false),
    {
      'peer-ended': {
        state: confirming(history('confirmed', 2, 2), 'segment', true),
        effects: [{ do: 'await-close' }],
      },
      closed: failed(history('confirmed', 2), 'unknown', 'fin'),
      error: failed(history('confirmed', 2), 'unknown', 'reset'),
      junk: failed(history('confirmed', 2), 'unknown', 'junk'),
      deadline: { state: idle(history('downgraded', 2)), effects: [leave({ kind: 'downgraded' })] },
      shutdown: abandoned,
    },
  ],
  [
    'confirming a segment when the server’s FIN has come',
    confirming(once, 'segment', true),
    {
      'peer-ended': { state: confirming(once, 'segment', true), effects: [{ do: 'await-close' }] },
      closed: {
        state: idle(history('confirmed')),
        effects: [leave({ kind: 'confirmed', reason: 'segment' })],
      },
      error: failed({ ...once, unanswered: 0 }, 'unknown', 'reset'),
      junk: failed({ ...once, unanswered: 0 }, 'unknown', 'junk'),
      deadline: failed({ ...once, unanswered: 2 }, 'unknown', 'confirm_timeout'),
      shutdown: abandoned,
    },
  ],
  [
    'confirming the end of an idle persistent connection',
    confirming(history('persistent', 1), 'idle', true),
    {
      'peer-ended': {
        state: confirming(history('persistent', 1), 'idle', true),
        effects: [{ do: 'await-close' }],
      },
      closed: {
        state: idle(history('persistent')),
        effects: [leave({ kind: 'confirmed', reason: 'idle' })],
      },
      error: failed(history('persistent', 1), 'unknown', 'reset'),
      junk: failed(history('persistent', 1), 'unknown', 'junk'),
      deadline: {
        state: idle(history('persistent', 1)),
        effects: [leave({ kind: 'closed', cause: 'confirm_timeout' })],
      },
      shutdown: abandoned,
    },
  ],
  [
    'confirming after a downgrade, which a server that closes undoes',
    confirming(history('downgraded', 1), 'age', true),
    {
      'peer-ended': {
        state: confirming(history('downgraded', 1), 'age', true),
        effects: [{ do: 'await-close' }],
      },
      closed: {
        state: idle(history('confirmed')),
        effects: [leave({ kind: 'confirmed', reason: 'age' })],
      },
      error: failed(history('downgraded', 1), 'unknown', 'reset'),
      junk: failed(history('downgraded', 1), 'unknown', 'junk'),
      deadline: {
        state: idle(history('downgraded', 1)),
        effects: [leave({ kind: 'closed', cause: 'confirm_timeout' })],
      },
      shutdown: abandoned,
    },
  ],
  ['closed', { name: 'closed' }, {}],
];

describe.each(cases)('%s', (_name, state, table) => {
  test.each(Object.values(EVENTS).map((event) => [event.type, event] as const))('on %s', (type, event) => {
    expect(nextConnectionState(state, event, NOW)).toEqual(table?.[type] ?? { state, effects: [] });
  });
});

test('the cases cover every state', () => {
  const names: Record<ConnectionState['name'], true> = {
    idle: true,
    'backing-off': true,
    resolving: true,
    connecting: true,
    probing: true,
    sending: true,
    open: true,
    ending: true,
    confirming: true,
    closed: true,
  };
  expect(new Set(cases.map(([, state]) => state.name))).toEqual(new Set(Object.keys(names)));
});

describe('the state machine beyond the table', () => {
  const step = (state: ConnectionState, event: ConnectionEvent): Step =>
    nextConnectionState(state, event, NOW);

  test('the initial state is idle', () => {
    expect([initialState('confirmed'), initialState('persistent')]).toEqual([
      idle(history('confirmed')),
      idle(history('persistent')),
    ]);
  });

  test('the last chunk of a segment is followed by our FIN', () => {
    expect(step({ name: 'sending', history: once, ...link }, { type: 'wrote', remaining: 0 })).toEqual({
      state: ending(once, 'segment', link),
      effects: [{ do: 'end' }],
    });
  });

  test('a persistent connection with nothing to send stays open for half a minute or until its maximum age', () => {
    const afterLastWrite = (expiresAt: number): Step =>
      step(
        {
          name: 'sending',
          history: history('persistent'),
          connectedAt: PROVEN_AT,
          expiresAt,
        },
        { type: 'wrote', remaining: 0 },
      );
    const open = (expiresAt: number, millis: number): Step => ({
      state: { name: 'open', history: history('persistent'), connectedAt: PROVEN_AT, expiresAt },
      effects: [{ do: 'count-written' }, { do: 'keep-open', millis }],
    });
    expect([afterLastWrite(NOW + 100_000), afterLastWrite(NOW + 5)]).toEqual([
      open(NOW + 100_000, 30_000),
      open(NOW + 5, 5),
    ]);
  });

  test('the probe takes two round trips, within bounds', () => {
    const probe = (delivery: Delivery, millis: number): unknown =>
      step(
        { name: 'connecting', history: history(delivery) },
        { type: 'connected', millis, lifetimeMillis: 1 },
      ).effects;
    const expected = (...times: number[]): unknown => times.map((millis) => [{ do: 'probe', millis }]);
    const connects = [2, 100, 3_000];
    expect(connects.map((millis) => probe('confirmed', millis))).toEqual(expected(10, 200, 1_000));
    expect(connects.map((millis) => probe('persistent', millis))).toEqual(expected(50, 200, 1_000));
    expect(connects.map((millis) => probe('downgraded', millis))).toEqual(expected(50, 200, 1_000));
  });

  test('error codes other than a reset are causes unchanged', () => {
    const error = (code: string): Step =>
      step({ name: 'sending', history: history('confirmed'), ...link }, { type: 'error', code });
    expect([error('EPIPE'), error('ETIMEDOUT')]).toEqual([
      failed(history('confirmed'), 'unknown', 'reset'),
      failed(history('confirmed'), 'unknown', 'ETIMEDOUT'),
    ]);
  });
});
