// What is started, in which order, and what a failure of each part leaves. The parts themselves are replaced.
import { DiagLogLevel } from '@opentelemetry/api';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ExitOptions, Telemetry } from '../../src/exporter/flush-on-exit.js';
import type { ReadConfig } from '../../src/exporter/options/config-file.js';
import type { FoundModule } from '../../src/register/find-module.js';
import { start } from '../../src/register/start.js';
import { diagLog } from './support/diag-log.js';

const world = vi.hoisted(() => ({
  thread: { isMainThread: true, parentPort: null as object | null },
  /** The parts that were started, with what they were given. */
  calls: [] as unknown[][],
  /** Parts that fail when they are started. */
  failing: new Set<string>(),
  modules: {} as Record<string, unknown>,
  config: undefined as unknown,
  telemetry: undefined as unknown,
}));

function part(name: string, result?: unknown): (...args: unknown[]) => unknown {
  return (...args) => {
    world.calls.push([name, ...args]);
    if (world.failing.has(name)) throw new Error(`${name} failed`);
    return result;
  };
}

vi.mock('node:worker_threads', async (importActual) => ({
  ...(await importActual<object>()),
  get isMainThread() {
    return world.thread.isMainThread;
  },
  get parentPort() {
    return world.thread.parentPort;
  },
}));
vi.mock('../../src/register/find-module.js', () => ({
  appFiles: () => ['/app/package.json'],
  findModule: (name: string, files: readonly string[]) =>
    files[0] === '/app/package.json' ? world.modules[name] : undefined,
}));
vi.mock('../../src/register/resource.js', () => ({ detectResource: part('resource', 'the resource') }));
vi.mock('../../src/register/start-metrics.js', () => ({
  startMetrics: part('metrics', {
    handOver: async () => part('hand over')(),
    shutdown: async () => part('shut down metrics')(),
  }),
}));
vi.mock('../../src/register/start-traces-and-logs.js', () => ({
  startTracesAndLogs: part('traces and logs', { shutdown: async () => part('shut down traces and logs')() }),
}));
vi.mock('../../src/register/instrumentations.js', () => ({
  startContextManager: part('context manager'),
  startInstrumentations: part('instrumentations'),
}));
vi.mock('../../src/exporter/flush-on-exit.js', async (importActual) => ({
  ...(await importActual<object>()),
  flushOnExit: (telemetry: Telemetry, options: ExitOptions) => {
    world.telemetry = telemetry;
    part('flush on exit')(options);
  },
}));
vi.mock('../../src/exporter/options/config-file.js', () => ({ readConfigFile: () => world.config }));

const noConfig: ReadConfig = { options: {}, views: [], path: undefined, fault: undefined };
const auto: FoundModule = { file: '/auto/index.js', load: () => undefined, find: () => undefined };
const onSignalsAndExit = { deadlineMillis: 6_000, events: ['beforeExit', 'SIGTERM', 'SIGINT', 'SIGHUP'] };
const started = Symbol.for('opentelemetry-exporter-statsd/register');

beforeEach(() => {
  Object.assign(world, {
    thread: { isMainThread: true, parentPort: null },
    calls: [],
    failing: new Set(),
    modules: { '@opentelemetry/auto-instrumentations-node': auto },
    config: noConfig,
    telemetry: undefined,
  });
  Reflect.deleteProperty(globalThis, started);
});

/** Starts with these variables. Returns the log; `started` are the names of the parts. */
async function startWith(env: Readonly<Record<string, string>> = {}) {
  for (const name of Object.keys(process.env)) if (name.startsWith('OTEL_')) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const log = diagLog();
  await start();
  return { started: world.calls.map(([name]) => name), log };
}

const traces = { OTEL_TRACES_EXPORTER: 'otlp' };
const metricsOnly = ['resource', 'metrics', 'context manager', 'instrumentations', 'flush on exit'];

