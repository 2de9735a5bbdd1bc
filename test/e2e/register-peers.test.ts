// register and the command beside peers that are missing, of another version, or there twice.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository, startApp } from '../support/app-process.js';
import { startUdpServer } from '../support/receivers/udp-server.js';
import { appFolder, link, peers } from './support/app-folder.js';

const register = 'opentelemetry-exporter-statsd/register';
const countJobs = `require('@opentelemetry/api').metrics.getMeter('jobs').createCounter('jobs').add(1); console.log('ran');`;

async function environment() {
  const server = await startUdpServer();
  return { env: { OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}` }, server };
}

/** A copy of the API that says it is another version. */
function copyApi(place: string, version: string): void {
  mkdirSync(dirname(place), { recursive: true });
  cpSync(join(repository, 'node_modules/@opentelemetry/api'), place, { recursive: true });
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => /(?:^|[/\\])version\.[cm]?js$/.test(name))) {
    const text = readFileSync(join(place, file), 'utf8');
    writeFileSync(join(place, file), text.replace(/(['"])\d+\.\d+\.\d+\1/, `$1${version}$1`));
  }
}

const installedVersion = (name: string): string =>
  JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8')).version;
const ownVersion = installedVersion('@opentelemetry/api');
/** Core and SDK have the same major version. */
const [sdkMajor] = installedVersion('@opentelemetry/core').split('.');

describe('peers that are missing or do not fit', () => {
  const sdk = '@opentelemetry/sdk-metrics';
  const missing =
    `${sdk} is not installed (^2.0.0 || ^3.0.0 is needed). To install what fits: ` +
    `npm install @opentelemetry/api@1 @opentelemetry/core@${sdkMajor} ${sdk}@${sdkMajor}\n`;

  test.each(['--import', '--require'])('are one line, and the app runs, by %s', async (flag) => {
    const cwd = appFolder(peers.filter((name) => name !== sdk));
    expect(await startApp([flag, register, '-e', countJobs], { cwd, env: {} }).ended).toEqual({
      status: 0,
      signal: null,
      stdout: 'ran\n',
      stderr: `opentelemetry-exporter-statsd/register nothing is exported: ${missing}`,
    });
  });

  test('are one line for the command', async () => {
    const cwd = appFolder(peers.filter((name) => name !== sdk));
    const command = join(cwd, 'node_modules/opentelemetry-exporter-statsd/dist/esm/cli.js');
    expect(await startApp([command, 'preview'], { cwd, env: {} }).ended).toEqual({
      status: 1,
      signal: null,
      stdout: '',
      stderr: `otel-statsd: ${missing}`,
    });
  });

  test('of SDK 1.30 are one line', async () => {
    const cwd = appFolder(
      peers.filter((name) => name !== sdk),
      {
        [`node_modules/${sdk}/package.json`]: JSON.stringify({
          name: sdk,
          version: '1.30.1',
          main: 'index.js',
        }),
        [`node_modules/${sdk}/index.js`]: 'exports.MeterProvider = class {};',
      },
    );
    const { status, stderr } = await startApp(['--import', register, '-e', countJobs], { cwd, env: {} })
      .ended;
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        `opentelemetry-exporter-statsd/register nothing is exported: ${sdk} is installed in version 1.30.1, and ^2.0.0 || ^3.0.0 is ` +
        `needed. To install what fits: npm install @opentelemetry/api@1 @opentelemetry/core@${sdkMajor} ${sdk}@${sdkMajor}\n`,
    });
  });
});

describe('another copy of the API', () => {
  const patch = ownVersion.replace(/\d+$/, (digits) => String(Number(digits) + 1));
  const minor = ownVersion.replace(/\.(\d+)\.\d+$/, (_, digits) => `.${Number(digits) + 1}.0`);

  test.each([
    [patch, 'context', {}],
    [patch, 'context', { OTEL_LOG_LEVEL: 'debug' }],
    [minor, 'diag', {}],
    [ownVersion.replace(/^(\d+)\.(\d+)/, '$1.8'), 'metrics', {}],
  ])(
    'of version %s that registered its %s first is told on standard error, with %j',
    async (version, api, more) => {
      const { env, server } = await environment();
      const cwd = appFolder(peers, {
        'agent.cjs': `
        const api = require('./agent/api');
        if ('${api}' === 'diag') api.diag.setLogger({ error() {}, warn() {}, info() {}, debug() {}, verbose() {} });
        else if ('${api}' === 'metrics') api.metrics.setGlobalMeterProvider({ getMeter: () => api.createNoopMeter() });
        else api.context.setGlobalContextManager({ active: () => api.ROOT_CONTEXT, with: (c, f) => f(), bind: (c, f) => f });
      `,
      });
      copyApi(join(cwd, 'agent/api'), version);
      const args = ['--require', './agent.cjs', '--import', register, '-e', countJobs];
      const cure = version.startsWith('1.8.')
        ? 'Update it, or'
        : `Install the same version: npm install @opentelemetry/api@${version}. Or`;
      expect(await startApp(args, { cwd, env: { ...env, ...more } }).ended).toEqual({
        status: 0,
        signal: null,
        stdout: 'ran\n',
        stderr:
          `opentelemetry-exporter-statsd/register nothing is exported: @opentelemetry/api ${version} was registered first, by an ` +
          `agent, the host runtime or another package, and it refuses ${ownVersion}, which opentelemetry-exporter-statsd ` +
          `uses. ${cure} load opentelemetry-exporter-statsd/register before the other\n`,
      });
      expect(await server.drain()).toEqual([]);
    },
  );

  test('of the same version that registered a context manager first does not matter', async () => {
    const { env, server } = await environment();
    const cwd = appFolder(peers, {
      'agent.cjs': `
        const api = require('./agent/api');
        api.context.setGlobalContextManager({ active: () => api.ROOT_CONTEXT, with: (c, f) => f(), bind: (c, f) => f });
      `,
    });
    copyApi(join(cwd, 'agent/api'), ownVersion);
    const args = ['--require', './agent.cjs', '--import', register, '-e', countJobs];
    const { stderr } = await startApp(args, { cwd, env }).ended;
    expect({ stderr, received: await server.drain() }).toEqual({ stderr: '', received: ['jobs:1|c\n'] });
  });

  test.each([
    [minor, true],
    [patch, false],
  ])(
    'of version %s that the app has is warned about when its instruments record nothing: %s',
    async (version, isLost) => {
      const { env, server } = await environment();
      const cwd = appFolder([], {});
      for (const name of peers) link(join(cwd, 'node_modules/opentelemetry-exporter-statsd'), name);
      copyApi(join(cwd, 'node_modules/@opentelemetry/api'), version);
      const { stdout, stderr } = await startApp(['--import', register, '-e', countJobs], { cwd, env }).ended;
      expect({ stdout, stderr, lines: await server.drain() }).toEqual({
        stdout: 'ran\n',
        stderr: isLost
          ? `opentelemetry-exporter-statsd/register the app has @opentelemetry/api ${version} ` +
            `(${join(cwd, 'node_modules/@opentelemetry/api')}), and opentelemetry-exporter-statsd uses ${ownVersion}: what ` +
            'the app records with its copy is lost. Let both have the same copy: ' +
            `npm install @opentelemetry/api@${version} && npm dedupe\n`
          : '',
        lines: isLost ? [] : ['jobs:1|c\n'],
      });
    },
  );
});
