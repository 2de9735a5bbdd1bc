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

  it('a name longer than it holds is dropped and counted rather than cut and merged with others', async () => {
    const { report, stats } = await runSmallApp(servers.netdata, await start(), 'y', (meter) => {
      for (const end of ['a', 'b']) meter.createCounter(`${'n'.repeat(190)}${end}`).add(1);
      for (const end of ['a', 'b']) meter.createCounter(`${'n'.repeat(179)}${end}`).add(5);
      meter.createHistogram(`${'n'.repeat(179)}a`, { unit: 'ms' }).record(3);
    });
    const [a, b] = ['a', 'b'].map((end) => `y.${'n'.repeat(179)}${end}`);
    expect(report.counters).toEqual({ [a!]: 5, [b!]: 5, 'y.end': 1 });
    expect(Object.keys(report.timers)).toEqual([a]);
    expect(stats.droppedPoints).toEqual({ too_long: 2 });
  });

  it('what it derives from a histogram is not the name of a counter or gauge', async () => {
    const { report, warnings } = await runSmallApp(servers.netdata, await start(), 'k', (meter) => {
      meter.createHistogram('lat', { unit: 'ms' }).record(3);
      meter.createCounter('lat.count').add(5);
      meter.createGauge('lat.max').record(7);
      meter.createGauge('lat.upper').record(8);
    });
    const series = (name: string) => servers.netdata.series(name, []);
    expect(report.counters).toEqual({ [series('k.lat.count')]: 5, [series('k.end')]: 1 });
    expect(report.gauges).toEqual({ [series('k.lat.max')]: 7, [series('k.lat.upper')]: 8 });
    // The chart of the histogram is there, whether its first second is over or not.
    expect(Object.keys(report.timers)).toEqual([series('k.lat')]);
    expect(warnings).toEqual([]);
  });
});
