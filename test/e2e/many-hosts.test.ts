// `npm run example -- many-hosts` as a whole, on the built package: its result is the test.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startApp } from '../support/app-process.js';

const run = fileURLToPath(new URL('../../examples/run.js', import.meta.url));

test('the daemons agree with the apps of many hosts, in a table without control codes', {
  timeout: 120_000,
}, async () => {
  const { status, stdout, stderr } = await startApp([run, 'many-hosts'], { env: {} }).ended;
  const lines = stdout.trimEnd().split('\n');
  expect([status, stderr, lines.at(-1)], stdout).toEqual([
    0,
    '',
    '  ✓ Every series is exact but those of the dead daemon until the proxy noticed.',
  ]);
  const titles = lines.flatMap((line) => /^ {2}│ (\S.*?) +│ the apps │/.exec(line)?.[1] ?? []);
  expect(titles.map((title) => title.replace(/^\d+/, '<port>'))).toEqual([
    'Three daemons',
    '<port> killed',
    'The proxy has noticed',
    'It is back',
  ]);
  const marks = lines.flatMap((line) => / ([✓≈✗]) │$/.exec(line)?.[1] ?? []);
  // Eight series each; at least one belonged to the dead daemon.
  expect(marks.toSpliced(8, 8)).toEqual(Array(24).fill('✓'));
  expect(marks.slice(8, 16)).toContain('≈');
  expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
});
