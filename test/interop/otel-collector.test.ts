import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('otel-collector', (start) => {
  it('a counter and a gauge of one name are passed on as two types of one name', async () => {
    const { report, warnings } = await runSmallApp(servers['otel-collector'], await start(), 'x', (meter) => {
      meter.createCounter('jobs').add(2);
      meter.createGauge('jobs').record(5);
    });
    expect([report.counters['x.jobs'], report.gauges['x.jobs']]).toEqual([2, 5]);
    expect(warnings).toContainEqual(
      expect.stringMatching('one name on the server, x.jobs: it passes on both types under one name'),
    );
  });
});
