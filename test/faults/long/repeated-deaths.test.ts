// Servers killed, reset and ended again and again at random moments: twenty of each.
import { describe, expect, test } from 'vitest';
import { startTransport } from '../../support/transports.js';
import {
  checkedDelivery,
  type Delivery,
  destinationOf,
  numberedLines,
  READ_BUFFER_LINES,
  SEGMENT_LINES,
} from '../support/delivery.js';
import { type Fault, startFaultServer } from '../support/fault-server.js';
import { seededRandom } from '../support/seeded-random.js';

const RUNS = 20;
const SENT = 200_000;
const FLUSH_MILLIS = 120_000;

const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

/** Sends a burst, lets the server die after a while, and starts it again after another. */
async function burstInto(
  protocol: 'tcp' | 'unix',
  { faultMillis, awayMillis }: { faultMillis: number; awayMillis: number },
): Promise<Delivery> {
  const server = await startFaultServer({ protocol, bytesPerSecond: 20e6 });
  const transport = startTransport({
    destination: destinationOf(server, protocol),
    pacing: false,
    random: Math.random,
  });
  transport.sendLines(numberedLines(SENT));
  const flushed = transport.flush(FLUSH_MILLIS);
  await sleep(faultMillis);
  await server.kill();
  await sleep(awayMillis);
  await server.start();
  expect(await flushed).toBe(true);
  const delivery = checkedDelivery(server, SENT, transport.stats());
  expect(transport.stats().confirmedLines).toBe(SENT);
  await transport.close(0);
  await server.kill();
  return delivery;
}

describe.each([
  ['tcp', 200],
  ['tcp', 5_000],
  ['unix', 200],
] as const)('kill -9 of a %s server that is back after %i ms', (protocol, awayMillis) => {
  test(`loses at most a read buffer, and nothing in half of ${RUNS} runs`, async () => {
    const random = seededRandom(2);
    const deliveries: Delivery[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      deliveries.push(await burstInto(protocol, { faultMillis: 100 + random() * 900, awayMillis }));
    }
    console.log(
      protocol,
      awayMillis,
      JSON.stringify(deliveries.map(({ lost, duplicated }) => [lost, duplicated])),
    );
    expect(Math.max(...deliveries.map(({ lost }) => lost))).toBeLessThanOrEqual(READ_BUFFER_LINES);
    expect(Math.max(...deliveries.map(({ duplicated }) => duplicated))).toBeLessThanOrEqual(SEGMENT_LINES);
    expect(deliveries.filter(({ lost }) => lost === 0).length).toBeGreaterThanOrEqual(RUNS / 2);
  });
});

test.each(['destroy', 'reset'] satisfies Fault[])(
  `a server that closes by %s at random lines loses nothing in ${RUNS} runs`,
  async (fault) => {
    const random = seededRandom(3);
    for (let run = 0; run < RUNS; run += 1) {
      const atLine = 1 + Math.floor(random() * 25_000);
      const server = await startFaultServer({
        protocol: 'tcp',
        bytesPerSecond: 20e6,
        fault: { do: fault, atLine },
      });
      const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
      transport.sendLines(numberedLines(25_000));
      expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
      const { lost, duplicated } = checkedDelivery(server, 25_000, transport.stats());
      expect({ atLine, lost }).toEqual({ atLine, lost: 0 });
      expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
      await server.kill();
    }
  },
);

test(`a server that ends and comes back at random lines loses nothing in ${RUNS} runs`, async () => {
  const random = seededRandom(4);
  for (let run = 0; run < RUNS; run += 1) {
    const atLine = 1 + Math.floor(random() * 25_000);
    const server = await startFaultServer({
      protocol: 'tcp',
      bytesPerSecond: 20e6,
      fault: { do: 'end', atLine },
    });
    const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
    transport.sendLines(numberedLines(25_000));
    const flushed = transport.flush(FLUSH_MILLIS);
    await server.gone();
    await server.start();
    expect(await flushed).toBe(true);
    const { lost, duplicated } = checkedDelivery(server, 25_000, transport.stats());
    expect({ atLine, lost }).toEqual({ atLine, lost: 0 });
    expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
    await server.kill();
  }
});
