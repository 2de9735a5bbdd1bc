import { DiagConsoleLogger, type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, expect, test, vi } from 'vitest';
import { logger, showDiag, writeToStderr } from '../../src/register/log.js';

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

test('faults of the API itself go to standard error, unless the log is off', () => {
  const written: unknown[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(text) > 0);
  writeToStderr('odd', DiagLogLevel.ERROR);
  writeToStderr('silent', DiagLogLevel.NONE);
  spy.mockRestore();
  expect(written).toEqual(['opentelemetry-exporter-statsd/register odd\n']);
});

test('messages name this entry point, and without a logger of the app diag shows the level that was asked for', () => {
  const shown = vi.spyOn(diag, 'setLogger');
  showDiag(DiagLogLevel.INFO);
  expect(shown.mock.calls).toEqual([
    [expect.any(DiagConsoleLogger), { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true }],
  ]);
  shown.mockRestore();
  const seen: unknown[] = [];
  const log = (...words: unknown[]) => seen.push(words);
  diag.setLogger(
    { error: log, warn: log, info: log, debug: log, verbose: log },
    { suppressOverrideMessage: true },
  );
  logger.warn('odd');
  expect(seen).toEqual([['opentelemetry-exporter-statsd/register', 'odd']]);
});
