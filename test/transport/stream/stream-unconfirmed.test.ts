// Confirmed delivery at servers that do not confirm: what is sent again, what is dropped, and when.
import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../src/transport/endpoint/destination.js';
import { FakeClock } from '../../support/fake-clock.js';
import { counterLines, longLines } from '../../support/lines.js';
import { type StreamServer, startTcpServer, unusedPort } from '../../support/receivers/stream-server.js';
import { startTransport, type TestedTransport } from '../../support/transports.js';

const tcp = (port: number): Destination => ({ protocol: 'tcp', host: '127.0.0.1', port });

/** Reads everything, but never closes. */
function neverClosing(server: StreamServer): void {
  server.onConnection = (socket) => {
    socket.allowHalfOpen = true;
    server.read(socket);
  };
}

/** Lets time pass until the stats are so. */
function passTime(
  clock: FakeClock,
  transport: TestedTransport,
  isSo: Parameters<TestedTransport['until']>[0],
  stepMillis = 1,
): ReturnType<TestedTransport['until']> {
  return transport.until((stats) => {
    clock.advance(stepMillis);
    return isSo(stats);
  });
}

describe('a server that never closes', () => {
  test('is waited for three times, then lines count as written and are not sent again', async () => {
    const server = await startTcpServer();
    neverClosing(server);
    const clock = new FakeClock();
    const transport = startTransport({ destination: tcp(server.port), clock });
    transport.sendLines(counterLines(10));
    for (const attempt of [1, 2, 3]) {
      await passTime(clock, transport, ({ state }) => state === 'confirming');
      await server.gotLines(10 * attempt);
      clock.advance(60_000);
    }
    const { writtenLines, confirmedLines, resentLines, maybeDuplicatedLines, segments, disconnects } =
      transport.stats();
    expect({
      writtenLines,
      confirmedLines,
      resentLines,
      maybeDuplicatedLines,
      segments,
      disconnects,
    }).toEqual({
      writtenLines: 10,
      confirmedLines: 0,
      resentLines: 20,
      maybeDuplicatedLines: 20,
      segments: { confirmed: 0, unknown: 3, notSent: 0 },
      disconnects: { confirm_timeout: 3 },
    });
    expect(transport.events).toEqual([{ kind: 'outage', cause: 'confirm_timeout' }, { kind: 'downgraded' }]);

    // From here on connections live on.
    for (const round of [1, 2, 3]) {
      transport.sendLines([`later${round}:1|c`]);
      await passTime(clock, transport, ({ state }) => state === 'open');
    }
    await server.gotLines(33);
    expect([server.lines.slice(30), server.connections, transport.stats().writtenLines]).toEqual([
      ['later1:1|c', 'later2:1|c', 'later3:1|c'],
      4,
      13,
    ]);
  });

  test('gets confirmed delivery again once it closes', async () => {
    const server = await startTcpServer();
    neverClosing(server);
    const clock = new FakeClock();
    const transport = startTransport({ destination: tcp(server.port), clock });
    transport.sendLines(['a:1|c']);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await passTime(clock, transport, ({ state }) => state === 'confirming');
      clock.advance(60_000);
    }
    server.onConnection = (socket) => server.read(socket);
    transport.sendLines(['b:1|c']);
    await passTime(clock, transport, ({ state }) => state === 'open');
    // The idle connection is ended, and the server closes.
    clock.advance(30_000);
    await passTime(clock, transport, ({ state }) => state === 'idle');
    transport.sendLines(['c:1|c']);
    const { writtenLines, confirmedLines } = await passTime(
      clock,
      transport,
      ({ confirmedLines: lines }) => lines > 0,
    );
    expect({ writtenLines, confirmedLines }).toEqual({ writtenLines: 2, confirmedLines: 1 });
    expect(transport.events.map(({ kind }) => kind)).toEqual(['outage', 'downgraded', 'recovered']);
  });
});

