import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../src/transport/endpoint/endpoint.js';
import { FakeClock } from '../../support/fake-clock.js';
import { counterLines, longLines } from '../../support/lines.js';
import { startTcpServer, unusedPort } from '../../support/receivers/stream-server.js';
import { startTransport } from '../../support/transports.js';

const tcp = (port: number): Endpoint => ({ protocol: 'tcp', host: '127.0.0.1', port });

describe('a healthy server', () => {
  test('gets every line once and in order, and confirms each', async () => {
    const server = await startTcpServer();
    const transport = startTransport({ destination: tcp(server.port) });
    const lines = longLines(30_000);
    const bytes = Buffer.byteLength(`${lines.join('\n')}\n`);
    expect(transport.sendLines(lines)).toBe(true);
    expect(await transport.flush(20_000)).toBe(true);
    expect(server.lines).toEqual(lines);
    const { connects, ...stats } = transport.stats();
    expect(stats).toMatchObject({
      state: 'idle',
      offeredLines: 30_000,
      offeredBytes: bytes,
      confirmedLines: 30_000,
      confirmedBytes: bytes,
      writtenLines: 0,
      writtenBytes: 0,
      resentLines: 0,
      maybeDuplicatedLines: 0,
      droppedLines: {},
      connectFailures: {},
      disconnects: {},
      flushDeadlinesMissed: 0,
    });
    // Segments of at most a mebibyte.
    expect({ connects, connections: server.connections }).toEqual({ connects: 3, connections: 3 });
    expect(transport.events).toEqual([]);
  });

  test('gets no connection while there is nothing to send', async () => {
    const server = await startTcpServer();
    const transport = startTransport({ destination: tcp(server.port) });
    expect(await transport.flush(1_000)).toBe(true);
    expect({ state: transport.stats().state, connections: server.connections }).toEqual({
      state: 'idle',
      connections: 0,
    });
  });

  test('gets lines sent during a segment with the next one', async () => {
    const server = await startTcpServer();
    const transport = startTransport({ destination: tcp(server.port) });
    server.onConnection = (socket, index) => {
      server.read(socket);
      if (index === 0) socket.once('data', () => transport.sendLines(['late:1|c']));
    };
    transport.sendLines(['early:1|c']);
    await transport.flush(5_000);
    await transport.flush(5_000);
    expect({
      lines: server.lines,
      connections: server.connections,
      confirmedLines: transport.stats().confirmedLines,
    }).toEqual({ lines: ['early:1|c', 'late:1|c'], connections: 2, confirmedLines: 2 });
  });
});

describe('an absent server', () => {
  test('gets everything once it is there', async () => {
    const port = await unusedPort();
    const transport = startTransport({ destination: tcp(port) });
    transport.sendLines(counterLines(10));
    await transport.until(({ connectFailures }) => (connectFailures['ECONNREFUSED'] ?? 0) >= 2);
    const server = await startTcpServer(undefined, port);
    expect(await transport.flush(5_000)).toBe(true);
    expect(server.lines).toEqual(counterLines(10));
    expect(transport.stats()).toMatchObject({ confirmedLines: 10, resentLines: 0, maybeDuplicatedLines: 0 });
    expect(transport.events).toEqual([
      { kind: 'outage', cause: 'ECONNREFUSED' },
      { kind: 'recovered', outageMillis: expect.any(Number) },
    ]);
  });

  test('makes a flush miss its deadline, without loss', async () => {
    const transport = startTransport({ destination: tcp(await unusedPort()) });
    transport.sendLines(counterLines(10));
    expect(await transport.flush(50)).toBe(false);
    expect(transport.stats()).toMatchObject({ flushDeadlinesMissed: 1, queuedLines: 10, droppedLines: {} });
  });

  test('makes close() count what is left as dropped', async () => {
    const transport = startTransport({ destination: tcp(await unusedPort()) });
    transport.sendLines(counterLines(10));
    await transport.close(50);
    expect(transport.stats()).toMatchObject({
      state: 'closed',
      queuedLines: 0,
      droppedLines: { shutdown: 10 },
    });
  });

  test('that comes back during close() gets everything', async () => {
    const port = await unusedPort();
    const transport = startTransport({ destination: tcp(port) });
    transport.sendLines(counterLines(10));
    await transport.until(({ state }) => state === 'backing-off');
    const closing = transport.close(10_000);
    const server = await startTcpServer(undefined, port);
    await closing;
    expect({ lines: server.lines, confirmedLines: transport.stats().confirmedLines }).toEqual({
      lines: counterLines(10),
      confirmedLines: 10,
    });
  });
});

