// Reports every kind of loss without flooding the log.

import type { Clock } from '../../runtime/clock.js';
import { queueMicrotask } from '../../runtime/timers.js';
import type { LineLoss, TransportEvent } from '../transport.js';

/** Further losses of the same kind are reported together, at most this often. */
const REPORT_INTERVAL_MILLIS = 600_000;

/** Bounds the memory for kinds of loss that were reported; beyond it metrics are not distinguished. */
const MAX_KINDS = 1_000;

interface Kind {
  /** Not reported yet; undefined when everything is. */
  pending: LineLoss | undefined;
  reportedAt: number | undefined;
}

export class LossReporter {
  readonly #clock: Clock;
  readonly #onEvent: (event: TransportEvent) => void;
  /** By reason, metric and error code. */
  readonly #kinds = new Map<string, Kind>();
  /** To be reported in the microtask that is queued; empty when none is. */
  readonly #due = new Set<Kind>();

  constructor(clock: Clock, onEvent: (event: TransportEvent) => void) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  add(loss: LineLoss): void {
    if (loss.lines === 0) return;
    const kind = this.#kindOf(loss);
    kind.pending = kind.pending === undefined ? loss : merged(kind.pending, loss);
    const { reportedAt } = kind;
    if (reportedAt !== undefined && this.#clock.now() - reportedAt < REPORT_INTERVAL_MILLIS) return;
    // In a microtask, so that the losses of one call are one report.
    if (this.#due.size === 0) queueMicrotask(() => this.#reportDue());
    this.#due.add(kind);
  }

  /** Reports all losses that have not been reported. */
  reportAll(): void {
    for (const kind of this.#kinds.values()) this.#report(kind);
  }

  #reportDue(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const kind of due) this.#report(kind);
  }

  #report(kind: Kind): void {
    const loss = kind.pending;
    if (loss === undefined) return;
    kind.pending = undefined;
    kind.reportedAt = this.#clock.now();
    this.#onEvent({ kind: 'lines-dropped', ...loss });
  }

  #kindOf({ reason, metric = '', code = '' }: LineLoss): Kind {
    const exact = `${reason} ${code} ${metric}`;
    const key = this.#kinds.size < MAX_KINDS || this.#kinds.has(exact) ? exact : reason;
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const kind: Kind = { pending: undefined, reportedAt: undefined };
    this.#kinds.set(key, kind);
    return kind;
  }
}

function merged(one: LineLoss, other: LineLoss): LineLoss {
  const { metric, ...rest } = { ...one, ...other, lines: one.lines + other.lines };
  const bytes = Math.max(one.bytes ?? 0, other.bytes ?? 0);
  return {
    ...rest,
    ...(bytes > 0 ? { bytes } : {}),
    ...(metric !== undefined && one.metric === metric ? { metric } : {}),
  };
}
