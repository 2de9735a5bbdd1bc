// The harness around the real daemon, spoken to by hand: what is sent over each transport is what it reads back.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer, type NetConnectOpts } from 'node:net';
import { dirname } from 'node:path';
import { expect, test, vi } from 'vitest';
import { askAdmin, parseInspected } from '../../../examples/demo/statsd-admin.js';
import { type StatsdDaemon, startStatsdDaemon } from './statsd-daemon.js';

async function sendDatagram(daemon: StatsdDaemon, ...lines: string[]): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.send(lines.join('\n'), daemon.udpPort, daemon.host, (error) =>
      error ? reject(error) : resolve(),
    );
  });
  socket.close();
}

/** Resolves with the daemon's FIN, by which it has read every line. */
async function sendStream(target: NetConnectOpts, ...lines: string[]): Promise<void> {
  const socket = connect(target);
  socket.end(lines.map((line) => `${line}\n`).join(''));
  socket.resume();
  await once(socket, 'close');
}

const tcp = ({ host, tcpPort }: StatsdDaemon) => ({ host, port: tcpPort });

test('reads back counters, gauges and timers sent in a datagram', async () => {
  const daemon = await startStatsdDaemon();
  await sendDatagram(
    daemon,
    'hits:1|c',
    'hits:2|c|@0.5',
    'level:-1.5e-7|g',
    'time:20|ms',
    'time:10.25|ms|@0.1',
  );
  await daemon.settle();
  expect({
    counters: await daemon.counters(),
    gauges: await daemon.gauges(),
    timers: await daemon.timers(),
  }).toEqual({
    counters: { hits: 5 },
    gauges: { level: -1.5e-7 },
    timers: { time: [20, 10.25] },
  });
});

test('reads back what is sent over TCP once the daemon has closed the connection', async () => {
  const daemon = await startStatsdDaemon();
  await sendStream(tcp(daemon), 'hits:1|c', 'path.with.dots;host=a:7|c', 'level:Infinity|g');
  expect({ counters: await daemon.counters(), gauges: await daemon.gauges() }).toEqual({
    counters: { hits: 1, 'path.with.dots;host=a': 7 },
    gauges: { level: Number.POSITIVE_INFINITY },
  });
});

test('listens on a Unix stream socket when asked to, also again after a kill', async () => {
  const daemon = await startStatsdDaemon({ unix: true });
  await sendStream({ path: daemon.unixPath }, 'before:1|c');
  await daemon.kill();
  await daemon.restart();
  await sendStream({ path: daemon.unixPath }, 'after:1|c');
  expect(await daemon.counters()).toEqual({ after: 1 });
});

test('reads every value of a timer and every name, however many', async () => {
  const daemon = await startStatsdDaemon();
  const values = Array.from({ length: 2_500 }, (_, index) => index / 4);
  const names = Array.from({ length: 2_500 }, (_, index) => `name-${index}`);
  await sendStream(
    tcp(daemon),
    ...values.map((value) => `time:${value}|ms`),
    ...names.map((name) => `${name}:1|c`),
  );
  expect(await daemon.waitForTimer('time', values.length)).toEqual(values);
  expect(await daemon.counters()).toEqual(Object.fromEntries(names.map((name) => [name, 1])));
});

test('flushes when asked and hands over what the daemon computed', async () => {
  const daemon = await startStatsdDaemon({ percentThreshold: [50, 99] });
  const lines = Array.from({ length: 200 }, (_, index) => `time:${index + 1}|ms|@0.5`);
  await sendStream(
    tcp(daemon),
    ...lines,
    'hits:3|c',
    'level:4|g',
    'users:ann|s',
    'users:bob|s',
    'users:ann|s',
  );
  const { timestamp, timerData, ...rest } = await daemon.flush();
  expect(rest).toEqual({
    counters: { hits: 3 },
    gauges: { level: 4 },
    timers: { time: lines.map((_, index) => index + 1) },
    sets: { users: ['ann', 'bob'] },
  });
  const { count, sum, mean, median, lower, upper, upper_50, count_50, upper_99 } = timerData['time'] ?? {};
  expect({ count, sum, mean, median, lower, upper, upper_50, count_50, upper_99 }).toEqual({
    count: 400,
    sum: 20_100,
    mean: 100.5,
    median: 100.5,
    lower: 1,
    upper: 200,
    upper_50: 100,
    count_50: 100,
    upper_99: 198,
  });
  expect(timestamp).toBeTypeOf('number');
  expect(await daemon.counters()).toEqual({ hits: 0 });
});

test('flushes by itself at its interval', async () => {
  const daemon = await startStatsdDaemon({ flushIntervalMillis: 200, config: { deleteCounters: true } });
  let hits = 0;
  await sendDatagram(daemon, 'hits:2|c');
  while (hits === 0) hits = (await daemon.nextFlush()).counters['hits'] ?? 0;
  expect(hits).toBe(2);
});

test('stop returns the flush the daemon does at its exit and leaves no file behind', async () => {
  const daemon = await startStatsdDaemon();
  const directory = dirname(daemon.unixPath);
  await sendStream(tcp(daemon), 'hits:3|c', 'time:5|ms');
  expect(existsSync(directory)).toBe(true);
  const flush = await daemon.stop();
  expect([flush?.counters, flush?.timers, flush?.timerData['time']?.['upper_99']]).toEqual([
    { hits: 3 },
    { time: [5] },
    5,
  ]);
  expect({ exists: existsSync(directory), running: daemon.running, duration: await daemon.stop() }).toEqual({
    exists: false,
    running: false,
    duration: undefined,
  });
});

