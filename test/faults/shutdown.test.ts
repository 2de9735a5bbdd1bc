// Shutdown at servers that do not let go, or never were there.
import { readdirSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { StatsdExporter } from '../../src/exporter/statsd-exporter.js';
import type { Destination } from '../../src/transport/endpoint/destination.js';
import { balanced } from '../support/ledger-balance.js';
import { needs } from '../support/platform.js';
import { temporarySocketPath, unusedPort } from '../support/receivers/stream-server.js';
import { unusedUdpPort } from '../support/receivers/udp-server.js';
import { startTransport } from '../support/transports.js';
import { numberedCounters } from './support/counters.js';
import { deliveryOf, destinationOf, numberedLines, processed } from './support/delivery.js';
import { startFaultServer } from './support/fault-server.js';

needs('signals');

async function millisOf(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

test('shutdown ends at its deadline when the server is stopped, and counts what is left', async () => {
  const server = await startFaultServer({ protocol: 'tcp' });
  server.signal('SIGSTOP');
  const exporter = new StatsdExporter({
    endpoint: `tcp://127.0.0.1:${server.port}`,
    shutdownTimeoutMillis: 500,
  });
  await new Promise((resolve) => exporter.export(numberedCounters(5_000), resolve));
  const millis = await millisOf(() => exporter.shutdown());
  // Timers may be early by a millisecond; how late they are is the machine's to say (but not the 30 s of a stall).
  expect(millis).toBeGreaterThanOrEqual(499);
  expect(millis).toBeLessThan(10_000);
  const stats = exporter.stats();
  balanced(stats);
  const { droppedLines, queuedLines, inFlightLines, state } = stats;
  expect({ droppedLines, queuedLines, inFlightLines, state }).toEqual({
    droppedLines: { shutdown: 5_000 },
    queuedLines: 0,
    inFlightLines: 0,
    state: 'closed',
  });
});

describe('what the kernel took before the deadline still arrives, no line is cut', () => {
  test.each(['confirmed', 'persistent'] as const)('%s', async (delivery) => {
    const server = await startFaultServer({ protocol: 'tcp' });
    server.signal('SIGSTOP');
    const transport = startTransport({ destination: destinationOf(server, 'tcp'), delivery, pacing: false });
    transport.sendLines(numberedLines(5_000));
    await transport.until(({ state }) => state === (delivery === 'confirmed' ? 'confirming' : 'open'));
    await transport.close(100);
    const { droppedLines, writtenLines } = transport.stats();
    expect({ droppedLines, writtenLines }).toEqual(
      delivery === 'confirmed'
        ? { droppedLines: { shutdown: 5_000 }, writtenLines: 0 }
        : { droppedLines: {}, writtenLines: 5_000 },
    );
    server.signal('SIGCONT');
    await processed(server, 5_000);
    expect(deliveryOf(server, 5_000)).toEqual({ lost: 0, duplicated: 0, inOrder: true });
  });
});

test('shutdown makes one attempt at an absent server, then ends at its deadline', async () => {
  const server = await startFaultServer({ protocol: 'tcp' });
  await server.kill();
  const transport = startTransport({ destination: destinationOf(server, 'tcp') });
  transport.sendLines(numberedLines(100));
  await transport.until(({ state }) => state === 'backing-off');
  await transport.close(300);
  const { droppedLines, state, connectFailures } = transport.stats();
  expect({ droppedLines, state, codes: Object.keys(connectFailures) }).toEqual({
    droppedLines: { shutdown: 100 },
    state: 'closed',
    codes: ['ECONNREFUSED'],
  });
});

test('a server that returns during shutdown gets everything', async () => {
  const server = await startFaultServer({ protocol: 'tcp' });
  await server.kill();
  const transport = startTransport({ destination: destinationOf(server, 'tcp') });
  transport.sendLines(numberedLines(5_000));
  await transport.until(({ state }) => state === 'backing-off');
  const closed = transport.close(20_000);
  await server.start();
  await closed;
  expect(deliveryOf(server, 5_000)).toEqual({ lost: 0, duplicated: 0, inOrder: true });
  expect(transport.stats().confirmedLines).toBe(5_000);
});

/** This process's open files and sockets. */
function descriptors(): number {
  return readdirSync('/dev/fd').length;
}

test('shutdown leaves nothing open, whatever the server does', async () => {
  const standing = await startFaultServer({ protocol: 'tcp' });
  standing.signal('SIGSTOP');
  const silent = await startFaultServer({ protocol: 'tcp', neverClose: true });
  const closing = await startFaultServer({ protocol: 'tcp', closeFirst: 1_000 });
  const talking = await startFaultServer({ protocol: 'tcp', junkBytes: 2 ** 20 });
  const destinations: Destination[] = [
    ...[standing, silent, closing, talking].map((server) => destinationOf(server, 'tcp')),
    { protocol: 'tls', host: '127.0.0.1', port: silent.port },
    { protocol: 'tcp', host: '127.0.0.1', port: await unusedPort() },
    { protocol: 'udp', host: '127.0.0.1', port: await unusedUdpPort() },
    { protocol: 'unix', path: temporarySocketPath() },
  ];
  const before = descriptors();
  const transports = destinations.flatMap((destination) =>
    (['confirmed', 'persistent'] as const).map((delivery) => startTransport({ destination, delivery })),
  );
  for (const transport of transports) transport.sendLines(numberedLines(1_000));
  await Promise.all(transports.map((transport) => transport.flush(500)));
  expect(descriptors()).toBeGreaterThan(before);
  await Promise.all(transports.map((transport) => transport.close(0)));
  // What is closed is gone a turn later.
  await vi.waitUntil(() => descriptors() === before);
});
