// Networks that lose everything for a while, cables that are pulled, hosts that vanish. Run where there are network
// namespaces and root only (vitest.faults.config.ts). An unanswered SYN is tested on loopback: dns.test.ts.
import { describe, expect, test } from 'vitest';
import type { StatsdExporterStats } from '../../../src/exporter/telemetry/stats.js';
import { balanced } from '../../support/ledger-balance.js';
import { checkedDelivery, type Delivery, SEGMENT_LINES } from '../support/delivery.js';
import { FaultServer, type ServerSettings } from '../support/fault-server.js';
import { type NetworkClient, Networks, SERVER_ADDRESS, startNetworkClient } from '../support/networks.js';

const PORT = 8125;

const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

interface Scene {
  readonly networks: Networks;
  readonly server: FaultServer;
  readonly client: NetworkClient;
}

async function setUp({
  delivery = 'confirmed',
  ...settings
}: Partial<ServerSettings> & { delivery?: 'confirmed' | 'persistent' } = {}): Promise<Scene> {
  const networks = new Networks();
  const server = new FaultServer({
    protocol: 'tcp',
    host: SERVER_ADDRESS,
    port: PORT,
    prefix: networks.prefix('server'),
    ...settings,
  });
  await server.start();
  const client = startNetworkClient(networks, {
    endpoint: `tcp://${SERVER_ADDRESS}:${PORT}`,
    delivery,
    dialect: 'dogstatsd',
    // Lines of about 100 bytes.
    tags: { filler: 'x'.repeat(75) },
    resourceTags: [],
    flushTimeoutMillis: 200_000,
  });
  return { networks, server, client };
}

function delivered(server: FaultServer, sent: number, stats: StatsdExporterStats): Delivery {
  expect(balanced(stats)).toMatchObject({ queuedLines: 0, inFlightLines: 0, droppedLines: {} });
  return checkedDelivery(server, sent, stats);
}

describe('in the middle of a delivery', () => {
  const slowly = { bytesPerSecond: 2e6 };
  const SENT = 60_000;

  test('a network that drops everything for 20 s: the same connection continues, nothing is lost or repeated', async () => {
    const { networks, server, client } = await setUp(slowly);
    await client.send(SENT);
    await sleep(1_000);
    networks.drop();
    await sleep(20_000);
    networks.deliver();
    const { lost, duplicated } = delivered(server, SENT, await client.flushed());
    expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
  });

  test.each(['client', 'server'] as const)('the cable of the %s is pulled for 10 s', async (side) => {
    const { networks, server, client } = await setUp(slowly);
    await client.send(SENT);
    await sleep(1_000);
    networks.link(side, 'down');
    await sleep(10_000);
    networks.link(side, 'up');
    const { lost, duplicated } = delivered(server, SENT, await client.flushed());
    expect(lost).toBe(0);
    expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
  });

  test('the host of the server vanishes and is back after 5 s', async () => {
    const { networks, server, client } = await setUp(slowly);
    await client.send(SENT);
    await sleep(1_000);
    // Nothing that the dying kernel says gets through.
    networks.drop();
    await server.kill();
    await sleep(5_000);
    await server.start();
    networks.deliver();
    const { lost, duplicated } = delivered(server, SENT, await client.flushed());
    expect(lost).toBeLessThanOrEqual(server.readNotProcessed());
    expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
  });
});

describe('between deliveries', () => {
  test.each(['confirmed', 'persistent'] as const)(
    'the host of the server vanishes silently for a minute: what is sent then arrives (%s)',
    async (delivery) => {
      const { networks, server, client } = await setUp({ delivery });
      await client.send(100);
      await client.flushed();
      networks.drop();
      await server.kill();
      await sleep(60_000);
      await server.start();
      networks.deliver();
      const startedAt = performance.now();
      await client.send(100);
      const stats = await client.flushed();
      expect(performance.now() - startedAt).toBeLessThan(30_000);
      await sleep(100);
      const { lost, duplicated } = delivered(server, 200, stats);
      expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
    },
  );
});
