import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('netdata', (start) => {
  it('names that differ in case alone share a chart that shows one of them, and gauges are warned about', async () => {
    const { report, warnings } = await runSmallApp(servers.netdata, await start(), 'x', (meter) => {
      meter.createCounter('Load').add(1);
      meter.createCounter('load').add(2);
      meter.createGauge('Load.now').record(3);
      meter.createGauge('load.now').record(4);
    });
    expect([1, 2]).toContain(report.counters['x.load']);
    expect(warnings).toEqual([expect.stringContaining('overwrite')]);
  });
});
