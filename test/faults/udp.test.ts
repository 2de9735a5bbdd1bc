// UDP receivers that are away or come back, and datagrams that cannot be sent. At once there is never more than a
// default receive buffer holds, so that a busy machine loses nothing. A receiver that pauses: long/volume.test.ts.
import { describe, expect, test, vi } from 'vitest';
import { chunksOf } from '../support/lines.js';
import { startTransport } from '../support/transports.js';
import { deliveryOf, destinationOf, numberedLines, processed } from './support/delivery.js';
import { startFaultServer } from './support/fault-server.js';

const FLUSH_MILLIS = 20_000;

const PACKING = { maxPayloadBytes: 1_432 };

/** Of 97 bytes. */
const LINES_OF_A_DATAGRAM = Math.floor(1_432 / 97);

describe('a receiver that stops and starts again', () => {
  test('costs the refused datagrams of a burst; the others are kept', async () => {
    const server = await startFaultServer({ protocol: 'udp' });
    const transport = startTransport({ destination: destinationOf(server, 'udp') });
    transport.sendLines(numberedLines(500), PACKING);
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await processed(server, 500);

    await server.kill();
    transport.sendLines(numberedLines(1_000, { first: 500 }), PACKING);
    await transport.until(({ udpRefused }) => udpRefused >= 2);
    await server.start();
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await vi.waitUntil(() => server.lines().at(-1) === 'line1499:1|c');

    const { udpRefused, writtenLines, droppedLines } = transport.stats();
    const { lost, duplicated, inOrder } = deliveryOf(server, 1_500);
    expect({ duplicated, inOrder, writtenLines, droppedLines }).toEqual({
      duplicated: 0,
      inOrder: true,
      writtenLines: 1_500,
      droppedLines: {},
    });
    // Each refusal is the end of a datagram, or of one that was sent again and not lost.
    expect(lost).toBeLessThanOrEqual(udpRefused * LINES_OF_A_DATAGRAM);
    expect(lost).toBeGreaterThan(0);
    expect(transport.events.map(({ kind }) => kind)).toEqual(['outage', 'recovered']);
  });

  test('costs at most what was sent meanwhile, when one line is sent at a time', async () => {
    const server = await startFaultServer({ protocol: 'udp' });
    const transport = startTransport({ destination: destinationOf(server, 'udp') });
    let sent = 0;
    const sendUntil = async (isEnough: () => boolean): Promise<void> => {
      do {
        transport.sendLines(numberedLines(1, { first: sent }), PACKING);
        sent += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      } while (!isEnough());
    };
    await sendUntil(() => sent >= 20);
    await processed(server, 20);
    await server.kill();
    const leftAt = sent;
    await sendUntil(() => transport.stats().udpRefused >= 2);
    await server.start();
    const backAt = sent;
    await sendUntil(() => sent >= backAt + 50);
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await vi.waitUntil(() => server.lines().at(-1) === `line${sent - 1}:1|c`);
    const names = new Set(server.lines());
    const missing = numberedLines(sent)
      .map((line, index) => ({ text: line.slice(0, line.indexOf('|#')), index }))
      .filter(({ text }) => !names.has(text));
    expect(missing.filter(({ index }) => index < leftAt || index >= backAt)).toEqual([]);
    expect(missing.length).toBeLessThanOrEqual(transport.stats().udpRefused);
    expect(deliveryOf(server, sent)).toEqual({ lost: missing.length, duplicated: 0, inOrder: true });
  });
});

describe('a datagram that cannot be sent', () => {
  test('is dropped and counted when it is too large for the network; the others arrive', async () => {
    const server = await startFaultServer({ protocol: 'udp' });
    const transport = startTransport({ destination: destinationOf(server, 'udp') });
    transport.sendLines(numberedLines(10), PACKING);
    // A datagram over IPv4 carries 65,507 bytes.
    const [large] = chunksOf([`large:1|c|#${'x'.repeat(65_500)}`], { maxPayloadBytes: 65_536 });
    transport.send(large!);
    transport.sendLines(numberedLines(10, { first: 10 }), PACKING);
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await processed(server, 20);
    expect(deliveryOf(server, 20)).toEqual({ lost: 0, duplicated: 0, inOrder: true });
    const { writtenLines, droppedLines, udpTooLarge } = transport.stats();
    expect({ writtenLines, droppedLines, udpTooLarge }).toEqual({
      writtenLines: 20,
      droppedLines: { too_large: 1 },
      udpTooLarge: 1,
    });
  });
});
