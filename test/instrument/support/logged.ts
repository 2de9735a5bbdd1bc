// What the helpers say to OpenTelemetry's own log during a test.
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, beforeEach } from 'vitest';

/** To call in a `describe`; the array is emptied before each of its tests. */
export function logged(): unknown[][] {
  const lines: unknown[][] = [];
  const keep = (...line: unknown[]): void => void lines.push(line);
  beforeEach(() => {
    lines.length = 0;
    diag.setLogger(
      { error: keep, warn: keep, info: keep, debug: keep, verbose: keep },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
  });
  afterEach(() => diag.disable());
  return lines;
}

export const NAMESPACE = 'opentelemetry-exporter-statsd/instrument';
