import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('carbon', (start) => {
  it('of a counter and a gauge of one name it stores the later value of a second', async () => {
    const { report, warnings } = await runSmallApp(servers.carbon, await start(), 'x', (meter) => {
      meter.createCounter('jobs').add(2);
      meter.createGauge('jobs').record(5);
    });
    // The sum of all points: the gauge is in both exports, which may be in one second.
    expect([5, 5 + 5]).toContain(report.counters['x.jobs']);
    expect(warnings).toContainEqual(
      expect.stringMatching(
        'one name on the server, x.jobs: .* the later value of a second replaces the earlier',
      ),
    );
  });
});
