// Faults in helpers are logged, not thrown: an app must behave the same with and without its metrics.

import { diag } from '@opentelemetry/api';

const logger = diag.createComponentLogger({ namespace: 'opentelemetry-exporter-statsd/instrument' });

/**
 * Instruments that have been warned about. Copies of this module do not share the set and log once each.
 */
const warned = new WeakSet<object>();

/** Key of faults of a missing instrument. */
const NO_INSTRUMENT = {};

/** Logs the first fault of each instrument. */
export function warnOnce(instrument: unknown, message: string, ...errors: readonly unknown[]): void {
  const isReference =
    typeof instrument === 'function' || (typeof instrument === 'object' && instrument !== null);
  const key = isReference ? instrument : NO_INSTRUMENT;
  if (warned.has(key)) return;
  warned.add(key);
  logger.warn(message, ...errors);
}

export function warn(message: string, errors: readonly unknown[]): void {
  logger.warn(message, ...errors);
}
