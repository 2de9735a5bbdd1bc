// The program as it is installed: a file that Node runs, by way of a link. It runs what is in dist, so build first
// (npm test does).
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { skipWithout } from '../support/platform.js';
import { startTcpServer } from '../support/receivers/stream-server.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const program = join(repository, 'dist/esm/cli.js');

interface Program {
  readonly child: ChildProcessWithoutNullStreams;
  readonly text: { out: string; err: string };
  /** Resolves with the port it listens on. */
  readonly port: () => Promise<number>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

function start(args: string[], { file = program, env = {} } = {}): Program {
  const child = spawn(process.execPath, [file, ...args], { env: { PATH: process.env['PATH'], ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const text = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    text.out += data;
  });
  child.stderr.on('data', (data) => {
    text.err += data;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return {
    child,
    text,
    ended,
    async port() {
      for (;;) {
        const found = /:(\d+) /.exec(text.out + text.err);
        if (found !== null) return Number(found[1]);
        const isOver = await Promise.race([
          once(child.stdout, 'data').then(() => false),
          once(child.stderr, 'data').then(() => false),
          ended.then(() => true),
        ]);
        if (isOver) throw new Error(`it ended before it listened: ${text.err}`);
      }
    },
  };
}

function send(port: number, text: string): void {
  const socket = createSocket('udp4');
  socket.send(text, port, '127.0.0.1', () => socket.close());
}

it("the program prints the package's version, also when started through a link", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(program, join(folder, 'otel-statsd'));
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const { text, ended } = start(['--version'], { file: join(folder, 'otel-statsd') });
  expect([await ended, text]).toEqual([
    { code: 0, signal: null },
    { out: `${version}\n`, err: '' },
  ]);
});

it("the program's file starts with a hashbang", () => {
  expect(readFileSync(program, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node');
});

it('listen ends after the requested number of lines', async () => {
  const { text, port, ended } = start(['listen', '0', '--raw', '--count', '2']);
  send(await port(), 'a:1|c\nb:2|c\n');
  expect([await ended, text.out]).toEqual([{ code: 0, signal: null }, 'a:1|c\nb:2|c\n']);
});

it.each<[NodeJS.Signals]>([['SIGINT'], ['SIGTERM'], ['SIGHUP']])('sums up at %s', async (signal) => {
  skipWithout('signals');
  const { child, text, port, ended } = start(['listen', '0']);
  send(await port(), 'bad');
  while (!text.out.includes('bad')) await once(child.stdout, 'data');
  child.kill(signal);
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(text.out.split('\n').slice(1)).toEqual([
    '✗ bad',
    '  there is no ":" between name and value',
    '',
    expect.stringMatching(/^0:\d\d · 1 line · 1 malformed · 0 series · 1 datagram$/),
    '',
  ]);
});

it('listen ends at an interrupt although its output is not read, and holds little of it', async () => {
  const { child, port } = start(['listen', 'tcp://127.0.0.1:0', '--raw']);
  const exited = once(child, 'exit');
  const socket = connect(await port(), '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  child.stdout.pause();
  // Until the program reads no more: its output and the buffers of the system are full.
  const chunk = Buffer.alloc(2 ** 20, 'a:1|c\n');
  let written = 0;
  for (;;) {
    const isFull = socket.write(chunk) === false;
    written += chunk.length;
    const drained = isFull ? once(socket, 'drain').then(() => true) : true;
    if (!(await Promise.race([drained, setTimeout(2_000, false)]))) break;
  }
  expect(written).toBeLessThan(64 * 2 ** 20);
  child.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
});

it('the program ends silently when its output pipe is closed', async () => {
  const { child, text, port, ended } = start(['listen', '0', '--raw']);
  const to = await port();
  child.stdout.destroy();
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    send(to, 'a:1|c');
    await setTimeout(5);
  }
  expect([await ended, text.err.split('\n').length]).toEqual([{ code: 0, signal: null }, 2]);
});

const SENT = [
  'shop.otel_statsd.doctor.probe.tag:1|c',
  'shop.otel_statsd.doctor.duration:250|ms',
  'shop.otel_statsd.doctor.duration.sum:250|c',
  'shop.otel_statsd.doctor.gauge:1|g',
];

it('doctor reads its own environment and sets the exit code', async () => {
  const server = await startTcpServer();
  const env = { OTEL_EXPORTER_STATSD_ENDPOINT: `tcp://127.0.0.1:${server.port}`, STATSD_PREFIX: 'shop' };
  const well = start(['doctor', '--json'], { env });
  expect(await well.ended).toEqual({ code: 0, signal: null });
  await server.stop();
  const ill = start(['doctor', '--json'], { env });
  expect(await ill.ended).toEqual({ code: 1, signal: null });
  const { healthy, lines } = JSON.parse(ill.text.out);
  expect([server.lines, healthy, lines, well.text.err + ill.text.err]).toEqual([SENT, false, SENT, '']);
});

it('doctor reports a bad variable once', async () => {
  const server = await startTcpServer();
  const env = { OTEL_EXPORTER_STATSD_ENDPOINT: `tcp://127.0.0.1:${server.port}`, STATSD_PORT: '81z' };
  const { text, ended } = start(['doctor', '--json'], { env });
  expect(await ended).toEqual({ code: 1, signal: null });
  const { findings } = JSON.parse(text.out);
  expect(findings.map(({ status }: { status: string }) => status)).toEqual(['problem', 'ok']);
});

it('wrong usage gives exit code 2', async () => {
  const { text, ended } = start(['lissten']);
  expect([await ended, text]).toEqual([
    { code: 2, signal: null },
    {
      out: '',
      err: 'otel-statsd: there is no command "lissten" (did you mean "listen"?)\nSee otel-statsd --help\n',
    },
  ]);
});