describe('what is started', () => {
  test('is metrics, a context manager and instrumentations, and is flushed on exit', async () => {
    const { log } = await startWith();
    const settings = expect.objectContaining({ metrics: true, logLevel: DiagLogLevel.WARN });
    expect({ calls: world.calls, log }).toEqual({
      calls: [
        ['resource', ['host', 'os', 'process'], auto, expect.any(Function)],
        ['metrics', settings, noConfig, 'the resource'],
        ['context manager', auto],
        ['instrumentations', auto, { metricsOnly: true, warn: expect.any(Function) }],
        ['flush on exit', onSignalsAndExit],
      ],
      log: [],
    });
  });

  test.each([traces, { OTEL_LOGS_EXPORTER: 'otlp' }])(
    'with %j includes NodeSDK, which brings the context manager',
    async (env) => {
      const names = ['resource', 'metrics', 'traces and logs', 'instrumentations', 'flush on exit'];
      expect(await startWith(env)).toEqual({ started: names, log: [] });
      expect(world.calls[2]).toEqual(['traces and logs', expect.any(Object), auto, 'the resource']);
      expect(world.calls[3]).toEqual([
        'instrumentations',
        auto,
        { metricsOnly: false, warn: expect.any(Function) },
      ]);
    },
  );

  test('is traces alone when metrics are off', async () => {
    expect(await startWith({ ...traces, OTEL_METRICS_EXPORTER: 'none' })).toEqual({
      started: ['resource', 'traces and logs', 'instrumentations', 'flush on exit'],
      log: [],
    });
  });

  test('is nothing when all signals are off', async () => {
    expect(await startWith({ OTEL_METRICS_EXPORTER: 'none' })).toEqual({
      started: [],
      log: ['info: metrics, traces and logs are off by OTEL_METRICS_EXPORTER=none'],
    });
  });

  test('is nothing, also at a second call, when the SDK is disabled', async () => {
    expect(await startWith({ OTEL_SDK_DISABLED: 'true' })).toEqual({ started: [], log: [] });
    expect(await startWith()).toEqual({ started: [], log: [] });
  });

  test('is started once, however often start() is called', async () => {
    await startWith();
    expect((await startWith()).started).toEqual(metricsOnly);
  });

  test('in a worker thread is metrics alone, flushed when the thread ends', async () => {
    world.thread = { isMainThread: false, parentPort: {} };
    expect(await startWith(traces)).toEqual({ started: ['resource', 'metrics', 'flush on exit'], log: [] });
    expect(world.calls[2]).toEqual(['flush on exit', { deadlineMillis: 6_000, events: ['beforeExit'] }]);
  });

  test('in the thread of module hooks is nothing', async () => {
    world.thread = { isMainThread: false, parentPort: null };
    expect(await startWith()).toEqual({ started: [], log: [] });
  });

  test('in the main thread of a process with a parent is everything', async () => {
    world.thread = { isMainThread: true, parentPort: {} };
    expect((await startWith()).started).toEqual(metricsOnly);
  });

  test('without the auto-instrumentations package is metrics alone, with a hint', async () => {
    world.modules = {};
    expect(await startWith()).toEqual({
      started: ['resource', 'metrics', 'flush on exit'],
      log: [
        'info: only what the app records with @opentelemetry/api is exported; for metrics of HTTP, databases and ' +
          'the runtime run: npm install @opentelemetry/auto-instrumentations-node',
      ],
    });
  });
});

describe('what is found at the start is logged', () => {
  test('warnings of the variables come first, and the fault of the configuration file is one printable line', async () => {
    world.config = { ...noConfig, fault: 'statsd.config.json: odd \x1b[31m' };
    expect((await startWith({ OTEL_SDK_DISABLED: 'perhaps' })).log).toEqual([
      'warn: OTEL_SDK_DISABLED is ignored: expected "true" or "false", got "perhaps"',
      'error: statsd.config.json: odd \\u{1b}[31m',
    ]);
  });

  test('parts log what they warn of', async () => {
    const { log } = await startWith();
    (world.calls[0]![3] as (message: string) => void)('a detector is missing');
    (world.calls[3]![2] as { warn(message: string): void }).warn('a patch fails');
    expect(log).toEqual(['warn: a detector is missing', 'warn: a patch fails']);
  });

  test("a copy of the API in the app that does not see this package's is warned of", async () => {
    const load = () => ({ VERSION: '1.999.0' });
    const find = (name: string) => (name === '/app/api/build/src/version.js' ? { ...auto, load } : undefined);
    world.modules['@opentelemetry/api'] = { ...auto, file: '/app/api/build/src/index.js', find };
    expect((await startWith()).log).toEqual([
      expect.stringContaining('warn: the app has @opentelemetry/api 1.999.0'),
    ]);
  });

  test('another version of the API that was registered before is told on standard error, and nothing is started', async () => {
    const key = Symbol.for('opentelemetry.js.api.1');
    const registered = Reflect.get(globalThis, key);
    onTestFinished(() => void Reflect.set(globalThis, key, registered));
    const written: unknown[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(text) > 0);
    onTestFinished(() => void vi.restoreAllMocks());
    Reflect.set(globalThis, key, { version: '1.0.0' });
    await start();
    expect({ calls: world.calls, written }).toEqual({
      calls: [],
      written: [
        expect.stringMatching(
          /^opentelemetry-exporter-statsd\/register nothing is exported: @opentelemetry\/api 1\.0\.0 was registered first.*\n$/,
        ),
      ],
    });
  });

  test('the register of the auto-instrumentations, loaded too, is an error, and nothing is started', async () => {
    expect(
      await startWith({
        NODE_OPTIONS: '--import @opentelemetry/auto-instrumentations-node/build/src/register.js',
      }),
    ).toEqual({
      started: [],
      log: [
        'error: nothing is exported: @opentelemetry/auto-instrumentations-node/register is loaded too, and both would ' +
          'count every request; remove it: this register starts the same instrumentations, and traces and logs when ' +
          'OTEL_TRACES_EXPORTER and OTEL_LOGS_EXPORTER ask for them',
      ],
    });
  });
});

