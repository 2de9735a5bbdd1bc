// Delivery by the packed package in the runtime under test, to servers that run in Node.js.
import { describe, expect, test } from 'vitest';
import type { AppProcess } from '../support/app-process.js';
import { needs } from '../support/platform.js';
import {
  certificate,
  type RestartableServer,
  type StreamServer,
  startTcpServer,
  startTlsServer,
  startUnixServer,
} from '../support/receivers/stream-server.js';
import { startUdpServer } from '../support/receivers/udp-server.js';
import { useFreshApp } from './support/fresh-app.js';
import { runtime } from './support/runtime.js';

const app = useFreshApp();

/** What fixtures/deliver.mjs sends. */
const expected = {
  lines: [
    'balance:-3|g',
    'balance:0|g',
    'latency.sum:12.5|c',
    'latency:12.5|ms',
    'load:0.25|g',
    'orders.country.fi:2|c',
  ],
  counters: 20_000,
  sum: 20 * ((1_000 * 1_001) / 2) + 1_000 * ((20 * 19) / 2),
};

function summary(lines: readonly string[]) {
  const counters = lines.filter((line) => line.startsWith('counter.'));
  return {
    lines: lines.filter((line) => !line.startsWith('counter.')).sort(),
    counters: counters.length,
    sum: counters.reduce((sum, line) => sum + countOf(line), 0),
  };
}

function countOf(line: string): number {
  return Number(/:(\d+)\|c$/.exec(line)?.[1]);
}

const total = expected.counters + expected.lines.length;

/** How fixtures/deliver.mjs has ended. */
function delivered(stats: { readonly confirmedLines: number; readonly writtenLines: number }) {
  const stdout = `${JSON.stringify({ ...stats, dropped: 0, queuedLines: 0, inFlightLines: 0 })}\n`;
  return { status: 0, signal: null, stdout, stderr: '' };
}

describe(`${runtime.title} delivers every line once, with its value,`, () => {
  async function deliver(options: object) {
    return app.start('deliver.mjs', { OPTIONS: JSON.stringify(options) }).ended;
  }

  test('over UDP', async () => {
    const server = await startUdpServer();
    const ended = await deliver({ endpoint: `udp://127.0.0.1:${server.port}` });
    const datagrams = await server.drain();

    expect(ended).toEqual(delivered({ confirmedLines: 0, writtenLines: total }));
    expect(summary(datagrams.flatMap((datagram) => datagram.trimEnd().split('\n')))).toEqual(expected);
    expect(Math.max(...datagrams.map((datagram) => datagram.length))).toBeLessThanOrEqual(1_432);
  });

  test('over TCP, confirmed', async () => {
    const server = await startTcpServer();
    const ended = await deliver({ endpoint: `tcp://127.0.0.1:${server.port}` });

    expect(ended).toEqual(delivered({ confirmedLines: total, writtenLines: 0 }));
    expect([summary(server.lines), server.cutLines]).toEqual([expected, []]);
  });

  test('over TCP, in persistent mode', async () => {
    const server = await startTcpServer();
    const ended = await deliver({ endpoint: `tcp://127.0.0.1:${server.port}`, delivery: 'persistent' });
    await server.gotEnd(1);

    expect(ended).toEqual(delivered({ confirmedLines: 0, writtenLines: total }));
    expect([summary(server.lines), server.cutLines]).toEqual([expected, []]);
  });

  test('over TLS, confirmed', async () => {
    const server = await startTlsServer();
    const tls = { ca: certificate.toString() };
    const ended = await deliver({ endpoint: `tls://127.0.0.1:${server.port}`, tls });

    expect(ended).toEqual(delivered({ confirmedLines: total, writtenLines: 0 }));
    expect([summary(server.lines), server.cutLines]).toEqual([expected, []]);
  });

  test('over unix streams, confirmed', async () => {
    const server = await startUnixServer();
    const ended = await deliver({ endpoint: `unix://${server.path}` });

    expect(ended).toEqual(delivered({ confirmedLines: total, writtenLines: 0 }));
    expect([summary(server.lines), server.cutLines]).toEqual([expected, []]);
  });
});

describe(`${runtime.title} counts everything exactly once`, () => {
  needs('signals');

  /** What fixtures/keep-counting.mjs says it has counted, beside what the server has. */
  async function counts(counting: AppProcess, server: StreamServer) {
    counting.child.kill('SIGTERM');
    const { status, signal, stdout, stderr } = await counting.ended;
    const counted = Number(/counted (\d+)/.exec(stdout)?.[1]);
    return {
      status,
      signal,
      stderr,
      counted,
      received: server.lines.reduce((sum, line) => sum + countOf(line), 0),
    };
  }

  async function expectEachCountOnce(server: RestartableServer, endpoint: string): Promise<void> {
    const counting = app.start('keep-counting.mjs', { OTEL_EXPORTER_STATSD_ENDPOINT: endpoint });
    await server.gotLines(3);
    await server.stopListening();
    await counting.said('outage');
    await server.restart();
    await counting.said('recovered');
    const ended = await counts(counting, server);

    expect(ended).toEqual({
      status: 0,
      signal: null,
      stderr: '',
      counted: ended.received,
      received: ended.counted,
    });
  }

  test('when a TCP server goes away and comes back', async () => {
    const server = await startTcpServer();
    await expectEachCountOnce(server, `tcp://127.0.0.1:${server.port}`);
  });

  test('when a unix server goes away and comes back', async () => {
    const server = await startUnixServer();
    await expectEachCountOnce(server, `unix://${server.path}`);
  });

  test('when a TCP server closes every second connection with unread bytes', async () => {
    const server = await startTcpServer((socket, index) => {
      if (index % 2 === 0) return server.read(socket);
      // Nothing is read from it. By then the client has written: it waits a few milliseconds before that.
      setTimeout(() => socket.destroy(), 50);
    });
    const endpoint = `tcp://127.0.0.1:${server.port}`;
    const counting = app.start('keep-counting.mjs', { OTEL_EXPORTER_STATSD_ENDPOINT: endpoint });
    await server.gotConnections(8);
    const ended = await counts(counting, server);

    expect(ended).toEqual({
      status: 0,
      signal: null,
      stderr: '',
      counted: ended.received,
      received: ended.counted,
    });
  });
});
