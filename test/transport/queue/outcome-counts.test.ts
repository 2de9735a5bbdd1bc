import { expect, test } from 'vitest';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import { countOutcome } from '../../../src/transport/queue/outcome-counts.js';
import type { Outcome } from '../../../src/transport/stream/connection-types.js';

interface Counted {
  readonly segments?: object;
  readonly connectFailures?: object;
  readonly disconnects?: object;
  readonly lastConfirmMillis?: number;
  readonly maxConfirmMillis?: number;
}

const begun = { isEmpty: false, hasWritten: true };
const notBegun = { isEmpty: false, hasWritten: false };
const nothing = { isEmpty: true, hasWritten: false };

test.each<[string, Outcome, typeof begun, Counted]>([
  [
    'a confirmed segment',
    { kind: 'confirmed', reason: 'segment' },
    begun,
    { segments: { confirmed: 1, unknown: 0, notSent: 0 }, lastConfirmMillis: 7, maxConfirmMillis: 7 },
  ],
  [
    'a persistent connection that is old',
    { kind: 'confirmed', reason: 'age' },
    nothing,
    { disconnects: { age: 1 } },
  ],
  [
    'a persistent connection that is idle',
    { kind: 'confirmed', reason: 'idle' },
    nothing,
    { disconnects: { idle: 1 } },
  ],
  [
    'a downgrade',
    { kind: 'downgraded' },
    begun,
    { segments: { confirmed: 0, unknown: 1, notSent: 0 }, disconnects: { confirm_timeout: 1 } },
  ],
  [
    'an attempt to connect that failed',
    { kind: 'not-sent', cause: 'ECONNREFUSED' },
    nothing,
    { connectFailures: { ECONNREFUSED: 1 } },
  ],
  [
    'a segment of which nothing was taken',
    { kind: 'unknown', cause: 'reset' },
    notBegun,
    { segments: { confirmed: 0, unknown: 0, notSent: 1 }, disconnects: { reset: 1 } },
  ],
  [
    'a segment of unknown fate',
    { kind: 'unknown', cause: 'reset' },
    begun,
    { segments: { confirmed: 0, unknown: 1, notSent: 0 }, disconnects: { reset: 1 } },
  ],
  [
    'a persistent connection that broke at rest',
    { kind: 'unknown', cause: 'fin' },
    nothing,
    { disconnects: { fin: 1 } },
  ],
  [
    'a connection that is not needed',
    { kind: 'retired', cause: 'replaced' },
    nothing,
    { disconnects: { replaced: 1 } },
  ],
  ['a shutdown', { kind: 'abandoned' }, begun, {}],
])('%s is counted', (_name, outcome, carried, counted) => {
  const ledger = new Ledger();
  countOutcome(ledger, outcome, carried, 7);
  expect(ledger.counts()).toEqual({ ...new Ledger().counts(), ...counted });
});

test('the longest confirmation is remembered beside the latest', () => {
  const ledger = new Ledger();
  for (const confirmMillis of [5, 9, 6]) {
    countOutcome(ledger, { kind: 'confirmed', reason: 'segment' }, begun, confirmMillis);
  }
  const { lastConfirmMillis, maxConfirmMillis } = ledger.counts();
  expect([lastConfirmMillis, maxConfirmMillis]).toEqual([6, 9]);
});
