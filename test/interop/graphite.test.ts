import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { graphitePath } from './harness/series-text.js';
import { statsdServer } from './servers/statsd.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('graphite', () => {
  it('a counter with a name that the Graphite backend derives from a timer is a second value of one path', async () => {
    const carbon = createServer();
    const { port } = (await once(carbon.listen(0, '127.0.0.1'), 'listening').then(() =>
      carbon.address(),
    )) as AddressInfo;
    const flushed = once(carbon, 'connection').then(([socket]) => text(socket));
    const server = statsdServer('graphite', 'statsd', 'graphite', graphitePath, {
      backends: ['./backends/graphite'],
      graphiteHost: '127.0.0.1',
      graphitePort: port,
    });
    const running = await server.start();
    try {
      const { warnings } = await runSmallApp(server, running, 'timers', (meter) => {
        meter.createHistogram('lat', { unit: 'ms' }).record(3);
        meter.createCounter('timers.lat.upper').add(36_000);
      });
      const lines = await flushed;
      const valuesOf = (path: string): unknown[] =>
        [...lines.matchAll(/^(\S+) (\S+) \d+$/gm)]
          .filter(([, name]) => name === path)
          .map(([, , value]) => value);
      // The first is the rate of the counter, over the hour between flushes.
      expect(valuesOf('stats.timers.timers.lat.upper')).toEqual(['10', '3']);
      expect(warnings).toEqual([
        expect.stringContaining(
          'one name on the server, timers.timers.lat.upper: series of both are one path',
        ),
      ]);
    } finally {
      await running.stop();
      carbon.close();
    }
  });
});
