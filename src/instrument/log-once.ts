// Faults in helpers are logged, not thrown: an app must behave the same with and without its metrics.

import { diag } from '@opentelemetry/api';

const logger = diag.createComponentLogger({ namespace: 'opentelemetry-exporter-statsd/instrument' });

/**
 * Instruments that have been warned about. Copies of this module do not share the set and log once each.
 */
const warned = new WeakSet<object>();

/** Logs the first fault of each instrument. */
export function warnOnce(instrument: object, message: string, error: unknown): void {
  if (warned.has(instrument)) return;
  warned.add(instrument);
  logger.warn(message, error);
}

export function warn(message: string, errors: readonly unknown[]): void {
  logger.warn(message, ...errors);
}
