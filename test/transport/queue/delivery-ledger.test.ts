import { describe, expect, test } from 'vitest';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import type { Outcome } from '../../../src/transport/stream/connection-types.js';
import { FakeClock } from '../../support/fake-clock.js';

function start(): { clock: FakeClock; ledger: Ledger } {
  return { clock: new FakeClock(), ledger: new Ledger() };
}

describe('the ledger counts', () => {
  test('lines and bytes by outcome', () => {
    const { ledger } = start();
    ledger.accept(10, 100);
    ledger.reject('queue_full', 3, 30);
    ledger.reject('queue_full', 2, 20);
    ledger.write(4, 40);
    ledger.confirm(5, 50);
    ledger.drop('unknown', 1);
    const { offered, written, confirmed, dropped } = ledger;
    expect({ offered, written, confirmed, dropped }).toEqual({
      offered: { lines: 15, bytes: 150 },
      written: { lines: 4, bytes: 40 },
      confirmed: { lines: 5, bytes: 50 },
      dropped: { queue_full: 5, unknown: 1 },
    });
  });

  test('every loss, which is told with what is known of it', () => {
    const losses: unknown[] = [];
    const ledger = new Ledger((loss) => losses.push(loss));
    ledger.reject('queue_full', 3, 30, { limitBytes: 100 });
    ledger.drop('udp_error', 1, { code: 'EINVAL', bytes: 9 });
    ledger.drop('shutdown', 2);
    expect(losses).toEqual([
      { reason: 'queue_full', lines: 3, limitBytes: 100 },
      { reason: 'udp_error', lines: 1, code: 'EINVAL', bytes: 9 },
      { reason: 'shutdown', lines: 2 },
    ]);
  });

  test('occurrences by name', () => {
    const { ledger } = start();
    for (const code of ['ECONNREFUSED', 'ETIMEDOUT', 'ECONNREFUSED']) {
      ledger.count(ledger.connectFailures, code);
    }
    expect(ledger.connectFailures).toEqual({ ECONNREFUSED: 2, ETIMEDOUT: 1 });
  });

  test('error codes that are names of object properties', () => {
    const { ledger } = start();
    for (const code of ['constructor', '__proto__', 'constructor']) {
      ledger.count(ledger.connectFailures, code);
      ledger.count(ledger.disconnects, code);
    }
    const { connectFailures, disconnects } = ledger.counts();
    const counts = [
      ['constructor', 2],
      ['__proto__', 1],
    ];
    expect([connectFailures, disconnects].map((counted) => Object.entries(counted))).toEqual([
      counts,
      counts,
    ]);
  });
});

interface Counted {
  readonly segments?: object;
  readonly connectFailures?: object;
  readonly disconnects?: object;
  readonly lastConfirmMillis?: number;
  readonly maxConfirmMillis?: number;
}

const written = { isEmpty: false, hasWritten: true };
const notWritten = { isEmpty: false, hasWritten: false };
const nothing = { isEmpty: true, hasWritten: false };

test.each<[string, Outcome, typeof written, Counted]>([
  [
    'a confirmed segment',
    { kind: 'confirmed', reason: 'segment' },
    written,
    { segments: { confirmed: 1, unknown: 0, notSent: 0 }, lastConfirmMillis: 7, maxConfirmMillis: 7 },
  ],
  [
    'a persistent connection closed for its age',
    { kind: 'confirmed', reason: 'age' },
    nothing,
    { disconnects: { age: 1 } },
  ],
  [
    'a persistent connection closed because it was idle',
    { kind: 'confirmed', reason: 'idle' },
    nothing,
    { disconnects: { idle: 1 } },
  ],
  [
    'a downgrade',
    { kind: 'downgraded' },
    written,
    { segments: { confirmed: 0, unknown: 1, notSent: 0 }, disconnects: { confirm_timeout: 1 } },
  ],
  [
    'a failed attempt to connect',
    { kind: 'not-sent', cause: 'ECONNREFUSED' },
    nothing,
    { connectFailures: { ECONNREFUSED: 1 } },
  ],
  [
    'a segment of which nothing was written',
    { kind: 'unknown', cause: 'reset' },
    notWritten,
    { segments: { confirmed: 0, unknown: 0, notSent: 1 }, disconnects: { reset: 1 } },
  ],
  [
    'a segment that may have been read',
    { kind: 'unknown', cause: 'reset' },
    written,
    { segments: { confirmed: 0, unknown: 1, notSent: 0 }, disconnects: { reset: 1 } },
  ],
  [
    'a persistent connection that broke while open',
    { kind: 'unknown', cause: 'fin' },
    nothing,
    { disconnects: { fin: 1 } },
  ],
  [
    'a connection to a replaced server',
    { kind: 'closed', cause: 'replaced' },
    nothing,
    { disconnects: { replaced: 1 } },
  ],
  ['a shutdown as nothing', { kind: 'shutdown' }, written, {}],
])('the ledger counts %s', (_name, outcome, carried, counted) => {
  const ledger = new Ledger();
  ledger.connectionEnded(outcome, carried, 7);
  expect(ledger.counts()).toEqual({ ...new Ledger().counts(), ...counted });
});

test('the ledger keeps the longest time to confirm beside the latest', () => {
  const ledger = new Ledger();
  for (const confirmMillis of [5, 9, 6]) {
    ledger.connectionEnded({ kind: 'confirmed', reason: 'segment' }, written, confirmMillis);
  }
  const { lastConfirmMillis, maxConfirmMillis } = ledger.counts();
  expect({ lastConfirmMillis, maxConfirmMillis }).toEqual({ lastConfirmMillis: 6, maxConfirmMillis: 9 });
});

test('a flush that misses its deadline is counted; one that settles in time is not', async () => {
  const { clock, ledger } = start();
  ledger.accept(2, 20);
  const early = ledger.whenSettled(100, clock);
  const late = ledger.whenSettled(1_000, clock);
  expect({ hasFlushWaiters: ledger.hasFlushWaiters, nextFlushDeadline: ledger.nextFlushDeadline }).toEqual({
    hasFlushWaiters: true,
    nextFlushDeadline: 100,
  });
  clock.advance(100);
  expect({
    early: await early,
    nextFlushDeadline: ledger.nextFlushDeadline,
    flushDeadlinesMissed: ledger.flushDeadlinesMissed,
  }).toEqual({ early: false, nextFlushDeadline: 1_000, flushDeadlinesMissed: 1 });
  ledger.confirm(1, 10);
  ledger.drop('unknown', 1);
  expect({
    late: await late,
    hasFlushWaiters: ledger.hasFlushWaiters,
    flushDeadlinesMissed: ledger.flushDeadlinesMissed,
  }).toEqual({ late: true, hasFlushWaiters: false, flushDeadlinesMissed: 1 });
});

test('a flush does not wait for rejected lines', async () => {
  const { clock, ledger } = start();
  ledger.reject('queue_full', 3, 30);
  expect({ isSettled: await ledger.whenSettled(100, clock), pendingMillis: clock.pendingMillis }).toEqual({
    isSettled: true,
    pendingMillis: [],
  });
});
