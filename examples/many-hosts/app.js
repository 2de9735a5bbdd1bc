// An ordinary HTTP service, one of many. It records what it does with the OpenTelemetry API, and keeps a plain record of
// its own, with which the servers' figures are compared.
import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';

const instance = process.env.INSTANCE;
const meter = metrics.getMeter('shop');
const orders = meter.createCounter('orders');
const orderValue = meter.createHistogram('order.value');
const openBaskets = meter.createUpDownCounter('baskets.open');
const stock = meter.createGauge('stock');

/** @type {import('./hosts.js').Measured} */
const measured = { requests: {}, orders: {}, orderValues: [], baskets: 0, stock: 0 };
let openRequests = 0;
let task;

const routes = {
  'GET /stock': () => 200,
  'POST /orders': (parameters) => {
    const kind = parameters.get('kind');
    const value = Number(parameters.get('value'));
    orders.add(1, { kind });
    orderValue.record(value);
    measured.orders[kind] = (measured.orders[kind] ?? 0) + 1;
    measured.orderValues.push(value);
    // Below zero: ordered, but not there. Gauges carry the instance, for else each host would overwrite the others'.
    measured.stock--;
    stock.record(measured.stock, { instance });
    return 201;
  },
  'POST /baskets': () => changeBaskets(1),
  'DELETE /baskets': () => changeBaskets(-1),
};

function changeBaskets(change) {
  measured.baskets += change;
  openBaskets.add(change, { instance });
  return 200;
}

const server = createServer((request, response) => {
  openRequests++;
  const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1');
  const status = routes[`${request.method} ${pathname}`]?.(searchParams) ?? 404;
  response.on('close', () => {
    const series = `${request.method} ${status}`;
    measured.requests[series] = (measured.requests[series] ?? 0) + 1;
    openRequests--;
    runTaskIfIdle();
  });
  response.writeHead(status).end();
});

// The connections are kept to the end. A time limit would close one just as the next request goes out on it.
server.keepAliveTimeout = 0;

const tasks = {
  report: async () => {},
  /** Exports what was recorded since the last export, as the interval would. */
  flush: () => metrics.getMeterProvider().forceFlush(),
};

async function runTaskIfIdle() {
  if (task === undefined || openRequests > 0) return;
  const run = tasks[task];
  task = undefined;
  await run().catch((error) => console.error(error));
  process.send(measured);
}
process.on('message', (message) => {
  task = message;
  runTaskIfIdle();
});
// The process that started this one is gone: so is the reason to run.
process.on('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
