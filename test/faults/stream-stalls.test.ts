// Servers that stop reading for a while, with and without a timeout. Timeouts are a tenth of the usual or less.
import { describe, expect, test, vi } from 'vitest';
import { needs } from '../support/platform.js';
import { startTransport } from '../support/transports.js';
import {
  checkedDelivery,
  destinationOf,
  numberedLines,
  processed,
  SEGMENT_LINES,
} from './support/delivery.js';
import { startFaultServer } from './support/fault-server.js';

needs('signals');

const FLUSH_MILLIS = 20_000;

const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

test.each(['confirmed', 'persistent'] as const)(
  'a pause shorter than the timeouts loses nothing and repeats nothing (%s)',
  async (delivery) => {
    const server = await startFaultServer({ protocol: 'tcp', fault: { do: 'stall', atLine: 5_000 } });
    const transport = startTransport({
      destination: destinationOf(server, 'tcp'),
      delivery,
      pacing: false,
      stallTimeoutMillis: 10_000,
      confirmTimeoutMillis: 10_000,
    });
    transport.sendLines(numberedLines(60_000));
    await processed(server, 5_000);
    await sleep(1_000);
    server.tell('resume');
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await processed(server, 60_000);
    const { lost, duplicated } = checkedDelivery(server, 60_000, transport.stats());
    const { connects, resentLines, disconnects } = transport.stats();
    expect({ lost, duplicated, resentLines, disconnects }).toEqual({
      lost: 0,
      duplicated: 0,
      resentLines: 0,
      disconnects: {},
    });
    // One for each segment, or one for all.
    expect(connects).toBe(delivery === 'persistent' ? 1 : transport.stats().segments.confirmed);
  },
);

test('a pause longer than the timeouts costs one connection per timeout', async () => {
  const server = await startFaultServer({ protocol: 'tcp', fault: { do: 'stall', atLine: 3_000 } });
  const transport = startTransport({
    destination: destinationOf(server, 'tcp'),
    pacing: false,
    stallTimeoutMillis: 400,
    confirmTimeoutMillis: 400,
  });
  transport.sendLines(numberedLines(8_000));
  // Two of them, because after three in a row a server counts as one that never closes.
  await transport.until(({ disconnects }) => disconnects['confirm_timeout'] === 2);
  const { connects, backoffMillis, segments } = transport.stats();
  expect(connects).toBeLessThanOrEqual(3);
  expect(backoffMillis).toBeGreaterThan(0);
  expect(segments).toEqual({ confirmed: 0, unknown: 2, notSent: 0 });
  server.tell('resume');
  expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
  await processed(server, 8_000);
  const { lost, duplicated } = checkedDelivery(server, 8_000, transport.stats());
  expect(lost).toBe(0);
  // The server may still have read a connection that was aborted.
  expect(duplicated).toBeLessThanOrEqual(transport.stats().resentLines);
  expect(transport.events.map(({ kind }) => kind)).toEqual(['outage', 'recovered']);
});

describe('a stopped server process with a backlog of one', () => {
  test('reads everything when it continues', async () => {
    const server = await startFaultServer({ protocol: 'tcp', backlog: 1 });
    const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
    server.signal('SIGSTOP');
    transport.sendLines(numberedLines(8_000));
    // The kernel accepts the connection and all of the lines on behalf of a process that knows nothing of it.
    await transport.until(({ state }) => state === 'confirming');
    expect(server.lines()).toEqual([]);
    server.signal('SIGCONT');
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    const { lost, duplicated } = checkedDelivery(server, 8_000, transport.stats());
    expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
  });

  test('that is killed has read nothing; its successor gets everything once', async () => {
    const server = await startFaultServer({ protocol: 'tcp', backlog: 1 });
    const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
    server.signal('SIGSTOP');
    transport.sendLines(numberedLines(8_000));
    await transport.until(({ state }) => state === 'confirming');
    await server.kill();
    await server.start();
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    const { lost, duplicated } = checkedDelivery(server, 8_000, transport.stats());
    expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
  });

  test('accepts no connections when the backlog is full: attempts end at the connect timeout', async () => {
    const server = await startFaultServer({ protocol: 'tcp', backlog: 1 });
    server.signal('SIGSTOP');
    const settings = {
      destination: destinationOf(server, 'tcp'),
      connectTimeoutMillis: 300,
    };
    // A backlog of one holds two.
    const crowd = [0, 1].map(() => startTransport(settings));
    for (const one of crowd) {
      one.sendLines(['crowd:1|c']);
      await one.until(({ state }) => state === 'confirming');
    }
    const transport = startTransport(settings);
    transport.sendLines(numberedLines(8_000));
    await transport.until(({ connectFailures }) => connectFailures['ETIMEDOUT'] === 2);
    expect(transport.stats().connects).toBe(0);
    server.signal('SIGCONT');
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await vi.waitUntil(() => server.lines().filter((line) => line === 'crowd:1|c').length === 2);
    const { confirmedLines, resentLines } = transport.stats();
    expect({
      lines: server.lines().filter((line) => line !== 'crowd:1|c').length,
      confirmedLines,
      resentLines,
    }).toEqual({ lines: 8_000, confirmedLines: 8_000, resentLines: 0 });
  });
});

test('a server that stalls and is killed then loses at most what it had read and not processed', async () => {
  const server = await startFaultServer({ protocol: 'tcp', fault: { do: 'stall', atLine: 15_000 } });
  const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
  transport.sendLines(numberedLines(25_000));
  await processed(server, 15_000);
  await sleep(300);
  await server.kill();
  await server.start();
  expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
  const { lost, duplicated } = checkedDelivery(server, 25_000, transport.stats());
  expect(lost).toBeLessThanOrEqual(server.readNotProcessed());
  expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
});
