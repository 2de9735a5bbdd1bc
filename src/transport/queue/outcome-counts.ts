import type { Outcome } from '../stream/connection-types.js';
import type { Ledger } from './delivery-ledger.js';

/** What a connection carried. */
interface Carried {
  readonly isEmpty: boolean;
  /** True once some of it was given to the connection. */
  readonly hasWritten: boolean;
}

/** Counts the end of a connection; `confirmMillis` is how long the proof took, if there is one. */
export function countOutcome(
  ledger: Ledger,
  outcome: Outcome,
  { isEmpty, hasWritten }: Carried,
  confirmMillis: number,
): void {
  const segments = isEmpty ? 0 : 1;
  switch (outcome.kind) {
    case 'confirmed':
      ledger.segments.confirmed += segments;
      if (outcome.reason === 'segment') ledger.recordConfirmMillis(confirmMillis);
      else ledger.count(ledger.disconnects, outcome.reason);
      return;
    case 'downgraded':
      ledger.segments.unknown += segments;
      return ledger.count(ledger.disconnects, 'confirm_timeout');
    case 'not-sent':
      return ledger.count(ledger.connectFailures, outcome.cause);
    case 'unknown':
      if (hasWritten) ledger.segments.unknown += segments;
      else ledger.segments.notSent += segments;
      return ledger.count(ledger.disconnects, outcome.cause);
    case 'retired':
      return ledger.count(ledger.disconnects, outcome.cause);
    case 'abandoned':
      return;
  }
}
