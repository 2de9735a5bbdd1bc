// A million lines at once, and a hundred thousand at a receiver that pauses.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { chunksOf } from '../../support/lines.js';
import { startTransport } from '../../support/transports.js';
import { checkedDelivery, deliveryOf, destinationOf, numberedLines, processed } from '../support/delivery.js';
import { startFaultServer } from '../support/fault-server.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('a million lines arrive once and in order, and take little more memory than their own bytes', async () => {
  const server = await startFaultServer({ protocol: 'tcp' });
  const transport = startTransport({
    destination: destinationOf(server, 'tcp'),
    maxQueueBytes: 128 * 2 ** 20,
    pacing: false,
  });
  const before = usedBytes();
  // In parts, so that what is measured is the queue and not what was put into it.
  for (let first = 0; first < 1_000_000; first += 50_000) {
    for (const chunk of chunksOf(numberedLines(50_000, { first }))) expect(transport.send(chunk)).toBe(true);
  }
  const { queuedBytes, inFlightLines } = transport.stats();
  expect((usedBytes() - before) / (queuedBytes + inFlightLines * 97)).toBeLessThanOrEqual(1.1);

  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  expect(await transport.flush(120_000)).toBe(true);
  delays.disable();
  console.log(`event loop delay, 99th percentile: ${(delays.percentile(99) / 1e6).toFixed(1)} ms`);
  expect(delays.percentile(99) / 1e6).toBeLessThan(20);
  const { lost, duplicated } = checkedDelivery(server, 1_000_000, transport.stats());
  expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
});

test.each([
  ['two datagrams per millisecond lose nothing', { datagramsPerSecond: 2_000 }],
  ['unpaced datagrams lose more than a tenth', false],
] as const)('100,000 lines at a receiver that pauses for 20 ms every 200 ms: %s', async (_what, pacing) => {
  const server = await startFaultServer({ protocol: 'udp', pauseMillis: 20 });
  const transport = startTransport({ destination: destinationOf(server, 'udp'), pacing });
  transport.sendLines(numberedLines(100_000), { maxPayloadBytes: 1_432 });
  await transport.until(({ writtenLines }) => writtenLines === 100_000);
  if (pacing === false) {
    // What it has not got within a second, it will not get.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(deliveryOf(server, 100_000).lost).toBeGreaterThan(10_000);
  } else {
    await processed(server, 100_000);
    expect(deliveryOf(server, 100_000)).toEqual({ lost: 0, duplicated: 0, inOrder: true });
  }
});
