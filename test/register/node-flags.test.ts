import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { hasNodeFlag } from '../../src/register/node-flags.js';
import { ownFile } from '../../src/register/own-file.js';

afterEach(() => vi.unstubAllEnvs());

function setFlags(execArgv: readonly string[], options: string | undefined): void {
  vi.stubEnv('NODE_OPTIONS', options);
  const before = process.execArgv;
  process.execArgv = [...execArgv];
  onTestFinished(() => {
    process.execArgv = before;
  });
}

test.each<[readonly string[], string | undefined, boolean]>([
  [['--import', 'agent'], undefined, true],
  [[], '--require agent', true],
  [['--inspect', '--import', 'agent'], '--no-warnings', true],
  [['--import'], 'agent', true],
  [[], undefined, false],
])('a flag is found on the command line %j and in NODE_OPTIONS %j: %s', (execArgv, options, isFound) => {
  setFlags(execArgv, options);
  expect(hasNodeFlag(/^(?:--inspect )?--(?:import|require) agent/)).toBe(isFound);
});

test('this package finds its own file, and leaves the stack traces of the app as they were', () => {
  const prepare = () => 'of the app';
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = prepare;
  const found = ownFile();
  const after = Error.prepareStackTrace;
  Error.prepareStackTrace = before as typeof prepare;
  expect([found, after]).toEqual([expect.stringMatching(/src\/register\/own-file\.ts$/), prepare]);
});

test('a frozen Error is left alone, and this package does not find its own file', () => {
  const { value, ...rest } = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace') ?? {};
  Object.defineProperty(Error, 'prepareStackTrace', { value, writable: false, configurable: true });
  const found = ownFile();
  Object.defineProperty(Error, 'prepareStackTrace', { value, ...rest, configurable: true, writable: true });
  expect(found).toBeUndefined();
});

test('this package does not find its own file where stack traces cannot be read', () => {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 0;
  const found = ownFile();
  const after = Error.prepareStackTrace;
  Object.assign(Error, { stackTraceLimit, prepareStackTrace });
  expect([found, after]).toEqual([undefined, prepareStackTrace]);
});
