// Servers that shut down gracefully, and late events of their connections.
import { describe, expect, test } from 'vitest';
import { startTcpServer } from '../support/receivers/stream-server.js';
import { startTransport } from '../support/transports.js';
import {
  checkedDelivery,
  destinationOf,
  numberedLines,
  processed,
  READ_BUFFER_LINES,
  SEGMENT_LINES,
} from './support/delivery.js';
import { startFaultServer } from './support/fault-server.js';

const FLUSH_MILLIS = 20_000;

describe('a server that ends in the middle of a delivery and comes back', () => {
  test('loses nothing with confirmed delivery; at most a segment arrives twice', async () => {
    const server = await startFaultServer({
      protocol: 'tcp',
      bytesPerSecond: 20e6,
      fault: { do: 'end', atLine: 12_000 },
    });
    const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
    transport.sendLines(numberedLines(25_000));
    const flushed = transport.flush(FLUSH_MILLIS);
    await server.gone();
    await server.start();
    expect(await flushed).toBe(true);
    const { lost, duplicated } = checkedDelivery(server, 25_000, transport.stats());
    expect(lost).toBe(0);
    expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
  });

  test('loses nothing with persistent delivery; at most a chunk arrives twice', async () => {
    const server = await startFaultServer({
      protocol: 'tcp',
      // Slow enough that the two kernels are full by then: a reset would take back what has not left ours.
      bytesPerSecond: 20e6,
      fault: { do: 'end', atLine: 2_000 },
    });
    const transport = startTransport({
      destination: destinationOf(server, 'tcp'),
      delivery: 'persistent',
      pacing: false,
    });
    transport.sendLines(numberedLines(100_000));
    const flushed = transport.flush(FLUSH_MILLIS);
    await server.gone();
    await server.start();
    expect(await flushed).toBe(true);
    await processed(server, 100_000);
    const { lost, duplicated } = checkedDelivery(server, 100_000, transport.stats());
    expect(lost).toBe(0);
    expect(duplicated).toBeLessThanOrEqual(READ_BUFFER_LINES);
  });
});

describe('a write that was pending when the connection broke', () => {
  test.each(['confirmed', 'persistent'] as const)('does not count as sent (%s)', async (delivery) => {
    const server = await startTcpServer((socket) => socket.pause());
    const transport = startTransport({
      destination: { protocol: 'tcp', host: '127.0.0.1', port: server.port },
      delivery,
      pacing: false,
      // Not again before the server has been looked at.
      random: () => 1,
    });
    const lines = numberedLines(120_000);
    transport.sendLines(lines);
    // Two kernels take some four megabytes, a connection of confirmed delivery carries one.
    const { writtenLines: before } = await transport.until(({ state, writtenLines, inFlightLines }) =>
      delivery === 'confirmed' ? state === 'confirming' : writtenLines > 20_000 && inFlightLines > 0,
    );
    await server.stop();
    const { writtenLines, confirmedLines, inFlightLines, queuedLines } = await transport.until(
      ({ state }) => state === 'backing-off',
    );
    // Chunks that the kernel took before count as written; the one that it did not is kept.
    expect(writtenLines).toBeGreaterThanOrEqual(before);
    expect({ confirmedLines, inFlightLines, keptLines: queuedLines }).toEqual({
      confirmedLines: 0,
      inFlightLines: 0,
      keptLines: 120_000 - writtenLines,
    });
    if (delivery === 'confirmed') expect(writtenLines).toBe(0);

    server.onConnection = (socket) => server.read(socket);
    await server.restart();
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await server.gotLines(queuedLines);
    expect(server.lines).toEqual(lines.slice(-queuedLines));
  });
});

describe('late events of a connection that is over', () => {
  test('end, reset and close in quick succession count as one failure and lead to one new connection', async () => {
    const server = await startTcpServer((socket, index) => {
      if (index > 0) return server.read(socket);
      socket.once('data', () => {
        socket.end();
        setTimeout(() => socket.resetAndDestroy(), 5);
        setTimeout(() => socket.destroy(), 10);
      });
      socket.resume();
    });
    const transport = startTransport({
      destination: { protocol: 'tcp', host: '127.0.0.1', port: server.port },
    });
    const lines = numberedLines(1_000);
    transport.sendLines(lines);
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    // Time for what is late.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { connects, confirmedLines, segments } = transport.stats();
    expect({ lines: server.lines, connects, confirmedLines, segments }).toEqual({
      lines,
      connects: 2,
      confirmedLines: 1_000,
      segments: { confirmed: 1, unknown: 1, notSent: 0 },
    });
    expect(transport.events.map(({ kind }) => kind)).toEqual(['outage', 'recovered']);
  });
});
