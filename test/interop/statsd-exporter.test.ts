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

  it('a name that ends as those of its own series is lost if the name before that has come first', async () => {
    const running = await start();
    const { report, warnings } = await runSmallApp(servers['statsd-exporter'], running, 'y', (meter) => {
      meter.createGauge('queue').record(1);
      meter.createGauge('queue.count').record(2);
      meter.createHistogram('lat', { unit: 'ms' }).record(3);
      meter.createCounter('lat.sum').add(4);
      meter.createCounter('jobs').add(5);
      meter.createGauge('jobs.count').record(6);
    });
    expect(report).toEqual({
      counters: { y_jobs: 5, y_end: 1 },
      gauges: { y_queue: 1, y_jobs_count: 6 },
      timers: {
        y_lat: [{ percentiles: { 50: 0.003, 90: 0.003, 95: 0.003, 99: 0.003 }, sum: 0.003, count: 1 }],
      },
      complaints: [expect.stringContaining('y_lat_sum'), expect.stringContaining('y_queue_count')],
    });
    expect(warnings).toEqual([
      expect.stringContaining('one name on the server, y_queue_count: the server may drop'),
      expect.stringContaining('one name on the server, y_lat_sum: the server may drop'),
    ]);
  });

  it('answers no request for its metrics any more when a histogram has the name of the count of another', async () => {
    const running = await servers['statsd-exporter'].start();
    try {
      const app = runSmallApp(servers['statsd-exporter'], running, 'z', (meter) => {
        meter.createHistogram('lat', { unit: 'ms' }).record(3);
        meter.createHistogram('lat.count', { unit: 'ms' }).record(4);
      });
      await expect(app).rejects.toThrow('"z_lat_count" collides');
    } finally {
      await running.stop();
    }
  });
});
