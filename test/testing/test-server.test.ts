import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DialectName, StatsdExporter } from '../../src/index.js';
import { StatsdTestServer, type StatsdTestServerOptions } from '../../src/testing.js';
import { parseEndpoint } from '../../src/transport/endpoint/endpoint.js';
import { failToOpen } from '../support/failing-open.js';
import { skipWithout } from '../support/platform.js';
import { temporarySocketPath } from '../support/receivers/stream-server.js';

async function start(options?: StatsdTestServerOptions): Promise<StatsdTestServer> {
  const server = await StatsdTestServer.start(options);
  onTestFinished(() => server.stop());
  return server;
}

function portOf({ endpoint }: StatsdTestServer): number {
  const parsed = parseEndpoint(endpoint);
  return parsed !== undefined && 'port' in parsed ? (parsed.port ?? 0) : 0;
}

async function sendTcp(server: StatsdTestServer, text: string): Promise<void> {
  const socket = connect(portOf(server), '127.0.0.1');
  socket.end(text);
  await once(socket.resume(), 'close');
}

async function sendUdp(server: StatsdTestServer, text: string): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.send(text, portOf(server), '127.0.0.1', () => resolve()));
  socket.close();
}

describe.each<[NonNullable<StatsdTestServerOptions['protocol']>, DialectName]>([
  ['udp', 'statsd'],
  ['tcp', 'statsd'],
  ['unix', 'statsd'],
  ['unix', 'dogstatsd'],
])('a test server on %s for %s', (protocol, dialect) => {
  it('receives what an exporter sends to its endpoint', async () => {
    const server = await start({ protocol, dialect });
    const exporter = new StatsdExporter({ endpoint: server.endpoint, dialect, resourceTags: [] });
    const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
    onTestFinished(() => provider.shutdown());
    provider.getMeter('test').createCounter('orders').add(3);
    await provider.forceFlush();
    const samples = await server.waitFor('orders');
    expect({ samples, lines: server.lines, totals: server.totals().counters }).toEqual({
      samples: [
        {
          name: 'orders',
          tags: {},
          type: 'c',
          value: 3,
          isRelative: false,
          sampleRate: 1,
          timestamp: undefined,
        },
      ],
      lines: ['orders:3|c'],
      totals: { orders: 3 },
    });
  });

  it('restarts at the same endpoint and keeps what it received', async () => {
    const server = await start({ protocol, dialect });
    const { endpoint } = server;
    await server.restart();
    const exporter = new StatsdExporter({ endpoint, dialect, resourceTags: [] });
    const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
    onTestFinished(() => provider.shutdown());
    provider.getMeter('test').createCounter('orders').add(1);
    await provider.forceFlush();
    await server.waitFor(1);
    await server.restart();
    expect({ endpoint: server.endpoint, lines: server.lines }).toEqual({ endpoint, lines: ['orders:1|c'] });
  });
});

describe('waiting', () => {
  it('ends at once for lines that have already arrived', async () => {
    const server = await start({ protocol: 'tcp' });
    await sendTcp(server, 'a:1|c\nb:2|c\n');
    await server.waitFor(2);
    const all = await server.waitFor(({ lines }) => lines.includes('b:2|c'));
    const named = await server.waitFor('b');
    expect([all.map(({ name }) => name), named.map(({ name }) => name)]).toEqual([['a', 'b'], ['b']]);
  });

  it('ends when the lines arrive', async () => {
    const server = await start();
    const waits = Promise.all([server.waitFor('a'), server.waitFor(2), server.waitFor(() => true)]);
    await sendUdp(server, 'a:1|c\nb:2|c');
    expect((await waits).map((samples) => samples.length)).toEqual([1, 2, 0]);
  });

  it('rejects after the timeout, with what did arrive', async () => {
    const server = await start({ protocol: 'tcp' });
    await sendTcp(server, 'orders:1|c\nbad\n');
    await server.waitFor(2);
    await expect(server.waitFor('ordres', { timeoutMillis: 1 })).rejects.toThrow(
      'waited for a sample named "ordres" (did you mean "orders"?), but 1 ms have passed. So far 2 lines have arrived:\n' +
        '  orders:1|c\n  bad\nmalformed: "bad": there is no ":" between name and value',
    );
    await expect(server.waitFor(3, { timeoutMillis: 1 })).rejects.toThrow(
      new Error(
        'waited for 3 lines, but 1 ms have passed. So far 2 lines have arrived:\n  orders:1|c\n  bad\n' +
          'malformed: "bad": there is no ":" between name and value',
      ),
    );
    await expect(server.waitFor(() => false, { timeoutMillis: 1 })).rejects.toThrow(
      /^waited for a condition to be met, but 1 ms have passed/,
    );
  });

  it('names its endpoint when nothing arrives', async () => {
    const server = await start();
    await expect(server.waitFor('a', { timeoutMillis: 1 })).rejects.toThrow(
      'waited for a sample named "a", but 1 ms have passed. So far no line has arrived; is the exporter\'s endpoint ' +
        `${server.endpoint}, and was it flushed?`,
    );
  });

  it('leaves no timer that would keep a process alive', async () => {
    const server = await start();
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await server.waitFor(0);
    expect(timers()).toBe(before);
  });

  it('rejects when the server is stopped', async () => {
    const server = await start();
    const waiting = server.waitFor('a');
    await Promise.all([expect(waiting).rejects.toThrow(/but the server was stopped/), server.stop()]);
  });
});

