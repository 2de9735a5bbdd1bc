// What is left of lines when the app ends, and that nothing here keeps it from ending. `npm test` builds the
// package that the app imports.
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StatsdExporterOptions } from '../../src/exporter/options/options.js';
import type { StatsdExporterStats } from '../../src/exporter/telemetry/stats.js';
import { type AppProcess, type Ended, startApp } from '../support/app-process.js';
import { balanced } from '../support/ledger-balance.js';
import { needs } from '../support/platform.js';
import { deliveryOf } from './support/delivery.js';
import { startFaultServer } from './support/fault-server.js';

needs('signals');

interface Client {
  readonly options: StatsdExporterOptions;
  readonly lines: number;
  readonly ending?: 'exit' | 'throw' | 'before-exit' | 'sigterm' | 'flush' | 'shutdown';
  /** Ends not before the exporter is in this state. */
  readonly waitFor?: string;
}

const script = fileURLToPath(new URL('support/client.js', import.meta.url));

function startClient(client: Client): AppProcess {
  return startApp([script, JSON.stringify(client)], { env: {} });
}

/** The stats that the client printed at its end. */
function statsOf({ stdout, stderr }: Ended): StatsdExporterStats {
  const last = stdout.trimEnd().split('\n').at(-1);
  if (!last?.startsWith('{')) throw new Error(`the client printed no stats: ${stdout} ${stderr}`);
  const stats = JSON.parse(last) as StatsdExporterStats;
  balanced(stats);
  return stats;
}

const endpoint = (port: number): string => `tcp://127.0.0.1:${port}`;

describe('an app that flushes loses nothing', () => {
  test.each([
    ['with shutdown()', 'shutdown'],
    ['with forceFlush()', 'flush'],
    ["in 'beforeExit'", 'before-exit'],
  ] as const)('%s', async (_how, ending) => {
    const server = await startFaultServer({ protocol: 'tcp' });
    const client = startClient({ options: { endpoint: endpoint(server.port) }, lines: 5_000, ending });
    const ended = await client.ended;
    const { confirmedLines, queuedLines, inFlightLines } = statsOf(ended);
    expect({ status: ended.status, confirmedLines, queuedLines, inFlightLines }).toEqual({
      status: 0,
      confirmedLines: 5_000,
      queuedLines: 0,
      inFlightLines: 0,
    });
    expect(deliveryOf(server, 5_000)).toEqual({ lost: 0, duplicated: 0, inOrder: true });
  });

  test('with shutdown() on SIGTERM', async () => {
    const server = await startFaultServer({ protocol: 'tcp' });
    const client = startClient({
      options: { endpoint: endpoint(server.port) },
      lines: 5_000,
      ending: 'sigterm',
    });
    await client.said('working');
    client.child.kill('SIGTERM');
    const ended = await client.ended;
    expect({ status: ended.status, confirmedLines: statsOf(ended).confirmedLines }).toEqual({
      status: 0,
      confirmedLines: 5_000,
    });
    expect(deliveryOf(server, 5_000)).toEqual({ lost: 0, duplicated: 0, inOrder: true });
  });
});

describe('an app that exits at once loses what its stats count as queued, and no more', () => {
  test.each([
    ['process.exit()', 'exit', 0],
    ['an uncaught exception', 'throw', 1],
  ] as const)('by %s', async (_how, ending, status) => {
    const server = await startFaultServer({ protocol: 'tcp' });
    const client = startClient({ options: { endpoint: endpoint(server.port) }, lines: 5_000, ending });
    const ended = await client.ended;
    const { confirmedLines, queuedLines, inFlightLines } = statsOf(ended);
    const { lost, duplicated, inOrder } = deliveryOf(server, 5_000);
    expect({ status: ended.status, confirmedLines, kept: queuedLines + inFlightLines, lost }).toEqual({
      status,
      confirmedLines: 0,
      kept: 5_000,
      lost: 5_000,
    });
    expect({ duplicated, inOrder }).toEqual({ duplicated: 0, inOrder: true });
  });

  test('when its event loop is empty', async () => {
    const server = await startFaultServer({ protocol: 'tcp' });
    const client = startClient({ options: { endpoint: endpoint(server.port) }, lines: 5_000 });
    const ended = await client.ended;
    const { confirmedLines, queuedLines, inFlightLines } = statsOf(ended);
    const { lost } = deliveryOf(server, 5_000);
    expect([ended.status, confirmedLines + queuedLines + inFlightLines]).toEqual([0, 5_000]);
    expect(lost).toBeLessThanOrEqual(queuedLines + inFlightLines);
  });
});

