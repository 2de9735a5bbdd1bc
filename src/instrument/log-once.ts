// An app must work the same with its metrics as without them: what goes wrong in a helper is logged, not thrown.

import { diag } from '@opentelemetry/api';

const logger = diag.createComponentLogger({ namespace: 'opentelemetry-exporter-statsd/instrument' });

/**
 * Instruments that had trouble. Only keeps the log short: copies of this module that do not share it log once each.
 */
const warned = new WeakSet<object>();

/** Logs the first trouble of each instrument; the next thousand calls would only repeat it. */
export function warnOnce(instrument: object, message: string, error: unknown): void {
  if (warned.has(instrument)) return;
  warned.add(instrument);
  logger.warn(message, error);
}

export function warn(message: string, errors: readonly unknown[]): void {
  logger.warn(message, ...errors);
}
