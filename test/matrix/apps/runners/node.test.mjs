import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { StatsdTestServer } from 'opentelemetry-exporter-statsd/testing';
import shops from './shop.cjs';

for (const protocol of ['udp', 'tcp']) {
  test(`orders are counted under fake timers over ${protocol}`, async () => {
    const server = await StatsdTestServer.start({ protocol });
    mock.timers.enable();
    const shop = shops.startShop(server.endpoint);
    shop.order();
    shop.order();
    await shop.close();
    mock.timers.reset();
    await server.waitFor('orders.country.fi');
    assert.deepEqual(server.totals().counters, { 'orders.country.fi': 2 });
    await server.stop();
  });
}