describe('a server that breaks connections', () => {
  test('between segments loses nothing', async () => {
    const server = await startTcpServer();
    const transport = startTransport({ destination: tcp(server.port) });
    transport.sendLines(counterLines(10));
    await transport.flush(5_000);
    await server.stop();
    transport.sendLines(counterLines(10, { first: 10 }));
    await transport.until(({ connectFailures }) => (connectFailures['ECONNREFUSED'] ?? 0) >= 1);
    await server.restart();
    expect(await transport.flush(5_000)).toBe(true);
    expect(server.lines).toEqual(counterLines(20));
    expect(transport.stats()).toMatchObject({ confirmedLines: 20, maybeDuplicatedLines: 0 });
  });

  test('during a segment gets it again, and the additive lines are counted as possible duplicates', async () => {
    const server = await startTcpServer((socket, index) => {
      if (index > 0) return server.read(socket);
      socket.once('data', () => socket.resetAndDestroy()).resume();
    });
    const transport = startTransport({ destination: tcp(server.port) });
    transport.sendLines(counterLines(10));
    transport.sendLines(['level:1|g'], { kind: 'idempotent' });
    expect(await transport.flush(5_000)).toBe(true);
    expect(server.lines).toEqual([...counterLines(10), 'level:1|g']);
    const { confirmedLines, resentLines, maybeDuplicatedLines, droppedLines } = transport.stats();
    expect({ confirmedLines, droppedLines }).toEqual({ confirmedLines: 11, droppedLines: {} });
    // The reset may come before the second chunk was written.
    expect([10, 11]).toContain(resentLines);
    expect(maybeDuplicatedLines).toBe(10);
    expect(transport.events).toEqual([
      { kind: 'outage', cause: 'reset' },
      { kind: 'recovered', outageMillis: expect.any(Number) },
    ]);
  });

  test('in the middle of many gets the rest of the segment again', async () => {
    const server = await startTcpServer((socket, index) => {
      server.read(socket);
      if (index === 1) socket.once('data', () => socket.destroy()).resume();
    });
    const transport = startTransport({ destination: tcp(server.port) });
    const lines = longLines(30_000);
    transport.sendLines(lines);
    expect(await transport.flush(20_000)).toBe(true);
    expect([...new Set(server.lines)]).toEqual(lines);
    const { confirmedLines, maybeDuplicatedLines } = transport.stats();
    expect(confirmedLines).toBe(30_000);
    expect(server.lines.length - lines.length).toBeLessThanOrEqual(maybeDuplicatedLines);
  });

  test('right after accepting confirms nothing, and gets everything once it reads', async () => {
    const server = await startTcpServer((socket, index) => {
      if (index < 5) socket.end();
      else server.read(socket);
    });
    const transport = startTransport({ destination: tcp(server.port) });
    transport.sendLines(counterLines(10));
    await transport.until(({ connects }) => connects === 5);
    expect(transport.stats().confirmedLines).toBe(0);
    expect(await transport.flush(10_000)).toBe(true);
    expect(server.lines).toEqual(counterLines(10));
    expect(transport.stats()).toMatchObject({
      confirmedLines: 10,
      resentLines: 0,
      maybeDuplicatedLines: 0,
      droppedLines: {},
    });
  });

  test('with a FIN before ours confirms nothing', async () => {
    const server = await startTcpServer((socket, index) => {
      server.read(socket);
      if (index === 0) socket.once('data', () => socket.end()).resume();
    });
    const transport = startTransport({ destination: tcp(server.port) });
    transport.sendLines(longLines(20_000));
    expect(await transport.flush(20_000)).toBe(true);
    const { confirmedLines, maybeDuplicatedLines, resentLines } = transport.stats();
    expect(confirmedLines).toBe(20_000);
    expect(maybeDuplicatedLines).toBe(resentLines);
    expect(resentLines).toBeGreaterThan(0);
  });

  test('on one line does not hold up others, and the line is dropped after the fourth of them', async () => {
    const server = await startTcpServer((socket) => {
      server.read(socket);
      socket.on('data', (data) => data.includes('bad') && socket.resetAndDestroy());
    });
    const transport = startTransport({ destination: tcp(server.port) });
    transport.sendLines(['bad:1|c']);
    await transport.until(({ connects }) => connects >= 6);
    for (let good = 1; good <= 4; good += 1) {
      expect(transport.stats().droppedLines).toEqual({});
      transport.sendLines([`good:${good}|c`]);
      await transport.until(({ confirmedLines }) => confirmedLines === good);
    }
    expect(await transport.flush(5_000)).toBe(true);
    const { confirmedLines, droppedLines } = transport.stats();
    expect({
      confirmedLines,
      droppedLines,
      lines: server.lines.filter((line) => line !== 'bad:1|c'),
    }).toEqual({
      confirmedLines: 4,
      droppedLines: { poison: 1 },
      lines: ['good:1|c', 'good:2|c', 'good:3|c', 'good:4|c'],
    });
  });
});

