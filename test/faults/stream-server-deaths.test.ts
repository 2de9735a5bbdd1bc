// Servers that die, reset or end connections while lines are on their way, and come back.
import { describe, expect, test } from 'vitest';
import { startTransport } from '../support/transports.js';
import {
  checkedDelivery,
  deliveryOf,
  destinationOf,
  numberedLines,
  SEGMENT_LINES,
} from './support/delivery.js';
import { type Fault, startFaultServer } from './support/fault-server.js';

const FLUSH_MILLIS = 20_000;

test('killing the server with 200,000 lines in flight loses at most what it had read and not processed', async () => {
  const server = await startFaultServer({
    protocol: 'tcp',
    bytesPerSecond: 20e6,
    fault: { do: 'kill', atLine: 100_000 },
  });
  const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
  transport.sendLines(numberedLines(200_000));
  const flushed = transport.flush(FLUSH_MILLIS);
  await server.gone();
  await server.start();
  expect(await flushed).toBe(true);

  const { lost, duplicated } = checkedDelivery(server, 200_000, transport.stats());
  expect(lost).toBeLessThanOrEqual(server.readNotProcessed());
  expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
  const { confirmedLines, writtenLines, droppedLines } = transport.stats();
  expect({ confirmedLines, writtenLines, droppedLines }).toEqual({
    confirmedLines: 200_000,
    writtenLines: 0,
    droppedLines: {},
  });
});

test('a server that is killed eight times, each time with the same lines in flight, loses none of them as poison', async () => {
  const server = await startFaultServer({ protocol: 'tcp', neverRead: true });
  const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
  transport.sendLines(numberedLines(100));
  const kills = 8;
  for (let kill = 1; kill <= kills; kill += 1) {
    await transport.until(({ state }) => state === 'confirming');
    await server.kill();
    await server.start({ neverRead: kill < kills });
  }
  expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
  const { confirmedLines, droppedLines, disconnects } = transport.stats();
  expect({ confirmedLines, droppedLines, disconnects, ...deliveryOf(server, 100) }).toEqual({
    confirmedLines: 100,
    droppedLines: {},
    disconnects: { reset: kills },
    lost: 0,
    duplicated: 0,
    inOrder: expect.any(Boolean),
  });
}, 60_000);

/** Where in a delivery of 25,000 lines, three segments, the fault happens. */
const places = [
  ['at the first line', { atLine: 1 }],
  ['in the middle of a segment', { atLine: 12_000 }],
  ['at the last line of a segment', { atLine: SEGMENT_LINES }],
  ['at the last line of all', { atLine: 25_000 }],
  ["at the client's FIN", { atEnd: true }],
] as const;

describe.each(['destroy', 'reset'] satisfies Fault[])('a server that closes connections by %s', (fault) => {
  test.each(places)('%s loses nothing', async (_where, place) => {
    const server = await startFaultServer({
      protocol: 'tcp',
      bytesPerSecond: 20e6,
      fault: { do: fault, ...place },
    });
    const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
    transport.sendLines(numberedLines(25_000));
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    const { lost, duplicated } = checkedDelivery(server, 25_000, transport.stats());
    expect(lost).toBe(0);
    expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
  });
});