describe('a part that fails is one line in the log', () => {
  test.each([
    ['resource', {}, 'resource attributes are missing', metricsOnly],
    ['metrics', {}, 'nothing is exported', ['resource', 'metrics']],
    [
      'traces and logs',
      traces,
      'traces and logs are off',
      [...metricsOnly.toSpliced(2, 0, 'traces and logs')],
    ],
    ['context manager', {}, 'metrics of HTTP requests lack http.route', metricsOnly],
    ['instrumentations', {}, 'there are no automatic metrics', metricsOnly],
    [
      'traces and logs',
      { ...traces, OTEL_METRICS_EXPORTER: 'none' },
      'traces and logs are off',
      ['resource', 'traces and logs'],
    ],
  ])('%s, with %j: %s', async (name, env, consequence, names) => {
    world.failing.add(name);
    expect(await startWith(env)).toEqual({ started: names, log: [`error: ${consequence}: ${name} failed`] });
  });

  test('without a resource the metrics have none', async () => {
    world.failing.add('resource');
    await startWith();
    expect(world.calls[1]?.[3]).toBeUndefined();
  });
});

describe('the deadline of the exit', () => {
  test.each([
    [{ options: { shutdownTimeoutMillis: 700 } }, {}, 1_700],
    [{}, { OTEL_EXPORTER_STATSD_TIMEOUT: '800' }, 1_800],
    [{ options: { shutdownTimeoutMillis: 700 } }, { OTEL_EXPORTER_STATSD_TIMEOUT: '800' }, 1_700],
  ])(
    'is the shutdown timeout of %j or %j, and a second for the collection',
    async (config, env, deadlineMillis) => {
      world.config = { ...noConfig, ...config };
      await startWith(env);
      expect(world.calls.at(-1)).toEqual(['flush on exit', { ...onSignalsAndExit, deadlineMillis }]);
    },
  );
});

describe('an asynchronous configuration file', () => {
  test('is awaited before anything starts', async () => {
    const config = { ...noConfig, path: 'statsd.config.mjs' };
    world.config = Promise.resolve(config);
    expect((await startWith()).started).toEqual(metricsOnly);
    expect(world.calls[1]?.[2]).toBe(config);
  });
});

describe('on exit', () => {
  const telemetry = () => world.telemetry as Telemetry;

  test('metrics are handed over, and all signals are shut down once', async () => {
    await startWith(traces);
    world.calls.length = 0;
    await telemetry().handOver();
    await Promise.all([telemetry().shutdown(), telemetry().shutdown()]);
    expect(world.calls).toEqual([['hand over'], ['shut down metrics'], ['shut down traces and logs']]);
  });

  test('a failure is told, and does not keep the others from their shutdown', async () => {
    const { log } = await startWith(traces);
    world.calls.length = 0;
    for (const name of ['hand over', 'shut down metrics', 'shut down traces and logs'])
      world.failing.add(name);
    await telemetry().handOver();
    await telemetry().shutdown();
    expect({ calls: world.calls, log }).toEqual({
      calls: [['hand over'], ['shut down metrics'], ['shut down traces and logs']],
      log: [
        'error: the last interval may be lost: hand over failed',
        'error: the last interval may be lost: shut down metrics failed',
        'error: the last interval may be lost: shut down traces and logs failed',
      ],
    });
  });

  test('metrics alone are handed over and shut down', async () => {
    const { log } = await startWith();
    world.calls.length = 0;
    await telemetry().handOver();
    await telemetry().shutdown();
    expect({ calls: world.calls, log }).toEqual({ calls: [['hand over'], ['shut down metrics']], log: [] });
  });

  test('a signal that is off is left alone', async () => {
    const { log } = await startWith({ ...traces, OTEL_METRICS_EXPORTER: 'none' });
    world.calls.length = 0;
    await telemetry().handOver();
    await telemetry().shutdown();
    expect({ calls: world.calls, log }).toEqual({ calls: [['shut down traces and logs']], log: [] });
  });
});
