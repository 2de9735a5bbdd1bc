// `--import opentelemetry-exporter-statsd/register` on the built package: apps without OpenTelemetry code, in
// processes of their own, sending to real sockets.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { repository, startApp } from '../support/app-process.js';
import { needs, skipWithout } from '../support/platform.js';
import { startTcpServer, unusedPort } from '../support/receivers/stream-server.js';
import { startUdpServer } from '../support/receivers/udp-server.js';

const byName = 'opentelemetry-exporter-statsd/register';
const byUrl = pathToFileURL(join(repository, 'dist/cjs/register.js')).href;
const commonJs = join(repository, 'dist/cjs/register.js');
const countJobs = `require('@opentelemetry/api').metrics.getMeter('jobs').createCounter('jobs').add(1);`;

const fixture = (name: string) => join(repository, 'test/e2e/fixtures', name);

/** Exact counts as lines of their own, and no more instrumentations than the tests look at. */
const settings = {
  OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd',
  OTEL_EXPORTER_STATSD_HISTOGRAMS: 'summary',
  OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http',
  // What instrumentations from before the stable HTTP conventions need to follow them.
  OTEL_SEMCONV_STABILITY_OPT_IN: 'http',
};

const threeRequests = ['http.client.request.duration.count:3', 'http.server.request.duration.count:3'];

/** `name:value` of the counters, sorted. */
function counts(payloads: readonly string[]): string[] {
  return payloads
    .flatMap((payload) => payload.split('\n'))
    .filter((line) => /^[^|]*(\.count|jobs):[^|]*\|c/.test(line))
    .map((line) => line.slice(0, line.indexOf('|')))
    .sort();
}

async function withUdpServer() {
  const server = await startUdpServer();
  const env = { ...settings, OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}` };
  return { env, server, received: async () => counts(await server.drain()) };
}

describe('the requests of an app without OpenTelemetry code are counted', () => {
  const apps = ['requests.mjs', 'requests.cjs'];
  test.each(
    apps.flatMap((app) => [
      [app, '--import', byUrl],
      [app, '--require', commonJs],
      [app, '--import', byName],
      [app, '--require', byName],
    ]),
  )('%s by %s %s', async (app, flag, register) => {
    const { env, received } = await withUdpServer();
    const ended = await startApp([flag, register, fixture(app)], { env }).ended;
    expect(ended).toEqual({ status: 0, signal: null, stdout: 'ready\n', stderr: '' });
    expect(await received()).toEqual(threeRequests);
  });

  test('once when both copies of the register are loaded', async () => {
    const { env, received } = await withUdpServer();
    const flags = ['--require', commonJs, '--import', byUrl];
    const ended = await startApp([...flags, fixture('requests.mjs')], { env }).ended;
    expect(ended).toEqual({ status: 0, signal: null, stdout: 'ready\n', stderr: '' });
    expect(await received()).toEqual(threeRequests);
  });

  test('when the app imports the register first thing', async () => {
    const { env, received } = await withUdpServer();
    const ended = await startApp([fixture('register-first.mjs')], { env }).ended;
    expect(ended).toEqual({ status: 0, signal: null, stdout: 'ready\n', stderr: '' });
    expect(await received()).toEqual(threeRequests);
  });

  test('with all default instrumentations', async () => {
    const { env, received } = await withUdpServer();
    const { OTEL_NODE_ENABLED_INSTRUMENTATIONS: _, ...all } = env;
    const ended = await startApp(['--import', byName, fixture('requests.mjs')], { env: all }).ended;
    expect(ended).toEqual({ status: 0, signal: null, stdout: 'ready\n', stderr: '' });
    expect((await received()).filter((count) => count.startsWith('http'))).toEqual(threeRequests);
  });
});

test('contexts survive asynchronous work, so that http.route reaches the metrics', async () => {
  const { env } = await withUdpServer();
  const code = `
    const { context, createContextKey } = require('@opentelemetry/api');
    const key = createContextKey('route');
    context.with(context.active().setValue(key, '/cheese'), async () => {
      await undefined;
      console.log(context.active().getValue(key));
    });
  `;
  const ended = await startApp(['--import', byName, '-e', code], { env }).ended;
  expect(ended).toEqual({ status: 0, signal: null, stdout: '/cheese\n', stderr: '' });
});

describe('the last interval is delivered, and the process ends as it would have', () => {
  needs('signals');

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('by %s', async (signal) => {
    const { env, received } = await withUdpServer();
    const app = startApp(['--import', byName, fixture('requests.mjs'), 'stay'], { env });
    await app.said('ready\n');
    app.child.kill(signal);
    expect(await app.ended).toEqual({ status: null, signal, stdout: 'ready\n', stderr: '' });
    expect(await received()).toEqual(threeRequests);
  });

  test('by a signal, over TCP', async () => {
    const server = await startTcpServer();
    const env = { ...settings, OTEL_EXPORTER_STATSD_ENDPOINT: `tcp://127.0.0.1:${server.port}` };
    const app = startApp(['--require', byName, fixture('requests.cjs'), 'stay'], { env });
    await app.said('ready\n');
    app.child.kill('SIGTERM');
    expect(await app.ended).toEqual({ status: null, signal: 'SIGTERM', stdout: 'ready\n', stderr: '' });
    expect(counts(server.lines)).toEqual(threeRequests);
  });

  test('with the exit code that the app has set', async () => {
    const { env, received } = await withUdpServer();
    const ended = await startApp(['--import', byName, '-e', `${countJobs} process.exitCode = 7`], { env })
      .ended;
    expect(ended).toEqual({ status: 7, signal: null, stdout: '', stderr: '' });
    expect(await received()).toEqual(['jobs:1']);
  });

  test('when the app handles the signal and ends later', async () => {
    const { env, received } = await withUdpServer();
    const app = startApp(['--import', byName, fixture('graceful.mjs')], { env });
    await app.said('ready\n');
    app.child.kill('SIGTERM');
    expect(await app.ended).toEqual({ status: 3, signal: null, stdout: 'ready\n', stderr: '' });
    expect(await received()).toEqual(['jobs:1', 'jobs:10']);
  });

  test('when the app ends by the signal only if it is the only one to listen', async () => {
    const { env, received } = await withUdpServer();
    const app = startApp(['--import', byName, fixture('sole-listener.mjs')], { env });
    await app.said('ready\n');
    app.child.kill('SIGTERM');
    expect(await app.ended).toEqual({
      status: null,
      signal: 'SIGTERM',
      stdout: 'ready\ncleaned up\n',
      stderr: '',
    });
    expect(await received()).toEqual(['jobs:1']);
  });

  test('of the main thread and of a worker that ends by itself, instrumented in the main thread only', async () => {
    const { env, received } = await withUdpServer();
    const ended = await startApp(['--import', byName, fixture('worker.mjs')], { env }).ended;
    expect(ended).toEqual({ status: 0, signal: null, stdout: 'ready\nready\n', stderr: '' });
    expect(await received()).toEqual([...threeRequests, 'jobs:1', 'jobs:1']);
  });
});

