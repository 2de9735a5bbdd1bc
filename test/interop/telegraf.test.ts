import { expect, it } from 'vitest';
import { serveApp } from '../e2e/support/serve-app.js';
import { describeServer } from './harness/describe-server.js';
import { poll } from './harness/poll.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('telegraf', (start) => {
  it('names that differ in a dot and an underscore alone are one metric: counters add up, gauges are warned about', async () => {
    const { report, warnings } = await runSmallApp(servers.telegraf, await start(), 'x', (meter) => {
      meter.createCounter('load.a').add(1);
      meter.createCounter('load_a').add(2);
      meter.createGauge('load.a.now').record(3);
      meter.createGauge('load_a.now').record(4);
    });
    expect(report.counters).toEqual({ x_load_a: 3, x_end: 1 });
    expect(warnings).toEqual([expect.stringContaining('overwrite')]);
  });

  it.each([
    ['express', '/users/_id', '/orders'],
    // Their instrumentations record no route.
    ['fastify', undefined, undefined],
    ['plain', undefined, undefined],
  ])(
    'the %s app under register has counts, sums and extremes of its requests in milliseconds',
    async (app, usersRoute, ordersRoute) => {
      const server = await start();
      await serveApp(`${app}-app.cjs`, {
        OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port('udp')}`,
        OTEL_EXPORTER_STATSD_DIALECT: 'telegraf',
        OTEL_EXPORTER_STATSD_PREFIX: app,
      });
      const series = (method: string, status: number, route: string | undefined, statistic: string) =>
        servers.telegraf.series(`${app}.http.server.request.duration.${statistic}`, [
          ['http.request.method', method],
          ['http.response.status_code', `${status}`],
          ...(route === undefined ? [] : [['http.route', route] as const]),
          ['network.protocol.version', '1.1'],
          ['url.scheme', 'http'],
        ]);
      const users = (statistic: string) => series('GET', 200, usersRoute, statistic);
      const orders = (statistic: string) => series('POST', 201, ordersRoute, statistic);
      const { counters, gauges } = await poll('Telegraf to report the requests', async () => {
        const report = await server.report();
        return report.counters[orders('count')] === 1 && report.gauges[users('max')] ? report : undefined;
      });
      expect(counters[users('count')]).toBe(2);
      // The sum is a whole number of milliseconds; what is left is carried to the next export.
      const [least, most] = [gauges[users('min')]!, gauges[users('max')]!];
      expect(Math.abs(counters[users('sum')]! - least - most)).toBeLessThanOrEqual(1);
    },
  );
});
