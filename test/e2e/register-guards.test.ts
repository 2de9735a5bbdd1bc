// Apps that run without register run with it: imports of packages whose instrumentations have faults.
import { expect, test } from 'vitest';
import { startApp } from '../support/app-process.js';
import { startUdpServer } from '../support/receivers/udp-server.js';
import { appFolder, link, peers } from './support/app-folder.js';

const auto = '@opentelemetry/auto-instrumentations-node';
const register = 'opentelemetry-exporter-statsd/register';

const packages = {
  'node_modules/memcached/package.json': '{ "name": "memcached", "version": "2.2.2", "main": "index.js" }',
  'node_modules/memcached/index.js': `
    module.exports = function Memcached() {};
    module.exports.prototype.command = () => 'commanded';
  `,
  'node_modules/lru-memoizer/package.json':
    '{ "name": "lru-memoizer", "version": "3.0.0", "main": "index.js" }',
  'node_modules/lru-memoizer/index.js': `
    module.exports = ({ load }) => (key, callback) => load(key, callback);
    module.exports.sync = () => 'sync';
  `,
  'app.mjs': `
    import Memcached from 'memcached';
    import memoizer from 'lru-memoizer';
    memoizer({ load: (key, callback) => callback(null, key + ' loaded') })('a', (error, value) => console.log(value));
    console.log(typeof new Memcached().command, memoizer.sync());
  `,
};

test.each<[string, Readonly<Record<string, string>>]>([
  ['off', {}],
  ['on', { OTEL_TRACES_EXPORTER: 'console' }],
])('packages that export a function work as ES module imports, with traces %s', async (_traces, env) => {
  const cwd = appFolder([...peers, auto], packages);
  const server = await startUdpServer();
  const quiet = { OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}`, ...env };
  const { status, stdout, stderr } = await startApp(['--import', register, 'app.mjs'], { cwd, env: quiet })
    .ended;
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'a loaded\nfunction sync\n', stderr: '' });
});

const faulty = `
  const { InstrumentationBase, InstrumentationNodeModuleDefinition } = require('@opentelemetry/instrumentation');

  class GreeterInstrumentation extends InstrumentationBase {
    constructor() {
      super('instrumentation-greeter', '1.0.0', {});
    }
    _updateMetricInstruments() {}
    init() {
      return new InstrumentationNodeModuleDefinition('greeter', ['*'], () => { throw new Error('no greeting'); });
    }
  }
  exports.getNodeAutoInstrumentations = () => [new GreeterInstrumentation()];
`;

test.each(['app.mjs', 'app.cjs'])(
  'an instrumentation that throws while it patches is one line, in %s',
  async (app) => {
    const cwd = appFolder(peers, {
      [`node_modules/${auto}/package.json`]: '{ "main": "index.js" }',
      [`node_modules/${auto}/index.js`]: faulty,
      'node_modules/greeter/package.json': '{ "exports": "./index.js", "version": "1.2.3" }',
      'node_modules/greeter/index.js': "exports.greet = () => 'Hello';",
      'app.mjs': `import greeter from 'greeter'; console.log(greeter.greet());`,
      'app.cjs': `console.log(require('greeter').greet());`,
    });
    for (const dependency of ['@opentelemetry/instrumentation', '@opentelemetry/sdk-node']) {
      link(`${cwd}/node_modules/${auto}`, dependency);
    }
    const server = await startUdpServer();
    const env = { OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}` };
    expect(await startApp(['--import', register, app], { cwd, env }).ended).toEqual({
      status: 0,
      signal: null,
      stdout: 'Hello\n',
      stderr:
        'opentelemetry-exporter-statsd/register instrumentation-greeter cannot patch greeter 1.2.3: no greeting. ' +
        'The module is not instrumented\n',
    });
  },
);

test('instrumentations that are too old are one line with the version that is needed', async () => {
  const cwd = appFolder(peers, {
    [`node_modules/${auto}/package.json`]: JSON.stringify({
      name: auto,
      version: '0.57.1',
      main: 'index.js',
    }),
    [`node_modules/${auto}/index.js`]: 'exports.getNodeAutoInstrumentations = () => [];',
  });
  for (const dependency of ['@opentelemetry/instrumentation', '@opentelemetry/sdk-node']) {
    link(`${cwd}/node_modules/${auto}`, dependency);
  }
  const { status, stderr } = await startApp(['--import', register, '-e', ''], { cwd, env: {} }).ended;
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr:
      `opentelemetry-exporter-statsd/register there are no automatic metrics: ${auto} is installed in version 0.57.1, and ` +
      `>=0.58.0 is needed: npm install ${auto}@latest\n`,
  });
});
