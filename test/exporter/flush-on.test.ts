// Processes that end while their exporter still has something to send.
import { expect, test } from 'vitest';
import { startApp } from '../support/app-process.js';
import { needs } from '../support/platform.js';
import { startTcpServer } from '../support/receivers/stream-server.js';

needs('signals');

/** Records one metric that no interval will collect before the process ends. */
const program = `
  import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
  import { StatsdExporter } from 'opentelemetry-exporter-statsd';
  const { endpoint, flushOn, collects, ends } = JSON.parse(process.env.SETTINGS);
  const exporter = new StatsdExporter({
    endpoint,
    ...(flushOn && { flushOn: collects ? { events: flushOn, collect: () => provider.forceFlush() } : flushOn }),
  });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e8 });
  const provider = new MeterProvider({ readers: [reader] });
  const counter = provider.getMeter('app').createCounter('jobs');
  counter.add(1);
  if (!collects) await reader.collect().then(({ resourceMetrics }) => exporter.export(resourceMetrics, () => {}));
  if (!ends) setInterval(() => {}, 1e6);
  console.log('ready');
`;

interface Settings {
  readonly flushOn?: readonly string[];
  /** Whether flushOn collects what was recorded; otherwise it has been exported already. */
  readonly collects?: boolean;
  /** By itself, or else by SIGTERM. */
  readonly ends?: boolean;
}

async function run(settings: Settings) {
  const server = await startTcpServer();
  const app = startApp(['--input-type=module', '-e', program], {
    env: { SETTINGS: JSON.stringify({ endpoint: `tcp://127.0.0.1:${server.port}`, ...settings }) },
  });
  await app.said('ready\n');
  if (settings.ends !== true) app.child.kill('SIGTERM');
  const { status, signal, stderr } = await app.ended;
  return { lines: server.lines, status, signal, stderr };
}

const byItself = { status: 0, signal: null, stderr: '' };
const bySignal = { status: null, signal: 'SIGTERM', stderr: '' };

test('a watched signal ends the process after everything exported has been delivered', async () => {
  expect(await run({ flushOn: ['SIGTERM', 'beforeExit'] })).toEqual({ lines: ['jobs:1|c'], ...bySignal });
});

test('the natural end of the process delivers everything exported', async () => {
  const end = await run({ flushOn: ['SIGTERM', 'beforeExit'], ends: true });
  expect(end).toEqual({ lines: ['jobs:1|c'], ...byItself });
});

test.each([true, false])(
  'with collect() the last interval is delivered, too (natural end: %s)',
  async (ends) => {
    const end = await run({ flushOn: ['SIGTERM', 'beforeExit'], collects: true, ends });
    expect(end).toEqual({ lines: ['jobs:1|c'], ...(ends ? byItself : bySignal) });
  },
);

test('without flushOn a signal ends the process at once', async () => {
  expect(await run({ collects: true })).toEqual({ lines: [], ...bySignal });
});

test('a signal delivered twice, as wrappers of the process do, is one request: everything is delivered', async () => {
  const server = await startTcpServer();
  const app = startApp(['--input-type=module', '-e', program], {
    env: {
      SETTINGS: JSON.stringify({
        endpoint: `tcp://127.0.0.1:${server.port}`,
        flushOn: ['SIGTERM'],
        collects: true,
      }),
    },
  });
  await app.said('ready\n');
  app.child.kill('SIGTERM');
  app.child.kill('SIGTERM');
  const { status, signal, stderr } = await app.ended;
  expect({ lines: server.lines, status, signal, stderr }).toEqual({ lines: ['jobs:1|c'], ...bySignal });
});

test('many exporters share one set of listeners, and a signal ends the process after all of them', async () => {
  const server = await startTcpServer();
  const many = `
    import { StatsdExporter } from 'opentelemetry-exporter-statsd';
    const { endpoint } = JSON.parse(process.env.SETTINGS);
    for (let n = 0; n < 12; n += 1) {
      const exporter = new StatsdExporter({ endpoint, flushOn: ['SIGTERM', 'beforeExit'] });
      const time = [0, 0];
      const point = { attributes: {}, startTime: time, endTime: time, value: 1 };
      const metric = {
        descriptor: { name: 'jobs' + n, unit: '', description: '', valueType: 1 },
        dataPointType: 3, isMonotonic: true, aggregationTemporality: 0, dataPoints: [point],
      };
      exporter.export(
        { resource: { attributes: {} }, scopeMetrics: [{ scope: { name: 'app' }, metrics: [metric] }] },
        () => {},
      );
    }
    setInterval(() => {}, 1e6);
    console.log(process.listenerCount('SIGTERM'), process.listenerCount('beforeExit'));
  `;
  const app = startApp(['--input-type=module', '-e', many], {
    env: { SETTINGS: JSON.stringify({ endpoint: `tcp://127.0.0.1:${server.port}` }) },
  });
  await app.said('1 1\n');
  app.child.kill('SIGTERM');
  const { status, signal, stderr } = await app.ended;
  const lines = Array.from({ length: 12 }, (_, n) => `jobs${n}:1|c`).sort();
  expect({ lines: [...server.lines].sort(), status, signal, stderr }).toEqual({ lines, ...bySignal });
});
