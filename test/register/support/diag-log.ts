import { type DiagLogger, diag } from '@opentelemetry/api';
import { onTestFinished } from 'vitest';

/** What is logged by diag from now on, until the test has finished, as `level: message`. */
export function diagLog(): readonly string[] {
  const lines: string[] = [];
  const log =
    (level: string) =>
    (_namespace: string, ...words: unknown[]) =>
      lines.push(`${level}: ${words.join(' ')}`);
  const logger = {
    error: log('error'),
    warn: log('warn'),
    info: log('info'),
    debug: () => {},
    verbose: () => {},
  };
  diag.setLogger(logger as DiagLogger, { suppressOverrideMessage: true });
  onTestFinished(() => diag.disable());
  return lines;
}
