import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('statsd-exporter', (start) => {
  it('names that differ in a dot and an underscore alone are one metric: counters add up, gauges are warned about', async () => {
    const { report, warnings } = await runSmallApp(
      servers['statsd-exporter'],
      await start(),
      'x',
      (meter) => {
        meter.createCounter('load.a').add(1);
        meter.createCounter('load_a').add(2);
        meter.createGauge('load.a.now').record(3);
        meter.createGauge('load_a.now').record(4);
      },
    );
    expect(report.counters).toEqual({ x_load_a: 3, x_end: 1 });
    expect(warnings).toEqual([expect.stringContaining('overwrite')]);
  });
});
