import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../src/transport/endpoint/destination.js';
import { payloadsOf } from '../../../src/transport/packing/chunk.js';
import { FakeClock } from '../../support/fake-clock.js';
import { chunksOf, counterLines, longLines } from '../../support/lines.js';
import { needs, skipWithout } from '../../support/platform.js';
import { startUnixServer, temporarySocketPath } from '../../support/receivers/stream-server.js';
import { startTransport } from '../../support/transports.js';

needs('socket files');

const unix = (path: string): Destination => ({ protocol: 'unix', path });

describe('a socket file', () => {
  test('that does not exist yet is connected to once it does', async () => {
    const path = temporarySocketPath();
    const transport = startTransport({ destination: unix(path) });
    transport.sendLines(counterLines(10));
    await transport.until(({ connectFailures }) => (connectFailures['ENOENT'] ?? 0) >= 2);
    const server = await startUnixServer(undefined, path);
    expect(await transport.flush(5_000)).toBe(true);
    expect({ lines: server.lines, maybeDuplicatedLines: transport.stats().maybeDuplicatedLines }).toEqual({
      lines: counterLines(10),
      maybeDuplicatedLines: 0,
    });
  });

  test('that is not a socket, or has no listener, refuses connections', async () => {
    const path = temporarySocketPath();
    writeFileSync(path, '');
    const transport = startTransport({ destination: unix(path) });
    transport.sendLines(counterLines(10));
    await transport.until(({ connectFailures }) => (connectFailures['ECONNREFUSED'] ?? 0) >= 1);
    rmSync(path);
    const server = await startUnixServer(undefined, path);
    expect(await transport.flush(5_000)).toBe(true);
    expect([server.lines, transport.events[0]]).toEqual([
      counterLines(10),
      { kind: 'outage', cause: 'ECONNREFUSED' },
    ]);
  });

  test('that was replaced gets the next lines, although the old server is alive', async () => {
    const old = await startUnixServer();
    const transport = startTransport({ destination: unix(old.path) });
    transport.sendLines(['a:1|c']);
    await transport.flush(5_000);
    rmSync(old.path);
    const server = await startUnixServer(undefined, old.path);
    transport.sendLines(['b:1|c']);
    await transport.flush(5_000);
    expect([old.lines, server.lines]).toEqual([['a:1|c'], ['b:1|c']]);
  });

  test('is tried at least once a second while no process listens on it', async () => {
    const clock = new FakeClock();
    const transport = startTransport({ destination: unix(temporarySocketPath()), clock, random: () => 1 });
    transport.sendLines(['a:1|c']);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await transport.until(({ connectFailures }) => connectFailures['ENOENT'] === attempt);
      waits.push(...clock.pendingMillis);
      clock.advance(clock.pendingMillis[0] ?? 0);
    }
    expect(waits).toEqual([200, 400, 800, 1_000, 1_000]);
  });
});

test('a server that closes without reading confirms nothing', async () => {
  skipWithout('resets of unix sockets');
  let close = (): void => {};
  const server = await startUnixServer((socket, index) => {
    if (index > 0) return server.read(socket);
    socket.pause();
    close = () => socket.destroy();
  });
  const transport = startTransport({ destination: unix(server.path) });
  transport.sendLines(longLines(1_000));
  await transport.until(({ state }) => state === 'confirming');
  close();
  expect(await transport.flush(10_000)).toBe(true);
  const { confirmedLines, disconnects } = transport.stats();
  expect({ lines: server.lines, confirmedLines, disconnects }).toEqual({
    lines: longLines(1_000),
    confirmedLines: 1_000,
    disconnects: { reset: 1 },
  });
});

test('a stalled server is disconnected without a reset, which unix sockets do not have', async () => {
  const server = await startUnixServer((socket, index) => {
    if (index === 0) socket.pause();
    else server.read(socket);
  });
  const transport = startTransport({ destination: unix(server.path), stallTimeoutMillis: 50 });
  const lines = longLines(10_000);
  transport.sendLines(lines);
  expect(await transport.flush(10_000)).toBe(true);
  expect({ lines: server.lines, disconnects: transport.stats().disconnects }).toEqual({
    lines,
    disconnects: { stall: 1 },
  });
});

test('length-prefixed payloads arrive whole, whatever their size', async () => {
  const payloads: string[] = [];
  const server = await startUnixServer((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('data', (more: Buffer) => {
      bytes = Buffer.concat([bytes, more]);
    });
    socket.on('end', () => {
      for (let at = 0; at < bytes.length; ) {
        const end = at + 4 + bytes.readUInt32LE(at);
        payloads.push(bytes.toString('utf8', at + 4, end));
        at = end;
      }
    });
    socket.resume();
  });
  const transport = startTransport({ destination: unix(server.path), framing: 'length-prefixed' });
  const packing = { maxPayloadBytes: 8_192 };
  transport.sendLines(longLines(5_000), packing);
  expect(await transport.flush(10_000)).toBe(true);
  const sent = chunksOf(longLines(5_000), packing).flatMap((chunk) =>
    payloadsOf(chunk).map(({ bytes }) => bytes.toString()),
  );
  expect(payloads).toEqual(sent);
});
