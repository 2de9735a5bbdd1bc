import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('veneur', (start) => {
  it('a gauge with a name that the server derives from a timer is reported beside it', async () => {
    const running = await start();
    const { warnings } = await runSmallApp(servers.veneur, running, 'x', (meter) => {
      meter.createHistogram('lat', { unit: 'ms' }).record(3);
      meter.createGauge('lat.max').record(1000);
    });
    const values = [
      ...((await running.text?.()) ?? '').matchAll(/GaugeMetric: x\.lat\.max\(\[\]\) = ([\d.]+)/g),
    ];
    expect(values.map(([, value]) => Number(value)).sort()).toEqual([1000, 3]);
    expect(warnings).toContainEqual(
      expect.stringContaining('one name on the server, x.lat.max: the server reports both under this name'),
    );
  });
});
