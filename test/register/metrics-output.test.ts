import cluster from 'node:cluster';
import { ExportResultCode } from '@opentelemetry/core';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ClusterAggregator } from '../../src/cluster.js';
import { StatsdExporter, type StatsdExporterOptions } from '../../src/index.js';
import { openMetricsOutput, type Role } from '../../src/register/metrics-output.js';
import { readSettings } from '../../src/register/settings.js';
import { batchOf, counter, gauge } from '../cluster/support/metrics.js';
import { startUdpServer } from '../support/receivers/udp-server.js';

const world = vi.hoisted(() => ({ isMainThread: true, workerExporters: [] as unknown[] }));
vi.mock('node:worker_threads', async (importActual) => ({
  ...(await importActual<object>()),
  get isMainThread() {
    return world.isMainThread;
  },
}));
// This process has a channel to its parent, which is no aggregator.
vi.mock('../../src/cluster.js', async (importActual) => ({
  ...(await importActual<object>()),
  ClusterWorkerExporter: class {
    constructor(options: unknown) {
      world.workerExporters.push(options);
    }
  },
}));

beforeEach(() => {
  Object.assign(world, { isMainThread: true, workerExporters: [] });
});
afterEach(() => vi.unstubAllEnvs());

async function linesOf(cluster: string, role: Role, options: StatsdExporterOptions = {}): Promise<string[]> {
  const server = await startUdpServer();
  vi.stubEnv('OTEL_EXPORTER_STATSD_ENDPOINT', `udp://127.0.0.1:${server.port}`);
  vi.stubEnv('OTEL_EXPORTER_STATSD_DIALECT', 'dogstatsd');
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'service.instance.id=7');
  const settings = readSettings({ OTEL_EXPORTER_STATSD_CLUSTER: cluster });
  const { exporter, shutdown } = openMetricsOutput(settings, options, () => Promise.resolve(), role);
  await new Promise((resolve) => exporter.export(batchOf([counter('c', 1), gauge('g', 2)]), resolve));
  await shutdown();
  return (await server.drain()).flatMap((datagram) => datagram.trim().split('\n'));
}

test.each<[string, Role, string[]]>([
  ['', 'primary', ['c:1|c', 'g:2|g']],
  ['perWorker', 'primary', ['c:1|c|#instance:7', 'g:2|g|#instance:7']],
  ['aggregate', 'primary', ['c:1|c', 'g:2|g|#service.instance.id:1']],
  // It has no way to the aggregator.
  ['aggregate', 'thread', ['c:1|c|#instance:7', 'g:2|g|#instance:7']],
])('with OTEL_EXPORTER_STATSD_CLUSTER=%s a %s sends', async (cluster, role, lines) => {
  expect(await linesOf(cluster, role)).toEqual(lines);
});

test.each<[StatsdExporterOptions, string]>([
  [{}, 'c:1|c|#instance:7,from:variable'],
  [{ tags: { from: 'option' } }, 'c:1|c|#from:option,instance:7'],
  [{ tags: { instance: 'mine' } }, 'c:1|c|#instance:mine'],
])('the instance joins the tags of the option or of the variable: %j sends %s', async (options, line) => {
  vi.stubEnv('OTEL_EXPORTER_STATSD_TAGS', 'from=variable');
  const [sent] = await linesOf('perWorker', 'primary', options);
  expect(sent?.split('#')[1]?.split(',').sort()).toEqual(line.split('#')[1]?.split(',').sort());
});

test('a cluster worker exports through the primary, and by itself with its instance when there is none', () => {
  vi.stubEnv('OTEL_EXPORTER_STATSD_TIMEOUT', '700');
  const settings = readSettings({ OTEL_EXPORTER_STATSD_CLUSTER: 'aggregate' });
  const collect = () => Promise.resolve();
  openMetricsOutput(settings, {}, collect, 'worker');
  expect(world.workerExporters).toEqual([
    { fallback: expect.any(StatsdExporter), collect, shutdownTimeoutMillis: 700 },
  ]);
});

test.each([
  ['a thread', { isMainThread: false, isWorker: true }, [0, 0]],
  ['a worker', { isMainThread: true, isWorker: true }, [1, 0]],
  ['the primary', { isMainThread: true, isWorker: false }, [0, 1]],
])('the role of %s is found', async (_what, { isMainThread, isWorker }, [workers, aggregators]) => {
  world.isMainThread = isMainThread;
  const before = cluster.isWorker;
  Object.assign(cluster, { isWorker });
  onTestFinished(() => void Object.assign(cluster, { isWorker: before }));
  const aggregating = vi.spyOn(ClusterAggregator.prototype, 'workerExporter');
  onTestFinished(() => aggregating.mockRestore());
  vi.stubEnv('OTEL_EXPORTER_STATSD_TIMEOUT', '700');
  const settings = readSettings({ OTEL_EXPORTER_STATSD_CLUSTER: 'aggregate' });
  const { shutdown } = openMetricsOutput(settings, {}, () => Promise.resolve());
  expect({ workers: world.workerExporters.length, aggregators: aggregating.mock.calls }).toEqual({
    workers,
    aggregators: aggregators === 0 ? [] : [[{ shutdownTimeoutMillis: 700 }]],
  });
  if (workers === 0) await shutdown();
});

test("the primary's last interval is forwarded before its shutdown, and nothing is exported after it", async () => {
  const server = await startUdpServer();
  vi.stubEnv('OTEL_EXPORTER_STATSD_ENDPOINT', `udp://127.0.0.1:${server.port}`);
  const settings = readSettings({
    OTEL_EXPORTER_STATSD_CLUSTER: 'aggregate',
    // Longer than the time limit of the test.
    OTEL_METRIC_EXPORT_INTERVAL: '600000',
  });
  const output = openMetricsOutput(settings, {}, () => Promise.resolve(), 'primary');
  const exported = () =>
    new Promise((resolve) => output.exporter.export(batchOf([counter('c', 1)]), ({ code }) => resolve(code)));
  const before = await exported();
  output.forward();
  const [line] = await server.gotLines(1);
  await output.shutdown();
  expect({ before, line: line?.trim(), after: await exported() }).toEqual({
    before: ExportResultCode.SUCCESS,
    line: 'c:1|c',
    after: ExportResultCode.FAILED,
  });
});

test('a cluster worker without the variable exports directly to the server', () => {
  const { exporter } = openMetricsOutput(readSettings({}), {}, () => Promise.resolve(), 'worker');
  expect(exporter).toBeInstanceOf(StatsdExporter);
});
