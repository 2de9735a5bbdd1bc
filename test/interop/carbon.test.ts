import { createConnection } from 'node:net';
import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { poll } from './harness/poll.js';
import { HOST } from './harness/ports.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('carbon', (start) => {
  it('the last segment of a name has at most 251 bytes, to which other servers cut what they would send here', async () => {
    const running = await start();
    const socket = createConnection(running.port('tcp'), HOST);
    const now = Math.floor(Date.now() / 1000);
    const names = [252, 251].map((length) => `segment.${'n'.repeat(length)}`);
    socket.end(names.map((name) => `${name} 1 ${now}\n`).join(''));
    const stored = await poll('a segment', async () => {
      const { counters } = await running.report();
      return counters[names[1]!] === 1 ? Object.keys(counters) : undefined;
    });
    expect(stored).not.toContain(names[0]);
  });

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
