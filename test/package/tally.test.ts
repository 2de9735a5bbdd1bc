// The sum that closes CI: it must never make a broken run look like a good one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repository } from './consumer.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'statsd-tally-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Adds up reports with these texts; `undefined` is a report that was never written. */
function tally(...texts: (string | undefined)[]): { exitCode: number | null; lines: string[] } {
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.json`);
    if (text !== undefined) writeFileSync(file, text);
    return file;
  });
  const { status, stdout } = spawnSync(process.execPath, [join(repository, '.ci/tally.js'), ...files], {
    encoding: 'utf8',
  });
  return { exitCode: status, lines: stdout.trimEnd().split('\n') };
}

const report = (numPassedTests: number, numFailedTests: number, success: boolean) =>
  JSON.stringify({ numPassedTests, numFailedTests, success });

test('adds up the tests of all runs', () => {
  expect(tally(report(3, 0, true), report(4, 0, true))).toEqual({
    exitCode: 0,
    lines: ['7 passed, 0 failed'],
  });
});

test.each([
  ['a failed test', report(2, 1, false), '1.json: 1 failed', '5 passed, 1 failed'],
  ['a test file that did not load', report(2, 0, false), '1.json: not a success', '5 passed, 0 failed'],
  ['a run without any test', report(0, 0, true), '1.json: no test was run', '3 passed, 0 failed'],
  ['a run that left no report', undefined, '1.json: no readable report', '3 passed, 0 failed'],
  ['a report cut short', '{"numPassedTests": 2', '1.json: no readable report', '3 passed, 0 failed'],
  ['something else than a report', '{}', '1.json: not a test report', '3 passed, 0 failed'],
])('fails for %s', (_, text, problem, sum) => {
  expect(tally(report(3, 0, true), text)).toEqual({ exitCode: 1, lines: [problem, sum] });
});
