import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('statsite', (start) => {
  it('what it derives from a histogram is not the name of a counter or gauge', async () => {
    const { report, warnings } = await runSmallApp(servers.statsite, await start(), 'k', (meter) => {
      meter.createHistogram('lat', { unit: 'ms' }).record(3);
      meter.createCounter('lat.count').add(5);
      meter.createGauge('lat.max').record(7);
      meter.createGauge('lat.upper').record(8);
    });
    // The exact sum is a counter of the exporter.
    expect(report.counters).toEqual({ 'k.lat.count': 5, 'k.lat.sum': 3, 'k.end': 1 });
    expect(report.gauges).toEqual({ 'k.lat.max': 7, 'k.lat.upper': 8 });
    expect(report.timers['k.lat']).toEqual([expect.objectContaining({ min: 3, max: 3 })]);
    expect(warnings).toEqual([]);
  });
});
