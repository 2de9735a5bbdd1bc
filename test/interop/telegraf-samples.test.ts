import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('telegraf-samples', (start) => {
  it('what it derives from a histogram is not the name of a counter or gauge', async () => {
    const { report, warnings } = await runSmallApp(
      servers['telegraf-samples'],
      await start(),
      'k',
      (meter) => {
        meter.createHistogram('lat', { unit: 'ms' }).record(3);
        meter.createCounter('lat.count').add(5);
        meter.createGauge('lat.max').record(7);
        meter.createGauge('lat.upper').record(8);
      },
    );
    const series = (name: string) => servers['telegraf-samples'].series(name, []);
    expect(report.counters).toEqual({ [series('k.lat.count')]: 5, [series('k.end')]: 1 });
    expect(report.gauges).toEqual({ [series('k.lat.max')]: 7, [series('k.lat.upper')]: 8 });
    expect(report.timers[series('k.lat')]).toEqual([expect.objectContaining({ min: 3, max: 3 })]);
    expect(warnings).toEqual([]);
  });
});
