// register's own log: OpenTelemetry's diag, shown on the console unless the app has set a logger.

import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { registeredApi } from './api-copies.js';

const NAMESPACE = 'opentelemetry-exporter-statsd/register';

export const logger = diag.createComponentLogger({ namespace: NAMESPACE });

/** Without a logger every mistake in the configuration would be silent. Keeps a logger that the app has set. */
export function showDiag(logLevel: DiagLogLevel): void {
  if (registeredApi()?.diag !== undefined) return;
  diag.setLogger(new DiagConsoleLogger(), { logLevel, suppressOverrideMessage: true });
}

/** For faults of the API itself, which diag is a part of. */
export function writeToStderr(message: string, logLevel: DiagLogLevel): void {
  if (logLevel !== DiagLogLevel.NONE) process.stderr.write(`${NAMESPACE} ${message}\n`);
}
