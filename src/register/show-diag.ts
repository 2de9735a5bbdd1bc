// Makes OpenTelemetry's own log visible: without a logger every mistake in the configuration is silent.

import { DiagConsoleLogger, type DiagLogLevel, diag } from '@opentelemetry/api';

/** Does nothing when the app has set a logger already. */
export function showDiag(logLevel: DiagLogLevel): void {
  if (hasDiagLogger()) return;
  diag.setLogger(new DiagConsoleLogger(), { logLevel, suppressOverrideMessage: true });
}

/** The API has no way to ask; this is where every copy of its version 1 keeps what is registered. */
function hasDiagLogger(): boolean {
  const registered: unknown = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1'));
  return typeof registered === 'object' && registered !== null && 'diag' in registered;
}