describe('lines that break every connection', () => {
  /** Resets the connection when it reads such a line. */
  function breakOn(server: StreamServer, isBad: (text: string) => boolean): void {
    server.onConnection = (socket) => {
      socket.setEncoding('utf8');
      let text = '';
      socket.on('data', (more: string) => {
        text += more;
        if (isBad(text)) socket.resetAndDestroy();
      });
      socket.on('end', () => server.lines.push(...text.trimEnd().split('\n')));
      socket.resume();
    };
  }

  test('are isolated and dropped with few others; all the rest is delivered in order', async () => {
    const server = await startTcpServer();
    breakOn(server, (text) => text.includes('bad'));
    const transport = startTransport({ destination: tcp(server.port), pacing: false });
    const lines = longLines(4_000);
    lines[1_234] = `bad:1|c|#${'x'.repeat(80)}`;
    transport.sendLines(lines);
    const { droppedLines, confirmedLines } = await transport.until(
      ({ confirmedLines: confirmed, droppedLines: dropped }) => confirmed + (dropped.poison ?? 0) === 4_000,
    );
    const poison = droppedLines.poison ?? 0;
    // One payload of some 4 KiB.
    expect({ droppedLines, confirmedLines }).toEqual({
      droppedLines: { poison },
      confirmedLines: 4_000 - poison,
    });
    expect(poison).toBeLessThanOrEqual(42);
    const got = new Set(server.lines);
    const missing = lines.filter((line) => !got.has(line));
    expect(missing.length).toBe(poison);
    const at = lines.indexOf(missing[0]!);
    expect(missing).toEqual(lines.slice(at, at + poison));
    expect(server.lines.filter((line) => !line.startsWith('bad'))).toEqual(
      lines.filter((line) => got.has(line)),
    );
    // A chunk that is searched is no outage; what broke before was one, and so was what broke with lines that came after.
    const outages = transport.events.filter(({ kind }) => kind === 'outage').length;
    expect([1, 2]).toContain(outages);
    expect(transport.events).toEqual([
      ...Array.from({ length: outages }, () => [
        { kind: 'outage', cause: 'reset' },
        { kind: 'recovered', outageMillis: expect.any(Number) },
      ]).flat(),
      { kind: 'lines-dropped', reason: 'poison', lines: poison },
    ]);
  });

  test('are not searched for while nothing is delivered, as by a proxy that has lost its server', async () => {
    const server = await startTcpServer((socket) =>
      socket.once('data', () => socket.resetAndDestroy()).resume(),
    );
    const transport = startTransport({ destination: tcp(server.port), pacing: false });
    const lines = longLines(200);
    transport.sendLines(lines);
    await transport.until(({ connects }) => connects >= 20);
    server.onConnection = (socket) => server.read(socket);
    expect(await transport.flush(10_000)).toBe(true);
    const { confirmedLines, droppedLines } = transport.stats();
    expect({ lines: new Set(server.lines), confirmedLines, droppedLines }).toEqual({
      lines: new Set(lines),
      confirmedLines: 200,
      droppedLines: {},
    });
  });

  test('are not searched for among lines that were never read', async () => {
    const server = await startTcpServer((socket) => socket.destroy());
    const transport = startTransport({ destination: tcp(server.port) });
    transport.sendLines(counterLines(10));
    await transport.until(({ connects }) => connects >= 8);
    server.onConnection = (socket) => server.read(socket);
    expect(await transport.flush(5_000)).toBe(true);
    const { droppedLines, maybeDuplicatedLines } = transport.stats();
    expect({ lines: server.lines, droppedLines, maybeDuplicatedLines }).toEqual({
      lines: counterLines(10),
      droppedLines: {},
      maybeDuplicatedLines: 0,
    });
  });
});

test('`onUnconfirmed: drop` drops additive lines that may have been read; gauges are sent again', async () => {
  const server = await startTcpServer((socket, index) => {
    if (index > 0) return server.read(socket);
    socket.once('data', () => socket.resetAndDestroy()).resume();
  });
  const transport = startTransport({ destination: tcp(server.port), onUnconfirmed: 'drop' });
  transport.sendLines(['level:1|g'], { kind: 'idempotent' });
  transport.sendLines(counterLines(10));
  expect(await transport.flush(5_000)).toBe(true);
  const { confirmedLines, droppedLines, maybeDuplicatedLines } = transport.stats();
  // The counters may not have been written yet when the reset came.
  const dropped = droppedLines.unknown ?? 0;
  expect({ confirmedLines, maybeDuplicatedLines, lines: server.lines }).toEqual({
    confirmedLines: 11 - dropped,
    maybeDuplicatedLines: 0,
    lines: ['level:1|g', ...(dropped === 0 ? counterLines(10) : [])],
  });
  expect([0, 10]).toContain(dropped);
});

