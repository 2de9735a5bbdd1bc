// register with a configuration file.
import { describe, expect, test } from 'vitest';
import { startApp } from '../support/app-process.js';
import { startUdpServer } from '../support/receivers/udp-server.js';
import { appFolder, peers } from './support/app-folder.js';

const register = 'opentelemetry-exporter-statsd/register';
const countJobs = `require('@opentelemetry/api').metrics.getMeter('jobs').createCounter('jobs').add(1, { kind: 'a', id: 7 });`;

async function start(config: Readonly<Record<string, string>>, name: string, flag = '--import') {
  const server = await startUdpServer();
  const cwd = appFolder(peers, config);
  const env = {
    OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}`,
    OTEL_EXPORTER_STATSD_PREFIX: 'environment',
    OTEL_EXPORTER_STATSD_CONFIG: name,
  };
  const { status, stderr } = await startApp([flag, register, '-e', countJobs], { cwd, env }).ended;
  return { status, stderr, lines: await server.drain() };
}

describe('options and views of a configuration file', () => {
  const views = "views: [{ instrumentName: 'jobs', name: 'work' }]";

  test.each([
    [
      'statsd.config.mjs',
      `import { defineConfig } from 'opentelemetry-exporter-statsd';
      export default defineConfig({ prefix: 'file', ${views} });`,
      '--import',
    ],
    ['statsd.config.cjs', `module.exports = { prefix: 'file', ${views} };`, '--require'],
    [
      'statsd.config.mjs',
      `import { setTimeout } from 'node:timers/promises';
      export default async () => (await setTimeout(200), { prefix: 'file', ${views} });`,
      '--import',
    ],
  ])('reach the exporter and the MeterProvider, from %s: %s by %s', async (name, text, flag) => {
    expect(await start({ [name]: text }, `./${name}`, flag)).toEqual({
      status: 0,
      stderr: '',
      lines: ['file.work.id.7.kind.a:1|c\n'],
    });
  });

  test('of a faulty file are ignored with one line, and the environment counts', async () => {
    expect(await start({ 'statsd.config.json': '{ "prefx": "file" }' }, './statsd.config.json')).toEqual({
      status: 0,
      stderr:
        'opentelemetry-exporter-statsd/register OTEL_EXPORTER_STATSD_CONFIG is ignored: ./statsd.config.json: prefx: unknown ' +
        'option (did you mean "prefix"?)\n',
      lines: ['environment.jobs.id.7.kind.a:1|c\n'],
    });
  });

  test('of a missing file are told to be missing', async () => {
    expect(await start({}, './statsd.config.mjs')).toEqual({
      status: 0,
      stderr:
        'opentelemetry-exporter-statsd/register OTEL_EXPORTER_STATSD_CONFIG is ignored: ./statsd.config.mjs: there is no such ' +
        'file\n',
      lines: ['environment.jobs.id.7.kind.a:1|c\n'],
    });
  });
});
