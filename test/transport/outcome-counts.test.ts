import { expect, test } from 'vitest';
import type { Outcome } from '../../src/transport/connection.js';
import { Ledger } from '../../src/transport/ledger.js';
import { countOutcome } from '../../src/transport/outcome-counts.js';

interface Counted {
  readonly segments?: object;
  readonly connectFailures?: object;
  readonly disconnects?: object;
  readonly lastConfirmMillis?: number;
  readonly maxConfirmMillis?: number;
}

test.each<[string, Outcome, Counted]>([
  [
    'a confirmed segment',
    { kind: 'confirmed', reason: 'segment' },
    { segments: { confirmed: 1, unknown: 0, notSent: 0 }, lastConfirmMillis: 7, maxConfirmMillis: 7 },
  ],
  ['a persistent connection that is old', { kind: 'confirmed', reason: 'age' }, { disconnects: { age: 1 } }],
  [
    'a persistent connection that is idle',
    { kind: 'confirmed', reason: 'idle' },
    { disconnects: { idle: 1 } },
  ],
  [
    'a downgrade',
    { kind: 'downgraded' },
    { segments: { confirmed: 0, unknown: 1, notSent: 0 }, disconnects: { confirm_timeout: 1 } },
  ],
  [
    'a segment that was not sent',
    { kind: 'not-sent', cause: 'EPIPE' },
    { segments: { confirmed: 0, unknown: 0, notSent: 1 }, connectFailures: { EPIPE: 1 } },
  ],
  [
    'a segment of unknown fate',
    { kind: 'unknown', cause: 'reset' },
    { segments: { confirmed: 0, unknown: 1, notSent: 0 }, disconnects: { reset: 1 } },
  ],
  [
    'a connection that is not needed',
    { kind: 'retired', cause: 'replaced' },
    { disconnects: { replaced: 1 } },
  ],
  ['a shutdown', { kind: 'abandoned' }, {}],
])('%s is counted', (_name, outcome, counted) => {
  const ledger = new Ledger();
  const carried = counted.segments !== undefined;
  countOutcome(ledger, outcome, { carried, confirmMillis: 7 });
  expect(ledger.counts()).toEqual({ ...new Ledger().counts(), ...counted });
});

test('the longest confirmation is remembered beside the latest', () => {
  const ledger = new Ledger();
  for (const confirmMillis of [5, 9, 6]) {
    countOutcome(ledger, { kind: 'confirmed', reason: 'segment' }, { carried: true, confirmMillis });
  }
  const { lastConfirmMillis, maxConfirmMillis } = ledger.counts();
  expect([lastConfirmMillis, maxConfirmMillis]).toEqual([6, 9]);
});
