// Socket files whose server dies, is replaced, has not come yet, or may not be talked to.
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needs, skipWithout } from '../support/platform.js';
import { startUnixServer, temporarySocketPath } from '../support/receivers/stream-server.js';
import { startTransport } from '../support/transports.js';
import { checkedDelivery, destinationOf, numberedLines, SEGMENT_LINES } from './support/delivery.js';
import { startFaultServer } from './support/fault-server.js';

needs('socket files');

const FLUSH_MILLIS = 20_000;

test.each(['kill', 'destroy', 'end'] as const)(
  'a server that breaks by %s in the middle of a delivery loses at most what it had read and not processed',
  async (fault) => {
    skipWithout('resets of unix sockets');
    const server = await startFaultServer({
      protocol: 'unix',
      bytesPerSecond: 20e6,
      fault: { do: fault, atLine: 12_000 },
    });
    const transport = startTransport({ destination: destinationOf(server, 'unix'), pacing: false });
    transport.sendLines(numberedLines(25_000));
    const flushed = transport.flush(FLUSH_MILLIS);
    if (fault !== 'destroy') {
      await server.gone();
      await server.start();
    }
    expect(await flushed).toBe(true);
    const { lost, duplicated } = checkedDelivery(server, 25_000, transport.stats());
    expect(lost).toBeLessThanOrEqual(server.readNotProcessed());
    expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
    expect(transport.stats().confirmedLines).toBe(25_000);
  },
);

test.each(['confirmed', 'persistent'] as const)(
  'a server whose socket file was replaced gets nothing more, although it is alive (%s)',
  async (delivery) => {
    const old = await startUnixServer();
    const transport = startTransport({ destination: { protocol: 'unix', path: old.path }, delivery });
    transport.sendLines(numberedLines(10));
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await old.gotLines(10);

    const young = await startUnixServer(undefined, `${old.path}.new`);
    renameSync(young.path, old.path);
    transport.sendLines(numberedLines(10, { first: 10 }));
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await young.gotLines(10);
    expect([old.lines, young.lines]).toEqual([numberedLines(10), numberedLines(10, { first: 10 })]);
  },
);

describe('lines wait for a server', () => {
  interface Obstacle {
    readonly code: string;
    put(path: string): void;
  }
  const obstacles: readonly (readonly [string, Obstacle])[] = [
    ['whose file is missing', { code: 'ENOENT', put: () => {} }],
    [
      'in whose place is a plain file',
      { code: 'ECONNREFUSED', put: (path) => writeFileSync(path, 'not a socket') },
    ],
    ['in whose place is a folder', { code: 'ECONNREFUSED', put: (path) => mkdirSync(path) }],
  ];

  test.each(obstacles)('%s', async (_what, { code, put }) => {
    const path = temporarySocketPath();
    put(path);
    const transport = startTransport({ destination: { protocol: 'unix', path } });
    transport.sendLines(numberedLines(100));
    const { connectFailures, queuedLines, droppedLines } = await transport.until(
      (stats) => (stats.connectFailures[code] ?? 0) >= 3,
    );
    expect({ codes: Object.keys(connectFailures), queuedLines, droppedLines }).toEqual({
      codes: [code],
      queuedLines: 100,
      droppedLines: {},
    });
    rmSync(path, { recursive: true, force: true });
    const server = await startUnixServer(undefined, path);
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    expect(server.lines).toEqual(numberedLines(100));
    expect(transport.events.map(({ kind }) => kind)).toEqual(['outage', 'recovered']);
  });

  test('that was killed and left its file behind', async () => {
    const server = await startFaultServer({ protocol: 'unix' });
    await server.kill();
    const transport = startTransport({ destination: destinationOf(server, 'unix') });
    transport.sendLines(numberedLines(100));
    await transport.until(({ connectFailures }) => (connectFailures['ECONNREFUSED'] ?? 0) >= 3);
    await server.start();
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    const { lost, duplicated } = checkedDelivery(server, 100, transport.stats());
    expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
  });

  test('in a folder without permission', async () => {
    const server = await startUnixServer();
    const folder = dirname(server.path);
    chmodSync(folder, 0);
    // Permissions do not stop root, so this process takes another user id for a while.
    const isRoot = process.geteuid?.() === 0;
    const open = (): void => {
      if (isRoot) process.seteuid?.(0);
      chmodSync(folder, 0o700);
    };
    onTestFinished(open);
    if (isRoot) process.seteuid?.(65_534);

    const transport = startTransport({ destination: { protocol: 'unix', path: server.path } });
    transport.sendLines(numberedLines(100));
    const { connectFailures, queuedLines, droppedLines } = await transport.until(
      (stats) => (stats.connectFailures['EACCES'] ?? 0) >= 3,
    );
    expect({ codes: Object.keys(connectFailures), queuedLines, droppedLines }).toEqual({
      codes: ['EACCES'],
      queuedLines: 100,
      droppedLines: {},
    });
    open();
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    expect(server.lines).toEqual(numberedLines(100));
    expect(transport.events.map(({ kind }) => kind)).toEqual(['outage', 'recovered']);
  });
});
