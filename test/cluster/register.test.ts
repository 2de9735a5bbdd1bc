// The built register entry point in a clustered app.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { repository, startApp } from '../support/app-process.js';
import { needs } from '../support/platform.js';
import { startUdpServer } from '../support/receivers/udp-server.js';

needs('signals');

const register = pathToFileURL(join(repository, 'dist/cjs/register.js')).href;
const app = join(repository, 'test/cluster/fixtures/clustered.mjs');

async function start(mode: string, more: Record<string, string> = {}) {
  const server = await startUdpServer();
  const env = {
    OTEL_EXPORTER_STATSD_CLUSTER: mode,
    OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}`,
    OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd',
    OTEL_EXPORTER_STATSD_RESOURCE_TAGS: 'none.such',
    OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'dns',
    ...more,
  };
  const started = startApp(['--import', register, app], { env });
  await started.said('ready\n');
  const lines = async () =>
    (await server.drain()).flatMap((datagram) => datagram.split('\n')).filter((line) => line !== '');
  return { app: started, server, lines };
}

/** The sum of each counter and the last value of each gauge. */
function totals(lines: readonly string[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const line of lines) {
    const [, name, value, type, rest = ''] = /^([^:]*):([^|]*)\|([^|]*)(.*)$/.exec(line) ?? [];
    const key = `${name}${rest}`;
    result[key] = type === 'c' ? (result[key] ?? 0) + Number(value) : Number(value);
  }
  return result;
}

test('aggregate: sends one set of lines for all processes, with the last interval of every worker', async () => {
  const { app, lines } = await start('aggregate');
  app.child.kill('SIGTERM');
  expect(await app.ended).toEqual({ status: null, signal: 'SIGTERM', stdout: 'ready\n', stderr: '' });
  expect(totals(await lines())).toEqual({
    jobs: 21,
    busy: 3,
    'number|#service.instance.id:1': 7,
    'number|#service.instance.id:2': 7,
    'number|#service.instance.id:3': 7,
  });
});

test('perWorker: every process sends its own lines with an instance tag and the tags of the environment', async () => {
  const { app, server, lines } = await start('perWorker', {
    OTEL_METRIC_EXPORT_INTERVAL: '100',
    OTEL_EXPORTER_STATSD_TAGS: 'team=a',
  });
  const seen = async (text: string): Promise<void> => {
    while (!server.datagrams.some((datagram) => datagram.includes(text))) {
      await server.gotLines(server.datagrams.join('\n').split('\n').length + 1);
    }
  };
  const pid = app.child.pid!;
  await seen('|#instance:1,team:a');
  await seen('|#instance:2,team:a');
  await seen(`|#instance:${pid},team:a`);
  app.child.kill('SIGTERM');
  await app.ended;
  const all = totals(await lines());
  expect(all).toEqual({
    [`jobs|#instance:${pid},team:a`]: 1,
    'jobs|#instance:1,team:a': 10,
    'jobs|#instance:2,team:a': 10,
    'busy|#instance:1,team:a': 1,
    'busy|#instance:2,team:a': 2,
    [`number|#instance:${pid},team:a`]: 7,
    'number|#instance:1,team:a': 7,
    'number|#instance:2,team:a': 7,
  });
});

test('aggregate: primary and workers that are stopped at the same time say nothing and lose nothing', async () => {
  const { app, lines } = await start('aggregate');
  app.child.kill('SIGUSR2');
  expect(await app.ended).toEqual({ status: null, signal: 'SIGTERM', stdout: 'ready\n', stderr: '' });
  expect(totals(await lines())).toMatchObject({ jobs: 21 });
});

test('aggregate: a worker whose parent never answers exports itself and does not wait at its end', async () => {
  const server = await startUdpServer();
  cluster.setupPrimary({ exec: app, execArgv: ['--import', register], silent: true });
  const worker = cluster.fork({
    OTEL_EXPORTER_STATSD_CLUSTER: 'aggregate',
    OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}`,
    OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd',
    // Longer than this test may take.
    OTEL_EXPORTER_STATSD_TIMEOUT: '100000',
    OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'dns',
    OTEL_EXPORTER_STATSD_RESOURCE_TAGS: 'none.such',
    NODE_APP_INSTANCE: '4',
  });
  onTestFinished(() => void worker.process.kill('SIGKILL'));
  await new Promise<void>((resolve) => worker.on('message', (message) => message === 'ready' && resolve()));
  const ended = once(worker.process, 'exit');
  worker.process.kill('SIGTERM');
  expect(await ended).toEqual([null, 'SIGTERM']);
  const lines = (await server.drain()).flatMap((datagram) => datagram.split('\n'));
  expect(lines.filter((line) => line.startsWith('jobs:'))).toEqual(['jobs:10|c|#instance:4']);
});
