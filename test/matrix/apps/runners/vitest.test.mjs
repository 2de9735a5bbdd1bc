import { StatsdTestServer, statsdMatchers } from 'opentelemetry-exporter-statsd/testing';
import { expect, test, vi } from 'vitest';
import { startShop } from './shop.cjs';

expect.extend(statsdMatchers);

test.each(['udp', 'tcp'])('orders are counted under fake timers over %s', async (protocol) => {
  const server = await StatsdTestServer.start({ protocol });
  vi.useFakeTimers();
  const shop = startShop(server.endpoint);
  shop.order();
  shop.order();
  await shop.close();
  vi.useRealTimers();
  await server.waitFor('orders.country.fi');
  expect(server).toHaveCounter('orders', 2, { country: 'fi' });
  await server.stop();
});