it('the test server counts a line that is cut off by the end of the connection', async () => {
  const server = await start({ protocol: 'tcp' });
  await sendTcp(server, 'a:1|c\nb:1');
  await server.waitFor(({ cutLines }) => cutLines === 1);
  expect({ cutLines: server.cutLines, lines: server.lines }).toEqual({ cutLines: 1, lines: ['a:1|c'] });
});

it('clear() removes everything received', async () => {
  const server = await start();
  await sendUdp(server, 'a:1|c\nbad');
  await server.waitFor(2);
  server.clear();
  expect({ lines: server.lines, samples: server.samples, malformedLines: server.malformedLines }).toEqual({
    lines: [],
    samples: [],
    malformedLines: [],
  });
});

describe('a test server that is full', () => {
  it('counts further lines and tells of them, until clear() makes room', async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const server = await start({ protocol: 'tcp', maxBytes: 1_000 });
    await sendTcp(server, 'a:1|c\n'.repeat(10));
    const { lines, samples, droppedLines } = server;
    expect({ lines: lines.length, samples: samples.length, droppedLines }).toEqual({
      // 282 bytes each: 140 for a line, 130 for a sample, and two for a character.
      ...{ lines: 3, samples: 3, droppedLines: 7 },
    });
    await expect(server.waitFor(10)).rejects.toThrow(
      'waited for 10 lines, but no more lines are kept. So far 3 lines have arrived:\n' +
        '  a:1|c\n  a:1|c\n  a:1|c\n  (7 further lines not kept: maxBytes was reached)',
    );
    expect(warnings).toEqual([
      'StatsdTestServer keeps no more lines: they have reached 1000 bytes (maxBytes). Further ones are counted in ' +
        'droppedLines; clear() makes room.',
    ]);
    server.clear();
    await sendTcp(server, 'b:1|c\n');
    expect([server.lines, server.droppedLines]).toEqual([['b:1|c'], 0]);
  });

  it('has no room for one line that is too large', async () => {
    const server = await start({ protocol: 'tcp', maxBytes: 1_000, dialect: 'dogstatsd' });
    await sendTcp(server, `a${':1'.repeat(20)}|ms\n`);
    expect([server.lines, server.droppedLines]).toEqual([[], 1]);
  });
});

it('waiting for a name that arrives again after clear() ends', async () => {
  const server = await start({ protocol: 'tcp' });
  await sendTcp(server, 'a:1|c\nb:1|c\n');
  const waiting = server.waitFor('c');
  server.clear();
  await sendTcp(server, 'c:1|c\nd:1|c\ne:1|c\n');
  expect(await waiting).toMatchObject([{ name: 'c' }]);
});

it('a stopped test server keeps its counts, and nothing can be waited for', async () => {
  const server = await start({ protocol: 'tcp' });
  await sendTcp(server, 'a:1|c\nb:1');
  await server.waitFor(({ cutLines }) => cutLines === 1);
  await server.stop();
  expect([server.cutLines, server.refusedConnections, server.lines]).toEqual([1, 0, ['a:1|c']]);
  await expect(server.waitFor(2)).rejects.toThrow(/^waited for 2 lines, but the server was stopped/);
  expect(await server.waitFor(1)).toMatchObject([{ name: 'a' }]);
});

it('a test server counts the connections that it refuses', async () => {
  const server = await start({ protocol: 'tcp' });
  const restore = failToOpen('EMFILE');
  await sendTcp(server, '');
  restore();
  await sendTcp(server, 'a:1|c\n');
  await server.waitFor(1);
  expect(server.refusedConnections).toBe(1);
});

