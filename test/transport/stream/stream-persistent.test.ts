import { renameSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../src/transport/endpoint/destination.js';
import { FakeClock } from '../../support/fake-clock.js';
import { counterLines, longLines } from '../../support/lines.js';
import { startTcpServer, startUnixServer } from '../../support/receivers/stream-server.js';
import { startTransport, type TestedTransport, type TransportSettings } from '../../support/transports.js';

const tcp = (port: number): Destination => ({ protocol: 'tcp', host: '127.0.0.1', port });

interface Timed {
  readonly clock: FakeClock;
  readonly transport: TestedTransport;
  /** Sends lines and lets a little time pass until they are written and the connection rests. */
  readonly deliver: (lines: string[]) => Promise<void>;
  readonly passTimeUntil: TestedTransport['until'];
}

function start(settings: TransportSettings): Timed {
  const clock = new FakeClock();
  const transport = startTransport({ delivery: 'persistent', clock, random: () => 0.5, ...settings });
  const passTimeUntil: TestedTransport['until'] = (isSo) =>
    transport.until((stats) => {
      clock.advance(1);
      return isSo(stats);
    });
  return {
    clock,
    transport,
    passTimeUntil,
    deliver: async (lines) => {
      const before = transport.stats().writtenLines;
      transport.sendLines(lines);
      await passTimeUntil(
        ({ writtenLines, state }) => writtenLines === before + lines.length && state === 'open',
      );
    },
  };
}

describe('a persistent connection', () => {
  test('carries one export after the other', async () => {
    const server = await startTcpServer();
    const { transport, deliver } = start({ destination: tcp(server.port) });
    for (let index = 0; index < 3; index += 1) await deliver(longLines(2_000, { first: index * 2_000 }));
    expect(await server.gotLines(6_000)).toEqual(longLines(6_000));
    const { state, connects, writtenLines, confirmedLines, segments } = transport.stats();
    expect({
      connections: server.connections,
      state,
      connects,
      writtenLines,
      confirmedLines,
      segments,
    }).toEqual({
      connections: 1,
      state: 'open',
      connects: 1,
      writtenLines: 6_000,
      confirmedLines: 0,
      segments: { confirmed: 0, unknown: 0, notSent: 0 },
    });
  });

  test('is closed after half a minute without lines', async () => {
    const server = await startTcpServer();
    const { clock, transport, deliver, passTimeUntil } = start({ destination: tcp(server.port) });
    await deliver(['a:1|c']);
    clock.advance(29_990);
    expect(transport.stats().state).toBe('open');
    clock.advance(10);
    await passTimeUntil(({ state }) => state === 'idle');
    await deliver(['b:1|c']);
    expect(await server.gotLines(2)).toEqual(['a:1|c', 'b:1|c']);
    expect({ connections: server.connections, disconnects: transport.stats().disconnects }).toEqual({
      connections: 2,
      disconnects: { idle: 1 },
    });
  });

  test.each([
    [0, 240_000],
    [0.5, 300_000],
    [1, 360_000],
  ])('is replaced when it is old: with chance %d after %d ms', async (chance, lifetime) => {
    const server = await startTcpServer();
    const { clock, transport, deliver, passTimeUntil } = start({
      destination: tcp(server.port),
      random: () => chance,
    });
    await deliver(['first:1|c']);
    const connectedAround = clock.now();
    let sent = 1;
    while (clock.now() < connectedAround + lifetime - 20_000) {
      clock.advance(10_000);
      await deliver([`line${sent}:1|c`]);
      sent += 1;
    }
    const before = server.connections;
    clock.advance(connectedAround + lifetime - clock.now());
    await passTimeUntil(({ state }) => state === 'idle');
    await deliver(['last:1|c']);
    expect({ before, connections: server.connections, disconnects: transport.stats().disconnects }).toEqual({
      before: 1,
      connections: 2,
      disconnects: { age: 1 },
    });
    expect((await server.gotLines(sent + 1)).length).toBe(sent + 1);
  });

  test('is replaced at its maximum age in the middle of a delivery, without a line lost or repeated', async () => {
    const server = await startTcpServer();
    const { clock, transport, deliver } = start({ destination: tcp(server.port), pacing: false });
    await deliver(['first:1|c']);
    clock.advance(29_000);
    // Old from here on: the next chunk written is the connection's last.
    await deliver(['second:1|c']);
    for (let index = 0; index < 9; index += 1) {
      clock.advance(29_000);
      await deliver([`more${index}:1|c`]);
    }
    clock.advance(10_000);
    transport.sendLines(longLines(2_000));
    await transport.until(({ writtenLines }) => {
      clock.advance(1);
      return writtenLines === 2_011;
    });
    expect((await server.gotLines(2_011)).slice(11)).toEqual(longLines(2_000));
    expect({
      connections: server.connections,
      disconnects: transport.stats().disconnects,
      maybeDuplicatedLines: transport.stats().maybeDuplicatedLines,
    }).toEqual({ connections: 2, disconnects: { age: 1 }, maybeDuplicatedLines: 0 });
  });

  test('that the server closes while it is open and idle is no outage', async () => {
    const server = await startTcpServer();
    const { clock, transport, deliver, passTimeUntil } = start({ destination: tcp(server.port) });
    await deliver(['a:1|c']);
    await server.gotLines(1);
    clock.advance(10_000);
    await server.stop();
    await passTimeUntil(({ state }) => state === 'idle');
    await server.restart();
    await deliver(['b:1|c']);
    expect(await server.gotLines(2)).toEqual(['a:1|c', 'b:1|c']);
    expect({ disconnects: transport.stats().disconnects, events: transport.events }).toEqual({
      disconnects: { fin: 1 },
      events: [],
    });
  });

  test('that the server half-closes with much unread is not reset: the server reads on', async () => {
    let endAndRead = (): void => {};
    const server = await startTcpServer((socket, index) => {
      if (index > 0) return server.read(socket);
      socket.pause();
      endAndRead = () => {
        socket.end();
        server.read(socket);
        socket.resume();
      };
    });
    const { transport, passTimeUntil } = start({ destination: tcp(server.port), pacing: false });
    transport.sendLines(longLines(20_000));
    await passTimeUntil(({ writtenLines }) => writtenLines > 10_000);
    endAndRead();
    await passTimeUntil(({ writtenLines }) => writtenLines === 20_000);
    await server.gotLines(20_000);
    expect(new Set(server.lines)).toEqual(new Set(longLines(20_000)));
    expect(server.lines.length - 20_000).toBeLessThanOrEqual(transport.stats().maybeDuplicatedLines);
    expect(server.cutLines).toEqual([]);
  });

  test('that the server closes before a paced chunk is written sends that chunk over the next', async () => {
    const server = await startTcpServer((socket, index) => {
      server.read(socket);
      if (index === 0) socket.once('data', () => socket.end()).resume();
    });
    const { transport, passTimeUntil } = start({
      destination: tcp(server.port),
      pacing: { bytesPerSecond: 100_000 },
    });
    // The second chunk has to wait for most of a second.
    transport.sendLines(longLines(1_300));
    await passTimeUntil(({ writtenLines }) => writtenLines === 1_300);
    expect(await server.gotLines(1_300)).toEqual(longLines(1_300));
    expect({
      connections: server.connections,
      maybeDuplicatedLines: transport.stats().maybeDuplicatedLines,
    }).toEqual({ connections: 2, maybeDuplicatedLines: 0 });
  });

  test('that breaks while a chunk is in flight sends that chunk again', async () => {
    const server = await startTcpServer((socket, index) => {
      if (index > 0) return server.read(socket);
      socket.once('data', () => socket.resetAndDestroy()).resume();
    });
    const { transport, passTimeUntil } = start({ destination: tcp(server.port), pacing: false });
    // The kernels hold less: one chunk is being written when the reset comes.
    transport.sendLines(longLines(80_000));
    const { maybeDuplicatedLines, confirmedLines, droppedLines } = await passTimeUntil(
      ({ writtenLines }) => writtenLines === 80_000,
    );
    expect({ confirmedLines, droppedLines }).toEqual({ confirmedLines: 0, droppedLines: {} });
    expect(maybeDuplicatedLines).toBeLessThanOrEqual(700);
    expect(transport.events[0]).toEqual({ kind: 'outage', cause: 'reset' });
  });

  test('proves that delivery works again by living for ten seconds', async () => {
    const server = await startTcpServer((socket, index) => {
      if (index === 0) socket.resetAndDestroy();
      else server.read(socket);
    });
    const { clock, transport, deliver } = start({ destination: tcp(server.port) });
    await deliver(['a:1|c']);
    clock.advance(9_000);
    await deliver(['b:1|c']);
    const before = transport.events.map(({ kind }) => kind);
    clock.advance(1_000);
    await deliver(['c:1|c']);
    expect([before, transport.events.map(({ kind }) => kind)]).toEqual([['outage'], ['outage', 'recovered']]);
  });

  test('that breaks again and again leads to growing back-off', async () => {
    const server = await startTcpServer((socket) => {
      socket.on('data', () => socket.resetAndDestroy()).resume();
    });
    const { transport, passTimeUntil } = start({ destination: tcp(server.port), random: () => 1 });
    transport.sendLines(['a:1|c']);
    await passTimeUntil(({ disconnects }) => (disconnects['reset'] ?? 0) === 1);
    transport.sendLines(['b:1|c']);
    await passTimeUntil(({ disconnects }) => (disconnects['reset'] ?? 0) === 2);
    transport.sendLines(['c:1|c']);
    await passTimeUntil(({ disconnects }) => (disconnects['reset'] ?? 0) === 3);
    expect(transport.stats().backoffMillis).toBeGreaterThanOrEqual(200 + 400);
  });

  test('to a replaced socket file is closed in favour of the new server', async () => {
    const old = await startUnixServer();
    const { transport, deliver, passTimeUntil } = start({
      destination: { protocol: 'unix', path: old.path },
    });
    await deliver(['a:1|c']);
    // The old server is alive behind a path that is not used any more.
    renameSync(old.path, `${old.path}.old`);
    const server = await startUnixServer(undefined, old.path);
    await deliver(['b:1|c']);
    await deliver(['c:1|c']);
    await server.gotLines(2);
    await passTimeUntil(({ state }) => state === 'open');
    expect([old.lines, server.lines, transport.stats().disconnects]).toEqual([
      ['a:1|c'],
      ['b:1|c', 'c:1|c'],
      { replaced: 1 },
    ]);
  });

  test('delivers what was sent last before it is closed', async () => {
    const server = await startTcpServer();
    const transport = startTransport({ destination: tcp(server.port), delivery: 'persistent' });
    transport.sendLines(counterLines(100));
    await transport.close(5_000);
    expect(await server.gotLines(100)).toEqual(counterLines(100));
    expect(transport.stats()).toMatchObject({ state: 'closed', writtenLines: 100, droppedLines: {} });
  });
});
