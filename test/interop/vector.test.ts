import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('vector', (start) => {
  it('a counter with a name that its Prometheus sink derives from a timer is reported beside it', async () => {
    const running = await start();
    const { warnings } = await runSmallApp(servers.vector, running, 'x', (meter) => {
      meter.createHistogram('lat', { unit: 'ms' }).record(3);
      // The sink appends `_count`.
      meter.createCounter('lat_count').add(1000);
      meter.createCounter('lat.count').add(1);
    });
    const text = (await running.text?.()) ?? '';
    expect([...text.matchAll(/^x\.lat_count (\d+)$/gm)].map(([, value]) => value).sort()).toEqual([
      '1',
      '1000',
    ]);
    expect(warnings).toEqual([
      expect.stringContaining(
        'one name on the server, x.lat_count: its Prometheus sink reports both under this name',
      ),
    ]);
  });
});
