const { StatsdTestServer, statsdMatchers } = require('opentelemetry-exporter-statsd/testing');
const { startShop } = require('./shop.cjs');

expect.extend(statsdMatchers);

test.each(['udp', 'tcp'])('orders are counted under fake timers over %s', async (protocol) => {
  const server = await StatsdTestServer.start({ protocol });
  jest.useFakeTimers();
  const shop = startShop(server.endpoint);
  shop.order();
  shop.order();
  await shop.close();
  jest.useRealTimers();
  await server.waitFor('orders.country.fi');
  expect(server).toHaveCounter('orders', 2, { country: 'fi' });
  await server.stop();
});