describe('an absent or hanging server does not delay the end of the process', () => {
  const lost =
    /^opentelemetry-exporter-statsd \d+ lines? dropped, not sent to \S+: the exporter was shut down before/m;

  test('that ends by itself', async () => {
    const endpoint = `tcp://127.0.0.1:${await unusedPort()}`;
    const env = { ...settings, OTEL_EXPORTER_STATSD_ENDPOINT: endpoint, OTEL_EXPORTER_STATSD_TIMEOUT: '100' };
    const { stderr, ...ended } = await startApp(['--import', byName, '-e', countJobs], { env }).ended;
    expect(ended).toEqual({ status: 0, signal: null, stdout: '' });
    expect(stderr).toMatch(lost);
  });

  test('that is ended by a signal', async () => {
    skipWithout('signals');
    const endpoint = `tcp://127.0.0.1:${await unusedPort()}`;
    const env = { ...settings, OTEL_EXPORTER_STATSD_ENDPOINT: endpoint, OTEL_EXPORTER_STATSD_TIMEOUT: '100' };
    const app = startApp(['--import', byName, fixture('requests.mjs'), 'stay'], { env });
    await app.said('ready\n');
    app.child.kill('SIGTERM');
    const { stderr, ...ended } = await app.ended;
    expect(ended).toEqual({ status: null, signal: 'SIGTERM', stdout: 'ready\n' });
    expect(stderr).toMatch(lost);
  });

  test('when a second signal says at once', async () => {
    skipWithout('signals');
    const hanging = await startTcpServer(() => {});
    const env = {
      ...settings,
      OTEL_EXPORTER_STATSD_ENDPOINT: `tcp://127.0.0.1:${hanging.port}`,
      OTEL_EXPORTER_STATSD_TIMEOUT: '600000',
    };
    const app = startApp(['--import', byName, fixture('requests.mjs'), 'stay'], { env });
    await app.said('ready\n');
    app.child.kill('SIGTERM');
    await hanging.gotConnections(1);
    app.child.kill('SIGINT');
    expect(await app.ended).toEqual({ status: null, signal: 'SIGINT', stdout: 'ready\n', stderr: '' });
  });
});

test('an uncaught exception is printed and ends the process with status 1', async () => {
  const { env } = await withUdpServer();
  const code = `${countJobs} setTimeout(() => { throw new Error('out of cheese') })`;
  const { stderr, ...ended } = await startApp(['--import', byName, '-e', code], { env }).ended;
  expect(ended).toEqual({ status: 1, signal: null, stdout: '' });
  expect(stderr).toMatch(/^Error: out of cheese$/m);
});