describe('an app with an empty event loop exits', () => {
  /** Long enough that an exit before it can only be the exit that is meant. */
  const NEVER = 600_000;
  const deadlines = {
    connectTimeoutMillis: NEVER,
    stallTimeoutMillis: NEVER,
    confirmTimeoutMillis: NEVER,
    flushTimeoutMillis: NEVER,
  };

  test('when everything is delivered and a persistent connection is open', async () => {
    const server = await startFaultServer({ protocol: 'tcp' });
    const client = startClient({
      options: { endpoint: endpoint(server.port), delivery: 'persistent', ...deadlines },
      lines: 100,
      ending: 'flush',
    });
    const { status, stdout } = await client.ended;
    expect([status, stdout.includes('flushed')]).toEqual([0, true]);
    expect(deliveryOf(server, 100)).toEqual({ lost: 0, duplicated: 0, inOrder: true });
  });

  test('while it waits for a server to confirm', async () => {
    const server = await startFaultServer({ protocol: 'tcp', neverClose: true });
    const client = startClient({
      options: { endpoint: endpoint(server.port), ...deadlines },
      lines: 100,
      waitFor: 'confirming',
    });
    const ended = await client.ended;
    expect({ status: ended.status, state: statsOf(ended).state }).toEqual({ status: 0, state: 'confirming' });
  });

  test('while it backs off from a server that is away', async () => {
    const server = await startFaultServer({ protocol: 'tcp' });
    await server.kill();
    const client = startClient({
      options: { endpoint: endpoint(server.port), ...deadlines },
      lines: 100,
      waitFor: 'backing-off',
    });
    const ended = await client.ended;
    expect({ status: ended.status, queuedLines: statsOf(ended).queuedLines }).toEqual({
      status: 0,
      queuedLines: 100,
    });
  });

  test('at the stall timeout at the latest, when a server stops reading', async () => {
    const server = await startFaultServer({ protocol: 'tcp' });
    server.signal('SIGSTOP');
    const client = startClient({
      options: {
        endpoint: endpoint(server.port),
        delivery: 'persistent',
        pacing: false,
        tags: { filler: 'x'.repeat(200) },
        ...deadlines,
        stallTimeoutMillis: 500,
      },
      // Some twenty megabytes; two kernels hold a few.
      lines: 80_000,
      waitFor: 'sending',
    });
    const ended = await client.ended;
    const { disconnects, state } = statsOf(ended);
    // On a busy machine the deadline may have passed during the export already, and then again.
    expect({ status: ended.status, causes: Object.keys(disconnects), state }).toEqual({
      status: 0,
      causes: ['stall'],
      state: 'backing-off',
    });
  });

  test('at the connect timeout at the latest, when no server answers', async () => {
    const server = await startFaultServer({ protocol: 'tcp', backlog: 1 });
    server.signal('SIGSTOP');
    // A backlog of one holds two; further connections get no answer.
    for (let index = 0; index < 2; index += 1) {
      const socket = connect(server.port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {});
      await once(socket, 'connect');
    }
    const client = startClient({
      options: { endpoint: endpoint(server.port), ...deadlines, connectTimeoutMillis: 500 },
      lines: 100,
    });
    const ended = await client.ended;
    const { connectFailures, state } = statsOf(ended);
    expect({ status: ended.status, connectFailures, state }).toEqual({
      status: 0,
      connectFailures: { ETIMEDOUT: 1 },
      state: 'backing-off',
    });
  });

  test('after shutdown(), whatever the server does', async () => {
    const server = await startFaultServer({ protocol: 'tcp' });
    server.signal('SIGSTOP');
    const client = startClient({
      options: { endpoint: endpoint(server.port), ...deadlines, shutdownTimeoutMillis: 200 },
      lines: 100,
      ending: 'shutdown',
    });
    const ended = await client.ended;
    const { droppedLines, state } = statsOf(ended);
    expect({ status: ended.status, droppedLines, state }).toEqual({
      status: 0,
      droppedLines: { shutdown: 100 },
      state: 'closed',
    });
  });
});
