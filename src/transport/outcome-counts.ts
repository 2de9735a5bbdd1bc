import type { Outcome } from './connection.js';
import type { Ledger } from './ledger.js';

/** Counts the end of a connection that carried a segment, or not; `confirmMillis` is how long the proof took. */
export function countOutcome(
  ledger: Ledger,
  outcome: Outcome,
  { carried, confirmMillis }: { readonly carried: boolean; readonly confirmMillis: number },
): void {
  const segments = carried ? 1 : 0;
  switch (outcome.kind) {
    case 'confirmed':
      ledger.segments.confirmed += segments;
      if (outcome.reason === 'segment') ledger.confirmTook(confirmMillis);
      else ledger.count(ledger.disconnects, outcome.reason);
      return;
    case 'downgraded':
      ledger.segments.unknown += segments;
      return ledger.count(ledger.disconnects, 'confirm_timeout');
    case 'not-sent':
      ledger.segments.notSent += segments;
      return ledger.count(ledger.connectFailures, outcome.cause);
    case 'unknown':
      ledger.segments.unknown += segments;
      return ledger.count(ledger.disconnects, outcome.cause);
    case 'retired':
      return ledger.count(ledger.disconnects, outcome.cause);
    case 'abandoned':
      return;
  }
}
