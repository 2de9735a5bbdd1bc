// TLS servers that read all, die, close with unread data, or are not who they should be.
import { expect, test } from 'vitest';
import { certificate } from '../support/receivers/stream-server.js';
import { startTransport, type TestedTransport } from '../support/transports.js';
import { checkedDelivery, destinationOf, numberedLines, SEGMENT_LINES } from './support/delivery.js';
import {
  type Fault,
  type FaultServer,
  type ServerSettings,
  startFaultServer,
} from './support/fault-server.js';

const FLUSH_MILLIS = 20_000;

function startTlsFaultServer(settings: Omit<ServerSettings, 'protocol'> = {}): Promise<FaultServer> {
  return startFaultServer({ ...settings, protocol: 'tls' });
}

/** With the fault in the second segment of three. */
async function startBreaking(fault: Fault): Promise<{ server: FaultServer; transport: TestedTransport }> {
  const server = await startTlsFaultServer({ bytesPerSecond: 20e6, fault: { do: fault, atLine: 12_000 } });
  const transport = startTransport({
    destination: destinationOf(server, 'tls'),
    tls: { ca: certificate },
    pacing: false,
  });
  return { server, transport };
}

test('a server that reads everything confirms it, once', async () => {
  const server = await startTlsFaultServer();
  const transport = startTransport({
    destination: destinationOf(server, 'tls'),
    tls: { ca: certificate },
    pacing: false,
  });
  transport.sendLines(numberedLines(25_000));
  expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
  const { lost, duplicated } = checkedDelivery(server, 25_000, transport.stats());
  const { confirmedLines, segments } = transport.stats();
  expect({ lost, duplicated, confirmedLines, segments }).toEqual({
    lost: 0,
    duplicated: 0,
    confirmedLines: 25_000,
    segments: { confirmed: 3, unknown: 0, notSent: 0 },
  });
});

test.each(['kill', 'destroy'] as const)(
  'a server that breaks by %s in the middle of a delivery loses at most what it had read and not processed',
  async (fault) => {
    const { server, transport } = await startBreaking(fault);
    transport.sendLines(numberedLines(25_000));
    const flushed = transport.flush(FLUSH_MILLIS);
    if (fault === 'kill') {
      await server.gone();
      await server.start();
    }
    expect(await flushed).toBe(true);
    const { lost, duplicated } = checkedDelivery(server, 25_000, transport.stats());
    expect(lost).toBeLessThanOrEqual(server.readNotProcessed());
    expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
    expect(transport.stats().confirmedLines).toBe(25_000);
  },
);

// With TLS, a server that ends a connection says so in the protocol, and Node.js reads no further; when our own end is
// on its way by then, that looks like the answer to it. Over TCP such a server reads on, or a reset says that it did not.
test('a server that ends connections by itself loses at most the rest of a segment', async () => {
  const { server, transport } = await startBreaking('end');
  transport.sendLines(numberedLines(25_000));
  const flushed = transport.flush(FLUSH_MILLIS);
  await server.gone();
  await server.start();
  expect(await flushed).toBe(true);
  const { lost, duplicated } = checkedDelivery(server, 25_000, transport.stats());
  expect(lost).toBeLessThanOrEqual(SEGMENT_LINES);
  expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
});

test('a server with an untrusted certificate gets nothing, and the lines are kept', async () => {
  const server = await startTlsFaultServer();
  const transport = startTransport({ destination: destinationOf(server, 'tls') });
  transport.sendLines(numberedLines(100));
  const { connectFailures, queuedLines, droppedLines } = await transport.until(
    (stats) => (stats.connectFailures['DEPTH_ZERO_SELF_SIGNED_CERT'] ?? 0) >= 3,
  );
  expect({ codes: Object.keys(connectFailures), queuedLines, droppedLines, lines: server.lines() }).toEqual({
    codes: ['DEPTH_ZERO_SELF_SIGNED_CERT'],
    queuedLines: 100,
    droppedLines: {},
    lines: [],
  });
  expect(transport.events).toEqual([{ kind: 'outage', cause: 'DEPTH_ZERO_SELF_SIGNED_CERT' }]);
});

test('a server that speaks no TLS gets no line', async () => {
  const server = await startFaultServer({ protocol: 'tcp' });
  const transport = startTransport({
    destination: destinationOf(server, 'tls'),
    tls: { ca: certificate },
    connectTimeoutMillis: 300,
  });
  transport.sendLines(numberedLines(100));
  const { connects, queuedLines } = await transport.until(
    ({ connectFailures }) => (connectFailures['ETIMEDOUT'] ?? 0) >= 2,
  );
  expect({ connects, queuedLines, lines: server.lines().filter((line) => line.includes('line')) }).toEqual({
    connects: 0,
    queuedLines: 100,
    lines: [],
  });
});
