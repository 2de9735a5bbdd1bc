import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';
import { showDiag } from '../../src/register/log.js';

afterEach(() => diag.disable());

// That messages reach the console without one is seen in test/e2e/register.test.ts: the API keeps console
// methods of its own, which a spy cannot replace.
test('a diag logger that the app has set stays in place', () => {
  const seen: string[] = [];
  const log = (message: string) => seen.push(message);
  const logger: DiagLogger = { error: log, warn: log, info: log, debug: log, verbose: log };
  diag.setLogger(logger);
  showDiag(DiagLogLevel.WARN);
  diag.warn('kept');
  expect(seen).toEqual(['kept']);
});
