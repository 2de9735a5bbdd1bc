// Everything that the exporter reports, in one place: to OpenTelemetry's `diag`, and to the option `onEvent`.

import type { DiagLogger } from '@opentelemetry/api';
import type { SummaryReason } from '../../mapping/report.js';
import { printable } from '../../runtime/printable.js';
import type { TransportEvent } from '../../transport/transport.js';
import type { PointLossReason } from './stats.js';

/** What every event has besides its own data. */
export interface EventText {
  readonly level: 'info' | 'warn';
  /** One or more sentences for a human: what happened, and what to do. */
  readonly message: string;
}

/**
 * Something that the exporter logs, as data: outages and their end, losses by reason, and warnings. Losses of one kind
 * are reported when they begin, not one by one; `stats()` has the totals.
 */
export type ExporterEvent = EventText &
  (
    | TransportEvent
    /** Data points that became no line. `metric` is the name as the app gave it, where one is concerned. */
    | {
        readonly kind: 'points-dropped';
        readonly reason: PointLossReason;
        readonly points: number;
        readonly metric?: string;
      }
    /** Histogram points of a metric are sent as count, sum, min and max instead of samples. */
    | { readonly kind: 'summarised'; readonly reason: SummaryReason; readonly metric: string }
    /** Nothing is lost: a bad variable that is ignored, an option without effect, a name that could not be made. */
    | { readonly kind: 'warning' }
  );

export class EventLog {
  readonly #logger: Pick<DiagLogger, 'info' | 'warn' | 'error'>;
  readonly #onEvent: ((event: ExporterEvent) => unknown) | undefined;

  constructor(
    logger: Pick<DiagLogger, 'info' | 'warn' | 'error'>,
    onEvent: ((event: ExporterEvent) => unknown) | undefined,
  ) {
    this.#logger = logger;
    this.#onEvent = onEvent;
  }

  /** Neither a logger nor a function of the app that throws gets in the way of exports. */
  emit(given: ExporterEvent): void {
    // Messages quote variables and names of metrics.
    const event = { ...given, message: printable(given.message) };
    try {
      this.#logger[event.level](event.message);
    } catch {
      // There is no other place to report it.
    }
    try {
      const result = this.#onEvent?.(event);
      if (result instanceof Promise) result.catch((error) => this.#failed(error));
    } catch (error) {
      this.#failed(error);
    }
  }

  warn(message: string): void {
    this.emit({ kind: 'warning', level: 'warn', message });
  }

  #failed(error: unknown): void {
    try {
      this.#logger.error('onEvent threw or rejected', error);
    } catch {
      // As above.
    }
  }
}
