import { createSocket } from 'node:dgram';
import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { poll } from './harness/poll.js';
import { HOST } from './harness/ports.js';
import { startWithDatadog } from './servers/gostatsd.js';

interface Series {
  readonly metric: string;
  readonly type: string;
  readonly points: readonly (readonly [number, number])[];
}

describeServer('gostatsd', () => {
  it('its backend for Datadog sends a gauge and what it derives from a timer or counter under one name', async () => {
    const running = await startWithDatadog();
    const socket = createSocket('udp4');
    try {
      const lines = ['lat:3|ms', 'lat.upper:1000|g', 'jobs:2|c', 'jobs.count:1000|g'];
      socket.send(lines.join('\n'), running.port('udp'), HOST);
      const values = await poll('the values', async () => {
        const bodies = ((await running.text?.()) ?? '').split('\n').filter((body) => body.startsWith('{'));
        const series = bodies.flatMap((body) => (JSON.parse(body) as { series?: Series[] }).series ?? []);
        const valuesOf = (name: string): number[] =>
          series
            .filter(({ metric, points: [point] }) => metric === name && point![1] !== 0)
            .map(({ points: [point] }) => point![1]);
        return valuesOf('jobs').length > 0 ? [valuesOf('lat.upper'), valuesOf('jobs.count')] : undefined;
      });
      expect(values.map((each) => each.slice(0, 2).sort())).toEqual([
        [1000, 3],
        [1000, 2],
      ]);
    } finally {
      socket.close();
      await running.stop();
    }
  });
});
