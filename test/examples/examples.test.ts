// Every example runs, against a receiver of its own, and leaves exactly the lines that its expected.txt shows.
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { catalogue, shows } from '../../examples/support/catalogue.js';
import { reportText, withPlaceholders } from '../../examples/support/report.js';
import { runExample } from '../../examples/support/run-example.js';
import { startApp } from '../support/app-process.js';

const folder = new URL('../../examples/', import.meta.url);
const names = Object.keys(catalogue);
const textOf = (path: string): Promise<string> => readFile(new URL(path, folder), 'utf8');

test.each(names)('%s sends what its expected.txt shows', async (name) => {
  const expected = await textOf(`${name}/expected.txt`);
  const text = reportText(await runExample(name));
  expect(withPlaceholders(text, expected)).toBe(expected);
});

const run = (...args: string[]) =>
  startApp([fileURLToPath(new URL('run.js', folder)), ...args], { env: {} }).ended;

test('the command prints what arrived, or which examples there are', async () => {
  const all = Object.entries({ ...catalogue, ...shows });
  const list = all.map(([name, { about }]) => `  ${name.padEnd(21)}  ${about}\n`).join('');
  expect([await run('plain-udp'), await run(), await run('plain-upd')]).toEqual([
    { status: 0, signal: null, stdout: await textOf('plain-udp/expected.txt'), stderr: '' },
    { status: 0, signal: null, stdout: `npm run example -- <name>\n\n${list}`, stderr: '' },
    { status: 2, signal: null, stdout: '', stderr: `There is no example "plain-upd".\n\n${list}` },
  ]);
});

test('Prometheus has as many as StatsD was sent', async () => {
  const { lines, printed } = await runExample('prometheus');
  const sent = lines.map((line) => Number(/^orders\.country\.fi:(\d+)\|c$/.exec(line)?.[1]));
  const fetched = Number(/ (\d+)\n$/.exec(printed)?.[1]);
  expect({ sent, total: sent.reduce((sum, part) => sum + part, 0) }).toEqual({
    sent: [2, 3],
    total: fetched,
  });
});

test('every folder but those with commands of their own is an example that can be run', async () => {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const others = new Set(['demo', 'support']);
  expect(folders.filter((each) => !others.has(each)).sort()).toEqual(
    [...names, ...Object.keys(shows)].sort(),
  );
});

test('an example for one receiver is one file of at most forty lines', async () => {
  const lengths = await Promise.all(
    names.map(
      async (name) => [name, (await textOf(`${name}/main.js`)).trimEnd().split('\n').length] as const,
    ),
  );
  expect(lengths.filter(([, length]) => length > 40)).toEqual([]);
});

test('the table of examples has all of them, in the same order', async () => {
  const rows = [...(await textOf('README.md')).matchAll(/^\| \[`([^`]+)`\]\(([^)]+)\) \|/gm)];
  const own = rows.filter(([, name]) => name !== 'demo');
  expect(own.map(([, name, path]) => [name, path])).toEqual([
    ...names.map((name) => [name, `${name}/main.js`]),
    ...Object.keys(shows).map((name) => [name, `${name}/README.md`]),
  ]);
});

test('a placeholder stands for a number and nothing else', () => {
  const expected = 'a:<millis>|ms\nb <time>\nhttp://127.0.0.1:<port>\n';
  expect(withPlaceholders('a:0.25|ms\nb 1700000000\nhttp://127.0.0.1:80\n', expected)).toBe(expected);
  const wrong = 'a:|ms\nb 17\nhttp://127.0.0.1:x\n';
  expect(withPlaceholders(wrong, expected)).toBe(wrong);
});
