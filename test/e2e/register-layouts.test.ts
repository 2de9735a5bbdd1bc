// The register on the built package in other people's node_modules: nothing hoisted, nothing optional
// installed, instrumented packages that are ES modules.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startApp } from '../support/app-process.js';
import { startUdpServer } from '../support/receivers/udp-server.js';
import { appFolder, link, packageName, peers, temporaryFolder } from './support/app-folder.js';

const auto = '@opentelemetry/auto-instrumentations-node';
const register = 'opentelemetry-exporter-statsd/register';
const countJobs = `require('@opentelemetry/api').metrics.getMeter('jobs').createCounter('jobs').add(1);`;

async function environment() {
  const server = await startUdpServer();
  const env = {
    OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}`,
    OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd',
    OTEL_EXPORTER_STATSD_HISTOGRAMS: 'summary',
    OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http',
    OTEL_SEMCONV_STABILITY_OPT_IN: 'http',
    OTEL_SERVICE_NAME: 'shop',
  };
  const received = async () => {
    const lines = (await server.drain()).flatMap((payload) => payload.split('\n'));
    return lines.filter((line) => /^[^|]*(\.count|jobs|greetings):/.test(line)).sort();
  };
  return { env, received };
}

test("without instrumentations the log names the package to install, and the app's metrics are exported", async () => {
  const { env, received } = await environment();
  const cwd = appFolder(peers);
  const args = ['--import', register, '-e', countJobs];
  expect(await startApp(args, { cwd, env: { ...env, OTEL_LOG_LEVEL: 'info' } }).ended).toEqual({
    status: 0,
    signal: null,
    stdout:
      'opentelemetry-exporter-statsd/register only what the app records with @opentelemetry/api is exported; for ' +
      'metrics of HTTP, databases and the runtime run: npm install @opentelemetry/auto-instrumentations-node\n',
    stderr: '',
  });
  expect(await received()).toEqual(['jobs:1|c|#service:shop']);
});

test('traces without their package are one line in the log, and metrics are exported', async () => {
  const { env, received } = await environment();
  const cwd = appFolder(peers);
  const args = ['--import', register, '-e', countJobs];
  expect(await startApp(args, { cwd, env: { ...env, OTEL_TRACES_EXPORTER: 'otlp' } }).ended).toEqual({
    status: 0,
    signal: null,
    stdout: '',
    stderr:
      'opentelemetry-exporter-statsd/register traces and logs are off: OTEL_TRACES_EXPORTER and ' +
      'OTEL_LOGS_EXPORTER need @opentelemetry/auto-instrumentations-node\n',
  });
  expect(await received()).toEqual(['jobs:1|c|#service:shop']);
});

const serveOnce = `
  const server = require('node:http').createServer((request, response) => response.end()).listen(0, () => {
    fetch('http://127.0.0.1:' + server.address().port).then((response) => response.text()).then(() => server.close());
  });
`;

test('instrumentations are found though none of what they need is installed beside them', async () => {
  const { env, received } = await environment();
  const cwd = appFolder([...peers, auto], { 'app.cjs': serveOnce });
  const ended = await startApp(['--import', register, 'app.cjs'], { cwd, env }).ended;
  expect(ended).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
  expect((await received()).map((line) => line.slice(0, line.indexOf('|')))).toEqual([
    'http.server.request.duration.count:1',
  ]);
});

test('instrumentations are found beside the register when NODE_OPTIONS brings it to an app elsewhere', async () => {
  const { env, received } = await environment();
  const agent = appFolder([...peers, auto]);
  const app = temporaryFolder();
  writeFileSync(join(app, 'app.cjs'), serveOnce);
  const preload = join(agent, 'node_modules/opentelemetry-exporter-statsd/dist/cjs/register.js');
  const NODE_OPTIONS = `--require ${JSON.stringify(preload)}`;
  const ended = await startApp(['app.cjs'], { cwd: app, env: { ...env, NODE_OPTIONS } }).ended;
  expect(ended).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
  expect((await received()).map((line) => line.slice(0, line.indexOf('|')))).toEqual([
    'http.server.request.duration.count:1',
  ]);
});

/** Counts a job in the main thread and one in a worker, and serves a request between them. */
const threads = `
  const { isMainThread, Worker } = require('node:worker_threads');
  ${countJobs}
  if (isMainThread) {
    ${serveOnce}
    server.on('close', () => new Worker(__filename));
  }
`;

test.each(
  (['copied', 'pnpm', 'linked'] as const).flatMap((layout) =>
    ['--import', '--require'].map((flag) => ({ layout, flag })),
  ),
)('all threads are measured by $flag when the package is $layout', async ({ layout, flag }) => {
  const { env, received } = await environment();
  const cwd = appFolder([...peers, auto], { 'app.cjs': threads }, layout);
  const ended = await startApp([flag, register, 'app.cjs'], { cwd, env }).ended;
  expect(ended).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
  expect((await received()).map((line) => line.slice(0, line.indexOf('|')))).toEqual([
    'http.server.request.duration.count:1',
    'jobs:1',
    'jobs:1',
  ]);
});

test('both copies of the package in one process export, and the register starts once', async () => {
  const { env, received } = await environment();
  const app = `
    import { createRequire } from 'node:module';
    import { StatsdExporter } from '${packageName}';
    const require = createRequire(import.meta.url);
    const copy = require('${packageName}');
    require('${register}');
    console.log(copy.StatsdExporter === StatsdExporter);
    ${countJobs}
  `;
  const cwd = appFolder(peers, { 'app.mjs': app });
  const ended = await startApp(['--import', register, 'app.mjs'], { cwd, env }).ended;
  expect(ended).toEqual({ status: 0, signal: null, stdout: 'false\n', stderr: '' });
  expect(await received()).toEqual(['jobs:1|c|#service:shop']);
});

/** Stands for the real package, with one instrumentation: of an ES module, which needs the loader hook. */
const greeterInstrumentations = `
  const { InstrumentationBase, InstrumentationNodeModuleDefinition } = require('@opentelemetry/instrumentation');

  class GreeterInstrumentation extends InstrumentationBase {
    constructor() {
      super('instrumentation-greeter', '1.0.0', {});
    }
    _updateMetricInstruments() {
      this.greetings = this.meter.createCounter('greetings');
    }
    init() {
      return new InstrumentationNodeModuleDefinition('greeter', ['*'], (greeter) => {
        const { greet } = greeter;
        greeter.greet = (name) => {
          this.greetings.add(1);
          return greet(name);
        };
        return greeter;
      });
    }
  }
  exports.getNodeAutoInstrumentations = () => [new GreeterInstrumentation()];
`;

test.each(['--import', '--require'])('a package that is an ES module is instrumented by %s', async (flag) => {
  const { env, received } = await environment();
  const cwd = appFolder(peers, {
    [`node_modules/${auto}/package.json`]: '{ "main": "index.js" }',
    [`node_modules/${auto}/index.js`]: greeterInstrumentations,
    'node_modules/greeter/package.json': '{ "type": "module", "exports": "./index.js", "version": "1.0.0" }',
    'node_modules/greeter/index.js': `export { greet } from './greet.js';`,
    'node_modules/greeter/greet.js': "export function greet(name) { return 'Hello ' + name; }",
    'app.mjs': `import { greet } from 'greeter'; console.log(greet('you') + ', ' + greet('me'));`,
  });
  for (const dependency of ['@opentelemetry/instrumentation', '@opentelemetry/sdk-node']) {
    link(join(cwd, 'node_modules', auto), dependency);
  }
  const ended = await startApp([flag, register, 'app.mjs'], { cwd, env }).ended;
  expect(ended).toEqual({ status: 0, signal: null, stdout: 'Hello you, Hello me\n', stderr: '' });
  expect(await received()).toEqual(['greetings:2|c|#service:shop']);
});
