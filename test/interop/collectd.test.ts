import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('collectd', (start) => {
  it('a name longer than it holds is dropped and counted rather than cut and merged with others', async () => {
    const { report, stats } = await runSmallApp(servers.collectd, await start(), 'x', (meter) => {
      for (const end of ['a', 'b']) meter.createCounter(`${'n'.repeat(130)}${end}`).add(1);
      meter.createCounter('n'.repeat(125)).add(5);
    });
    expect(report.counters).toEqual({ [`x.${'n'.repeat(125)}`]: 5, 'x.end': 1 });
    expect(stats.droppedPoints).toEqual({ too_long: 2 });
  });
});