test('a kill refuses connections until a restart on the same ports, which starts empty', async () => {
  const daemon = await startStatsdDaemon();
  const ports = [daemon.udpPort, daemon.tcpPort, daemon.adminPort];
  await sendStream(tcp(daemon), 'hits:3|c');
  await daemon.kill();
  await expect(sendStream(tcp(daemon), 'hits:1|c')).rejects.toThrow('ECONNREFUSED');
  await expect(daemon.counters()).rejects.toThrow('statsd is not running (ended by SIGKILL)');
  await daemon.restart();
  await sendDatagram(daemon, 'hits:4|c');
  await daemon.waitForCounter('hits', 4);
  expect([daemon.udpPort, daemon.tcpPort, daemon.adminPort]).toEqual(ports);
});

test('a restart waits for a port that is taken meanwhile', async () => {
  const daemon = await startStatsdDaemon();
  await daemon.kill();
  const intruder = createServer().listen(daemon.tcpPort, daemon.host);
  await once(intruder, 'listening');
  const restart = daemon.restart();
  await vi.waitUntil(() => daemon.output.includes('EADDRINUSE'), { timeout: 10_000 });
  intruder.close();
  await restart;
  await sendStream(tcp(daemon), 'hits:1|c');
  expect(await daemon.counters()).toEqual({ hits: 1 });
});

test('a paused daemon answers nothing and goes on where it stopped', async () => {
  const daemon = await startStatsdDaemon();
  daemon.pause();
  await sendDatagram(daemon, 'hits:1|c');
  await expect(
    askAdmin({ host: daemon.host, port: daemon.adminPort, timeoutMillis: 200 }, 'counters'),
  ).rejects.toThrow('did not answer "counters" in 200 ms');
  daemon.resume();
  await daemon.waitForCounter('hits', 1);
  daemon.pause();
  expect((await daemon.stop())?.counters).toEqual({ hits: 1 });
});

test('waiting fails with what it found: at once beyond the value, else at the deadline', async () => {
  const daemon = await startStatsdDaemon();
  await sendStream(tcp(daemon), 'hits:3|c', 'level:1|g', 'time:1|ms', 'time:2|ms');
  await expect(daemon.waitForCounter('hits', 2)).rejects.toThrow(
    'waited for counter hits to be 2, but it is 3',
  );
  await expect(daemon.waitForCounter('hits', 4, 0)).rejects.toThrow(
    'waited for counter hits to be 4, but it is 3',
  );
  await expect(daemon.waitForGauge('level', 2, 0)).rejects.toThrow(
    'waited for gauge level to be 2, but it is 1',
  );
  await expect(daemon.waitForTimer('time', 1)).rejects.toThrow(
    'waited for timer time to hold 1 values, but it is 2',
  );
  await daemon.waitForGauge('level', 1);
});

test('a daemon that dies says why', async () => {
  const daemon = await startStatsdDaemon();
  const flush = daemon.nextFlush();
  // The sample rate passes lib/helpers.js and then fails to match in stats.js.
  await sendDatagram(daemon, 'hits:1|c|@+0.5');
  await expect(flush).rejects.toThrow('TypeError');
  expect(daemon.running).toBe(false);
});

test('neither process nor file is left when the process that started the daemon is killed', async () => {
  const harness = new URL('../../../examples/demo/statsd-daemon.js', import.meta.url);
  const program = `
    import { startStatsdDaemon } from ${JSON.stringify(harness.href)};
    const { unixPath } = await startStatsdDaemon();
    process.send({ unixPath });
  `;
  const starter = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [{ unixPath }] = await once(starter, 'message');
  expect(existsSync(dirname(unixPath))).toBe(true);
  starter.kill('SIGKILL');
  // The daemon removes its directory as the last thing it does.
  await vi.waitUntil(() => !existsSync(dirname(unixPath)), { timeout: 10_000 });
});

test('settings the daemon cannot start with are reported with its output', async () => {
  await expect(startStatsdDaemon({ config: { servers: [{ server: './servers/none' }] } })).rejects.toThrow(
    "Cannot find module './servers/none'",
  );
});

test('daemons started together get ports of their own', async () => {
  const daemons = await Promise.all(Array.from({ length: 4 }, () => startStatsdDaemon()));
  await Promise.all(daemons.map((daemon, index) => sendDatagram(daemon, `hits:${index + 1}|c`)));
  await Promise.all(daemons.map((daemon) => daemon.settle()));
  expect(await Promise.all(daemons.map((daemon) => daemon.counters()))).toEqual(
    [1, 2, 3, 4].map((hits) => ({ hits })),
  );
});

test('counts bad lines apart from what was sent', async () => {
  const daemon = await startStatsdDaemon();
  await sendStream(tcp(daemon), 'hits:1|c', 'nonsense', 'time:-1|ms');
  expect({ counters: await daemon.counters(), ownCounters: await daemon.ownCounters() }).toEqual({
    counters: { hits: 1 },
    ownCounters: { badLinesSeen: 2, packetsReceived: 1, metricsReceived: 3 },
  });
});

test('an admin answer that is cut short or no object of numbers is refused', () => {
  expect(parseInspected("{ a: 1, 'b.c': [ -0, 1e+21, NaN ], d: [], e: -Infinity }")).toEqual({
    a: 1,
    'b.c': [-0, 1e21, Number.NaN],
    d: [],
    e: Number.NEGATIVE_INFINITY,
  });
  for (const text of [
    '{ a: [ 1, 2, ... 5 more items ] }',
    '{ a: [Array] }',
    '{ a: x }',
    '{ a: 1',
    '{ a: 1 } b',
  ]) {
    expect(() => parseInspected(text)).toThrow(SyntaxError);
  }
});
