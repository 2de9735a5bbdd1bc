import { expect, it } from 'vitest';
import { describeServer } from './harness/describe-server.js';
import { servers } from './servers/index.js';
import { runSmallApp } from './truth/small-app.js';

describeServer('brubeck', (start) => {
  it('a counter and a gauge of one name are read as the type that arrives first', async () => {
    const { report, warnings } = await runSmallApp(servers.brubeck, await start(), 'x', (meter) => {
      meter.createCounter('jobs').add(2);
      meter.createGauge('jobs').record(5);
    });
    // The gauge is in both exports, and added up.
    expect(report.counters['x.jobs']).toBe(2 + 5 + 5);
    expect(warnings).toContainEqual(
      expect.stringMatching('one name on the server, x.jobs: .* as the type that arrives first'),
    );
  });

  it('the longest name that it survives is sent, with attributes that are cut to it', async () => {
    const { report, warnings } = await runSmallApp(servers.brubeck, await start(), 'z', (meter) => {
      const texts = ['a', 'b', 'c', 'd', 'e'].map((key) => [key, 'v'.repeat(250)]);
      meter.createHistogram('lats', { unit: 'ms' }).record(3, Object.fromEntries(texts));
    });
    expect(Object.keys(report.timers).map((name) => name.length)).toEqual([981]);
    expect(warnings).toEqual([expect.stringContaining('attributes longer than the server reads whole')]);
  });

  it('a gauge with a name that the server derives from a timer is another value of one path', async () => {
    const running = await start();
    const { warnings } = await runSmallApp(servers.brubeck, running, 'y', (meter) => {
      meter.createHistogram('lat', { unit: 'ms' }).record(3);
      meter.createGauge('lat.max').record(1000);
    });
    const text = (await running.text?.()) ?? '';
    const points = [...text.matchAll(/^y\.lat\.max (\S+) (\d+)$/gm)].map(([, value, second]) => ({
      value,
      second,
    }));
    const { second } = points.find(({ value }) => value === '3')!;
    expect(
      points
        .filter((point) => point.second === second)
        .map(({ value }) => value)
        .sort(),
    ).toEqual(['1000', '3']);
    expect(warnings).toContainEqual(
      expect.stringContaining('one name on the server, y.lat.max: series of both are one path of Graphite'),
    );
  });
});
