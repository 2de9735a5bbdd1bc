// What an app without OpenTelemetry code sends by `register`: names for a dashboard, and times in one unit.
import { describe, expect, test } from 'vitest';
import { startStatsdDaemon } from '../support/receivers/statsd-daemon.js';
import { startUdpServer } from '../support/receivers/udp-server.js';
import { dialectServers } from '../support/server-models/index.js';
import { serveApp } from './support/serve-app.js';

/** The event loop ran for a part of the app's life, in milliseconds; a time of zero is not sent. */
function expectPartOf(elapsedMillis: number, active = 0, idle = 0): void {
  const share = (active + idle) / elapsedMillis;
  expect({ share, isPlausible: share > 0.02 && share <= 1 }).toEqual({ share, isPlausible: true });
}

/** Route of the users, route of the orders; instrumentations of node:http and Fastify record none. */
const apps: Readonly<Record<string, readonly [users: string, orders: string] | undefined>> = {
  'express-app.cjs': ['/users/:id', '/orders'],
  'fastify-app.cjs': undefined,
  'plain-app.cjs': undefined,
};

describe.each(Object.entries(apps))('%s', (app, routes) => {
  test('the statsd daemon has short names with fixed positions, and times in milliseconds', async () => {
    const daemon = await startStatsdDaemon();
    const elapsed = await serveApp(app, {
      OTEL_EXPORTER_STATSD_ENDPOINT: `udp://${daemon.host}:${daemon.udpPort}`,
    });
    await daemon.settle();
    const [timers, counters, gauges] = await Promise.all([
      daemon.timers(),
      daemon.counters(),
      daemon.gauges(),
    ]);
    const names = [timers, counters, gauges].flatMap(Object.keys);
    const [users, orders] = routes ? ['users__id', 'orders'] : ['none', 'none'];
    expect(names.filter((name) => name.startsWith('http.server.')).sort()).toEqual(
      [`GET.${users}.200`, `GET.${users}.200.sum`, `POST.${orders}.201`, `POST.${orders}.201.sum`].map(
        (rest) => `http.server.request.duration.${rest}`,
      ),
    );
    expect(timers[`http.server.request.duration.GET.${users}.200`]).toHaveLength(2);
    expect(names.filter((name) => name.length > 72)).toEqual([]);
    expect(names.filter((name) => /(?:url_scheme|_method|status_code|_name|_state)\b/.test(name))).toEqual(
      [],
    );
    const loop = 'nodejs.eventloop.time.';
    expectPartOf(elapsed, counters[`${loop}active`], counters[`${loop}idle`]);
  });

  test('the Datadog agent has the names of the conventions with their attributes as tags, and times in seconds', async () => {
    const server = await startUdpServer();
    const elapsed = await serveApp(app, {
      OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}`,
      OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd',
    });
    const agent = dialectServers.dogstatsd.start();
    for (const datagram of await server.drain()) agent.receive(datagram);
    const { timers, counters, rejected } = agent.holdings();
    const tags = (method: string, status: number, route: string | undefined) => [
      `http.request.method="${method}"`,
      `http.response.status_code="${status}"`,
      ...(route === undefined ? [] : [`http.route="${route}"`]),
      'network.protocol.version="1.1"',
      'service="shop"',
      'url.scheme="http"',
    ];
    const durations = Object.entries(timers).filter(([name]) => name.startsWith('http.server.'));
    expect(Object.fromEntries(durations.map(([name, { count }]) => [name, count]))).toEqual({
      [`http.server.request.duration{${tags('GET', 200, routes?.[0])}}`]: 2,
      [`http.server.request.duration{${tags('POST', 201, routes?.[1])}}`]: 1,
    });
    expect(rejected).toEqual([]);
    const [active = 0, idle = 0] = ['active', 'idle'].map(
      (state) => counters[`nodejs.eventloop.time{nodejs.eventloop.state="${state}",service="shop"}`],
    );
    expectPartOf(elapsed, active * 1000, idle * 1000);
  });
});