describe('the environment decides', () => {
  test('how often is exported', async () => {
    const { env, server } = await withUdpServer();
    const often = { ...env, OTEL_METRIC_EXPORT_INTERVAL: '50' };
    const code = `${countJobs} setInterval(() => {}, 60_000)`;
    startApp(['--import', byName, '-e', code], { env: often });
    expect(counts(await server.gotLines(1))).toEqual(['jobs:1']);
  });

  test('with one warning about a bad interval, and the default instead', async () => {
    const { env, received } = await withUdpServer();
    const bad = { ...env, OTEL_METRIC_EXPORT_INTERVAL: '10s' };
    // All instrumentations and --require: Node 20 then runs the register in its loader thread too.
    const { OTEL_NODE_ENABLED_INSTRUMENTATIONS: _, ...all } = bad;
    expect(await startApp(['--require', byName, '-e', countJobs], { env: all }).ended).toEqual({
      status: 0,
      signal: null,
      stdout: '',
      stderr:
        'opentelemetry-exporter-statsd/register OTEL_METRIC_EXPORT_INTERVAL is ignored: expected milliseconds ' +
        'from 1 to 2147483647, got "10s"\n',
    });
    expect((await received()).filter((count) => count.startsWith('jobs'))).toEqual(['jobs:1']);
  });

  test.each([
    ['nothing at all', { OTEL_SDK_DISABLED: 'true' }, ''],
    [
      'no metrics',
      { OTEL_METRICS_EXPORTER: 'none', OTEL_LOG_LEVEL: 'info' },
      'opentelemetry-exporter-statsd/register metrics, traces and logs are off by OTEL_METRICS_EXPORTER=none\n',
    ],
  ])('to export %s', async (_, off, stdout) => {
    const { env, received } = await withUdpServer();
    const ended = await startApp(['--import', byName, '-e', countJobs], { env: { ...env, ...off } }).ended;
    expect(ended).toEqual({ status: 0, signal: null, stdout, stderr: '' });
    expect(await received()).toEqual([]);
  });

  async function startCollector() {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      request.resume().on('end', () => response.end());
    });
    let connections = 0;
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    const OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${port}`;
    return { OTEL_EXPORTER_OTLP_ENDPOINT, requests, connections: () => connections };
  }

  test('that nothing connects to a collector unless asked to', async () => {
    const { env, received } = await withUdpServer();
    const { OTEL_EXPORTER_OTLP_ENDPOINT, connections } = await startCollector();
    const ended = await startApp(['--import', byName, fixture('requests.mjs')], {
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT },
    }).ended;
    expect(ended).toEqual({ status: 0, signal: null, stdout: 'ready\n', stderr: '' });
    expect(await received()).toEqual(threeRequests);
    expect(connections()).toBe(0);
  });

  test('that traces go to a collector when asked to, and metrics to StatsD still', async () => {
    const { env, received } = await withUdpServer();
    const { OTEL_EXPORTER_OTLP_ENDPOINT, requests } = await startCollector();
    const ended = await startApp(['--import', byName, fixture('requests.mjs')], {
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'otlp' },
    }).ended;
    expect(ended).toEqual({ status: 0, signal: null, stdout: 'ready\n', stderr: '' });
    expect(await received()).toEqual(threeRequests);
    expect(requests).toEqual(['POST /v1/traces']);
  });
});

describe('register beside another OpenTelemetry setup', () => {
  test('it says so and lets the app run', async () => {
    const { env, received } = await withUdpServer();
    const flags = ['--require', fixture('other-provider.cjs'), '--import', byName];
    expect(await startApp([...flags, fixture('requests.mjs')], { env }).ended).toEqual({
      status: 0,
      signal: null,
      stdout: 'ready\n',
      stderr:
        'opentelemetry-exporter-statsd/register nothing is exported: another MeterProvider is registered already; ' +
        'load opentelemetry-exporter-statsd/register before anything else of OpenTelemetry and no other ' +
        'register beside it\n',
    });
    expect(await received()).toEqual([]);
  });

  test('by the register of the auto-instrumentations it starts nothing, for both would count', async () => {
    const { env, received } = await withUdpServer();
    const off = { OTEL_METRICS_EXPORTER: 'statsd', OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
    const flags = ['--import', byName, '--import', '@opentelemetry/auto-instrumentations-node/register'];
    const ended = await startApp([...flags, fixture('requests.mjs')], { env: { ...env, ...off } }).ended;
    expect({ status: ended.status, signal: ended.signal }).toEqual({ status: 0, signal: null });
    expect(ended.stdout).toMatch(/^ready$/m);
    expect(ended.stderr).toMatch(
      /^opentelemetry-exporter-statsd\/register nothing is exported: @opentelemetry\/auto-instrumentations-node\/register is loaded too/m,
    );
    expect(await received()).toEqual([]);
  });
});
