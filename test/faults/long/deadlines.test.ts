// Pauses, deadlines and back-off in their real size.
import type { LookupFunction } from 'node:net';
import { expect, test } from 'vitest';
import { StatsdExporter } from '../../../src/exporter/statsd-exporter.js';
import { needs } from '../../support/platform.js';
import { startTransport } from '../../support/transports.js';
import { numberedCounters } from '../support/counters.js';
import { checkedDelivery, destinationOf, numberedLines, processed } from '../support/delivery.js';
import { startFaultServer } from '../support/fault-server.js';
import { balancedStats } from '../support/outage.js';

needs('signals');

const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

test.each([10, 29])('a pause of %i s loses nothing and repeats nothing', async (seconds) => {
  const server = await startFaultServer({ protocol: 'tcp', fault: { do: 'stall', atLine: 5_000 } });
  const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
  transport.sendLines(numberedLines(60_000));
  await processed(server, 5_000);
  await sleep(seconds * 1_000);
  server.tell('resume');
  expect(await transport.flush(60_000)).toBe(true);
  const { lost, duplicated } = checkedDelivery(server, 60_000, transport.stats());
  expect({ lost, duplicated, resent: transport.stats().resentLines }).toEqual({
    lost: 0,
    duplicated: 0,
    resent: 0,
  });
});

test('a pause of 110 s costs one connection, and nothing is lost', async () => {
  const server = await startFaultServer({ protocol: 'tcp', fault: { do: 'stall', atLine: 5_000 } });
  const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
  transport.sendLines(numberedLines(8_000));
  await processed(server, 5_000);
  await sleep(110_000);
  const { connects, segments, disconnects } = transport.stats();
  expect({ connects, segments, disconnects }).toEqual({
    connects: 2,
    segments: { confirmed: 0, unknown: 1, notSent: 0 },
    disconnects: { confirm_timeout: 1 },
  });
  server.tell('resume');
  expect(await transport.flush(60_000)).toBe(true);
  await processed(server, 8_000);
  const { lost, duplicated } = checkedDelivery(server, 8_000, transport.stats());
  expect(lost).toBe(0);
  expect(duplicated).toBeLessThanOrEqual(8_000);
});

test('a server that closes fifty connections right after accepting is connected to less and less often', async () => {
  const server = await startFaultServer({ protocol: 'tcp', closeFirst: 50 });
  const transport = startTransport({
    destination: destinationOf(server, 'tcp'),
    // From the seventh failure on, pauses of a tenth of ten seconds.
    random: () => 0.1,
  });
  transport.sendLines(numberedLines(2_000));
  for (;;) {
    const { confirmedLines } = transport.stats();
    if (confirmedLines === 2_000) break;
    await sleep(100);
  }
  const { connects, backoffMillis } = transport.stats();
  expect(connects).toBe(51);
  expect(backoffMillis).toBeGreaterThanOrEqual(3 * 100 + 160 + 320 + 640 + 44 * 1_000);
  const { lost, duplicated } = checkedDelivery(server, 2_000, transport.stats());
  expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
});

test('over udp, a name that moves while its server lives on is followed within 30 s', async () => {
  const old = await startFaultServer({ protocol: 'udp' });
  const young = await startFaultServer({ protocol: 'udp', host: '127.0.0.2', port: old.port });
  let address = '127.0.0.1';
  const lookup: LookupFunction = (_host, _options, callback) => callback(null, [{ address, family: 4 }]);
  const transport = startTransport({
    destination: { protocol: 'udp', host: 'statsd.test', port: old.port },
    lookup,
  });
  transport.sendLines(numberedLines(1));
  await processed(old, 1);
  const movedAt = performance.now();
  address = '127.0.0.2';
  for (let first = 1; young.lines().length === 0; first += 1) {
    await sleep(500);
    transport.sendLines(numberedLines(1, { first }));
  }
  expect(performance.now() - movedAt).toBeLessThan(31_500);
  expect(transport.stats().dnsChanges).toBe(1);
});

test('shutdown with a deadline of two seconds takes two seconds when the server is stopped', async () => {
  const server = await startFaultServer({ protocol: 'tcp' });
  server.signal('SIGSTOP');
  const exporter = new StatsdExporter({
    endpoint: `tcp://127.0.0.1:${server.port}`,
    shutdownTimeoutMillis: 2_000,
  });
  await new Promise((resolve) => exporter.export(numberedCounters(5_000), resolve));
  const startedAt = performance.now();
  await exporter.shutdown();
  const millis = performance.now() - startedAt;
  expect(millis).toBeGreaterThanOrEqual(1_999);
  expect(millis).toBeLessThan(2_200);
  expect(balancedStats(exporter).droppedLines).toEqual({ shutdown: 5_000 });
});