it('the counts of a test server add up over its restarts', async () => {
  const server = await start({ protocol: 'tcp' });
  for (const count of [1, 2]) {
    await sendTcp(server, 'b:1');
    await server.waitFor(({ cutLines }) => cutLines === count);
    await server.restart();
  }
  expect(server.cutLines).toBe(2);
});

it('a test server that is stopped during a restart is stopped', async () => {
  const server = await start({ protocol: 'tcp' });
  await Promise.all([server.restart(), server.stop()]);
  const [error] = await once(connect(portOf(server), '127.0.0.1'), 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});

it('waiting for ever waits until the lines arrive', async () => {
  const server = await start();
  const waiting = server.waitFor(1, { timeoutMillis: Infinity });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await sendUdp(server, 'a:1|c');
  expect(await waiting).toMatchObject([{ name: 'a' }]);
});

it('a suggested name is escaped, and long names are not compared', async () => {
  const server = await start({ protocol: 'tcp' });
  await sendTcp(server, `${'x'.repeat(500_000)}:1|c\nabc\u202e:1|c\n`);
  await server.waitFor(2);
  await expect(server.waitFor('abcd', { timeoutMillis: 1 })).rejects.toThrow(
    'waited for a sample named "abcd" (did you mean "abc\\u{202e}"?), but',
  );
});

it.each<[StatsdTestServerOptions, string]>([
  [{ port: -1 }, 'port must be a whole number from 0 to 65535, not -1'],
  [{ port: 65_536 }, 'port must be a whole number from 0 to 65535, not 65536'],
  [{ port: 1.5 }, 'port must be a whole number from 0 to 65535, not 1.5'],
  [{ maxBytes: Number.NaN }, 'maxBytes must be a number above 0, not NaN'],
  [{ maxBytes: -1 }, 'maxBytes must be a number above 0, not -1'],
])('start(%j) rejects: %s', async (options, message) => {
  await expect(StatsdTestServer.start(options)).rejects.toThrow(message);
});

it.each(['', 'a.sock', `/${'x'.repeat(200)}`])('start() rejects for the path "%s"', async (path) => {
  skipWithout('socket files');
  await expect(StatsdTestServer.start({ protocol: 'unix', path })).rejects.toThrow(
    /^path must be an absolute path of at most \d+ bytes, which is all that a socket address holds, not "/,
  );
});

it('waiting in vain shows what the server could not read', async () => {
  const server = await start({ protocol: 'tcp' });
  await sendTcp(server, 'a:1|c\nb:1');
  await server.waitFor(({ cutLines }) => cutLines === 1);
  await expect(server.waitFor(2, { timeoutMillis: 1 })).rejects.toThrow(
    'So far 1 line has arrived:\n  a:1|c; 1 line cut off by the end of a connection',
  );
});

it('a socket file at a path of the test’s own goes with the server, and its folder stays', async () => {
  skipWithout('socket files');
  const path = temporarySocketPath();
  const server = await start({ protocol: 'unix', path });
  expect([server.endpoint, existsSync(path)]).toEqual([`unix://${path}`, true]);
  await expect(StatsdTestServer.start({ protocol: 'unix', path })).rejects.toThrow('EADDRINUSE');
  await server.stop();
  expect([existsSync(path), existsSync(dirname(path))]).toEqual([false, true]);
});

it('start() rejects when the port is in use', async () => {
  const first = await start({ protocol: 'tcp' });
  await expect(StatsdTestServer.start({ protocol: 'tcp', port: portOf(first) })).rejects.toThrow(
    'EADDRINUSE',
  );
});

it('stop() is idempotent and removes the temporary folder', async () => {
  skipWithout('socket files');
  const server = await StatsdTestServer.start({ protocol: 'unix' });
  const folder = dirname(server.endpoint.replace('unix://', ''));
  const wasThere = existsSync(folder);
  await server[Symbol.asyncDispose]();
  await server.stop();
  expect({ wasThere, exists: existsSync(folder) }).toEqual({ wasThere: true, exists: false });
});

it('a server is stopped where `await using` ends', async () => {
  const server = await StatsdTestServer.start({ protocol: 'tcp' });
  await server[Symbol.asyncDispose]();
  await expect(server.waitFor(1)).rejects.toThrow('but the server was stopped');
});

it('a restart closes what is connected', async () => {
  const server = await start({ protocol: 'tcp' });
  const socket = connect(portOf(server), '127.0.0.1').on('error', () => {});
  socket.write('a:1|c\n');
  await server.waitFor(1);
  const closed = once(socket.resume(), 'close');
  await server.restart();
  await closed;
  await sendTcp(server, 'b:1|c\n');
  expect(server.lines).toEqual(['a:1|c', 'b:1|c']);
});