describe('a server that does not read', () => {
  test('is disconnected after the stall timeout, and its lines are kept', async () => {
    const server = await startTcpServer((socket, index) => {
      if (index === 0) socket.pause();
      else server.read(socket);
    });
    const transport = startTransport({
      destination: tcp(server.port),
      stallTimeoutMillis: 100,
      confirmTimeoutMillis: 100,
    });
    const lines = longLines(1_000);
    transport.sendLines(lines);
    expect(await transport.flush(10_000)).toBe(true);
    expect(server.lines).toEqual(lines);
    expect(transport.stats()).toMatchObject({ confirmedLines: 1_000, maybeDuplicatedLines: 1_000 });
  });

  test('delays flush() and close() no longer than their deadlines, and what is left is counted', async () => {
    const server = await startTcpServer((socket) => socket.pause());
    const transport = startTransport({ destination: tcp(server.port) });
    // More than the buffers of two kernels.
    transport.sendLines(longLines(80_000));
    expect(await transport.flush(100)).toBe(false);
    await transport.close(100);
    const { state, queuedLines, inFlightLines, confirmedLines, droppedLines } = transport.stats();
    expect({ state, queuedLines, inFlightLines, confirmedLines, droppedLines }).toEqual({
      state: 'closed',
      queuedLines: 0,
      inFlightLines: 0,
      confirmedLines: 0,
      droppedLines: { shutdown: 80_000 },
    });
  });

  test('never reads a line truncated by close()', async () => {
    let resume = (): void => {};
    const server = await startTcpServer((socket) => {
      socket.pause();
      resume = () => {
        server.read(socket);
        socket.resume();
      };
    });
    const transport = startTransport({ destination: tcp(server.port) });
    transport.sendLines(longLines(10_000));
    await transport.until(({ state }) => state === 'confirming' || state === 'ending');
    await transport.close(0);
    resume();
    expect(await server.gotLines(10_000)).toEqual(longLines(10_000));
    expect(server.cutLines).toEqual([]);
  });
});

test('close() waits a moment for a server that reads, so that no line is truncated', async () => {
  let resume = (): void => {};
  const server = await startTcpServer((socket) => {
    socket.pause();
    resume = () => {
      server.read(socket);
      socket.resume();
    };
  });
  const clock = new FakeClock();
  const transport = startTransport({
    destination: tcp(server.port),
    delivery: 'persistent',
    pacing: false,
    clock,
  });
  for (let part = 0; part < 3; part += 1) transport.sendLines(longLines(80_000));
  // Until the buffers are full, and a chunk is taken in part.
  let unchanged = 0;
  let before = 0;
  const { writtenLines } = await transport.until((stats) => {
    clock.advance(1);
    unchanged = stats.writtenLines === before ? unchanged + 1 : 0;
    before = stats.writtenLines;
    return before > 0 && unchanged > 100;
  });
  const closing = transport.close(0);
  clock.advance(0);
  // The deadline has passed, and the transport is about to leave: only now the server reads.
  await transport.until(({ state }) => state === 'closed');
  resume();
  await server.gotEnd(1);
  clock.advance(1_000);
  await closing;
  expect(server.cutLines).toEqual([]);
  // The chunk that was taken in part counts as lost, but is whole.
  expect(server.lines.length - writtenLines).toBeLessThan(700);
});

describe('a closed transport', () => {
  test('rejects lines, counts them and stays closed', async () => {
    const server = await startTcpServer();
    const transport = startTransport({ destination: tcp(server.port) });
    await transport.close(1_000);
    await transport.close(1_000);
    expect(transport.sendLines(['a:1|c'])).toBe(false);
    expect(await transport.flush(1_000)).toBe(true);
    expect(transport.stats()).toMatchObject({
      state: 'closed',
      offeredLines: 1,
      droppedLines: { shutdown: 1 },
    });
    expect(server.connections).toBe(0);
  });
});

test('a full queue rejects the newest lines and counts them', async () => {
  const transport = startTransport({ destination: tcp(await unusedPort()), maxQueueBytes: 100_000 });
  expect(transport.sendLines(longLines(500))).toBe(true);
  expect(transport.sendLines(longLines(600))).toBe(false);
  expect(transport.sendLines(longLines(10))).toBe(true);
  expect(transport.stats()).toMatchObject({
    offeredLines: 1_110,
    queuedLines: 510,
    droppedLines: { queue_full: 600 },
  });
});

test('data from the server is read and discarded', async () => {
  const server = await startTcpServer((socket) => {
    socket.write('who are you?\n'.repeat(100));
    server.read(socket);
  });
  const transport = startTransport({ destination: tcp(server.port) });
  transport.sendLines(counterLines(10));
  expect(await transport.flush(5_000)).toBe(true);
  expect(server.lines).toEqual(counterLines(10));
});