test('a connection that breaks makes the next segment a quarter as large, and each success four times', async () => {
  const chunks: number[] = [];
  const server = await startTcpServer((socket, index) => {
    // Of 64 KiB, full ones.
    socket.once('data', () => {
      chunks[index] = Math.ceil(transport.stats().inFlightLines / linesPerChunk);
    });
    if (index < 3) socket.once('data', () => socket.resetAndDestroy()).resume();
    else server.read(socket);
  });
  const lines = longLines(40_000);
  const linesPerChunk = Math.floor(65_536 / (lines[0]!.length + 1));
  const transport = startTransport({ destination: tcp(server.port), pacing: false });
  transport.sendLines(lines);
  expect(await transport.flush(20_000)).toBe(true);
  expect(chunks.slice(0, 7)).toEqual([16, 4, 1, 1, 1, 4, 16]);
  expect(transport.stats()).toMatchObject({ confirmedLines: 40_000, droppedLines: {} });
});

describe('a server that sends data', () => {
  test.each([
    [65_536, {}],
    [65_537, { junk: 1 }],
  ])('%i bytes of it end in the disconnects %j', async (bytes, expected) => {
    const server = await startTcpServer((socket, index) => {
      // Read after the data has gone out.
      if (index === 0) socket.write(Buffer.alloc(bytes, 'junk\n'), () => server.read(socket));
      else server.read(socket);
    });
    const transport = startTransport({ destination: tcp(server.port) });
    transport.sendLines(counterLines(10));
    expect(await transport.flush(10_000)).toBe(true);
    const { confirmedLines, connectFailures, disconnects } = transport.stats();
    expect({ confirmedLines, ...connectFailures, ...disconnects }).toEqual({
      confirmedLines: 10,
      ...expected,
    });
  });

  test('is disconnected after 64 KiB', async () => {
    const server = await startTcpServer((socket, index) => {
      if (index === 0) socket.write(Buffer.alloc(1_048_576, 'junk\n'));
      else server.read(socket);
    });
    const transport = startTransport({ destination: tcp(server.port) });
    transport.sendLines(counterLines(10));
    expect(await transport.flush(10_000)).toBe(true);
    const { confirmedLines, connectFailures, disconnects } = transport.stats();
    expect({ lines: server.lines, confirmedLines }).toEqual({ lines: counterLines(10), confirmedLines: 10 });
    expect({ ...connectFailures, ...disconnects }).toEqual({ junk: 1 });
  });
});

test('attempts to connect wait for their back-off, and the time is counted', async () => {
  const clock = new FakeClock();
  const transport = startTransport({ destination: tcp(await unusedPort()), clock, random: () => 1 });
  transport.sendLines(['a:1|c']);
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    await transport.until(({ connectFailures }) => connectFailures['ECONNREFUSED'] === attempt);
    waits.push(...clock.pendingMillis);
    clock.advance(clock.pendingMillis[0] ?? 0);
  }
  expect(waits).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  expect(transport.stats().backoffMillis).toBe(32_600);
});

test('a waiting flush causes an attempt at once, then every quarter of a second', async () => {
  const clock = new FakeClock();
  const transport = startTransport({ destination: tcp(await unusedPort()), clock, random: () => 1 });
  transport.sendLines(['a:1|c']);
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    await transport.until(({ connectFailures }) => connectFailures['ECONNREFUSED'] === attempt);
    clock.advance(clock.pendingMillis[0] ?? 0);
  }
  await transport.until(({ connectFailures }) => connectFailures['ECONNREFUSED'] === 5);
  const flush = transport.flush(10_000);
  const waits: number[][] = [];
  for (let attempt = 6; attempt <= 8; attempt += 1) {
    await transport.until(({ connectFailures }) => connectFailures['ECONNREFUSED'] === attempt);
    waits.push(clock.pendingMillis);
    clock.advance(250);
  }
  expect(waits).toEqual([
    [250, 10_000],
    [250, 9_750],
    [250, 9_500],
  ]);
  clock.advance(10_000);
  expect(await flush).toBe(false);
});
