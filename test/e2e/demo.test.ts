// `npm run demo` as a whole, on the built package: its result is the test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { skipWithout } from '../support/platform.js';

const demo = fileURLToPath(new URL('../../examples/demo/demo.js', import.meta.url));

function startDemo(...args: string[]) {
  const child = spawn(process.execPath, [demo, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const demoRun = { child, output: '', closed: once(child, 'close') };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      demoRun.output += text;
    });
  }
  return demoRun;
}

async function connectTo(port: string | undefined): Promise<void> {
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

test.each([
  ['UDP', []],
  ['TCP', ['--tcp']],
])('over %s StatsD agrees with the app, shown without control codes', async (_, args) => {
  const run = startDemo('--requests', '300', ...args);
  const [status] = await run.closed;
  const lines = run.output.trimEnd().split('\n');
  expect([status, lines.at(-1)], run.output).toEqual([
    0,
    expect.stringMatching(
      /^ {2}✓ StatsD agrees with the app: all 300 requests, every status(?: and latency|, latencies nearly)\.$/,
    ),
  ]);
  const shown = lines.slice(lines.indexOf('  Some of the lines, as statsd read them') + 1);
  expect(
    shown.slice(0, shown.indexOf('')).map((line) => line.replace(/:[\d.]+\|/, ':<value>|').trim()),
  ).toEqual([
    'demo.http.server.request.duration.GET.none.200:<value>|ms',
    'demo.http.server.request.duration.POST.none.201:<value>|ms',
    'demo.http.server.request.duration.POST.none.201.sum:<value>|c',
    'demo.nodejs.eventloop.utilization:<value>|g',
    'demo.nodejs.eventloop.delay.p99:<value>|g',
    'demo.v8js.memory.heap.used.old_space:<value>|g',
  ]);
  expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
});

test('a signal ends the demo and its children', async () => {
  skipWithout('signals');
  const run = startDemo('--tcp', '--requests', '100000');
  while (!run.output.includes(' of 100,000 requests')) await once(run.child.stdout, 'data');
  const [statsdPort, appPort] = Array.from(
    run.output.matchAll(/(?:tcp|http):\/\/127\.0\.0\.1:(\d+)/g),
    (match) => match[1],
  );
  await Promise.all([statsdPort, appPort].map((port) => connectTo(port)));
  run.child.kill('SIGTERM');
  expect(await run.closed).toEqual([143, null]);
  await expect(connectTo(statsdPort)).rejects.toThrow('ECONNREFUSED');
  await expect(connectTo(appPort)).rejects.toThrow('ECONNREFUSED');
});

test('the demo prints its usage for unknown arguments', async () => {
  for (const args of [['--nonsense'], ['--requests', '0'], ['--requests', 'many']]) {
    const run = startDemo(...args);
    const [status] = await run.closed;
    expect([status, run.output.includes('Usage: npm run demo -- [--tcp] [--requests N]')]).toEqual([2, true]);
  }
});
