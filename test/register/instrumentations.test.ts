import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { context } from '@opentelemetry/api';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { FoundModule } from '../../src/register/find-module.js';
import type { Instrumentation, PatchDefinition } from '../../src/register/instrumentation.js';
import { startContextManager, startInstrumentations } from '../../src/register/instrumentations.js';

const hooked = vi.hoisted(() => ({ calls: [] as unknown[][] }));
vi.mock('../../src/register/esm-hook.js', () => ({
  hookEsmImports: (...args: unknown[]) => hooked.calls.push(args),
}));

afterEach(() => {
  hooked.calls.length = 0;
});

class InstrumentationBase {
  setMeterProvider() {}
  _updateMetricInstruments() {}
}

interface Fake extends Instrumentation {
  readonly disabled: string[];
}

/** It overrides what the base class has for metrics, unless told not to. */
function instrumentation(name: string, modules: unknown, servesMetrics = true): Fake {
  const disabled: string[] = [];
  const fake = {
    instrumentationName: name,
    disabled,
    disable: () => void disabled.push(name),
    ...(modules !== undefined && { _modules: modules as PatchDefinition[] }),
  };
  const overrides = servesMetrics ? { _updateMetricInstruments() {} } : {};
  return Object.assign(Object.create(InstrumentationBase.prototype), fake, overrides);
}

/** Starts these instrumentations; `file` is that of the auto-instrumentations package. */
function start(instrumentations: readonly Fake[], { metricsOnly = true, file = '/auto/index.js' } = {}) {
  const registered: unknown[] = [];
  const warnings: string[] = [];
  const base: FoundModule = {
    file: '/instrumentation/index.js',
    find: () => undefined,
    load: () => ({
      InstrumentationBase,
      registerInstrumentations: (options: object) => registered.push(options),
    }),
  };
  const auto: FoundModule = {
    file,
    find: (name) => (name === '@opentelemetry/instrumentation' ? base : undefined),
    load: () => ({ getNodeAutoInstrumentations: () => instrumentations }),
  };
  startInstrumentations(auto, { metricsOnly, warn: (message) => warnings.push(message) });
  return { registered, hooks: hooked.calls, base, warnings };
}

describe('instrumentations', () => {
  test('that serve metrics are registered, the others are disabled', () => {
    const http = instrumentation('http', [{ name: 'http' }, { name: 'https' }]);
    const dns = instrumentation('dns', [{ name: 'dns' }], false);
    const { registered, hooks, base } = start([http, dns]);
    expect({ registered, hooks, disabled: [http.disabled, dns.disabled] }).toEqual({
      registered: [{ instrumentations: [http] }],
      hooks: [[base, ['http', 'https']]],
      disabled: [[], ['dns']],
    });
  });

  test('are all registered when other signals are on too', () => {
    const dns = instrumentation('dns', [{ name: 'dns' }], false);
    const { registered, hooks, base } = start([dns], { metricsOnly: false });
    expect({ registered, hooks, disabled: dns.disabled }).toEqual({
      registered: [{ instrumentations: [dns] }],
      hooks: [[base, ['dns']]],
      disabled: [],
    });
  });

  test('that patch the same module have it hooked once; what one of them patches may be unknown', () => {
    const twice = [1, 2].map((index) => instrumentation(`http-${index}`, [{ name: 'http' }]));
    expect(start(twice).hooks).toEqual([[expect.any(Object), ['http']]]);
    hooked.calls.length = 0;
    expect(start([...twice, instrumentation('odd', undefined)]).hooks).toEqual([
      [expect.any(Object), undefined],
    ]);
  });

  test('have their patches guarded', () => {
    const definition: PatchDefinition = {
      name: 'http',
      patch: () => {
        throw new Error('odd');
      },
    };
    const { warnings } = start([instrumentation('instrumentation-http', [definition])]);
    definition.patch?.({}, '1.0.0');
    expect(warnings).toEqual([
      'instrumentation-http cannot patch http 1.0.0: odd. The module is not instrumented',
    ]);
  });

  test('need their base package', () => {
    const auto: FoundModule = { file: '/auto/index.js', find: () => undefined, load: () => ({}) };
    expect(() => startInstrumentations(auto, { metricsOnly: true, warn: () => {} })).toThrow(
      new Error('@opentelemetry/instrumentation is not installed'),
    );
  });
});

describe('the auto-instrumentations package', () => {
  const name = '@opentelemetry/auto-instrumentations-node';

  function installed(version: string): string {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'auto-')));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const main = join(folder, 'node_modules', name, 'index.js');
    mkdirSync(dirname(main), { recursive: true });
    writeFileSync(main, '');
    writeFileSync(join(dirname(main), 'package.json'), JSON.stringify({ name, version, main: 'index.js' }));
    return main;
  }

  test('of an older version is refused', () => {
    expect(() => start([], { file: installed('0.57.1') })).toThrow(
      new Error(`${name} is installed in version 0.57.1, and >=0.58.0 is needed: npm install ${name}@latest`),
    );
  });

  test.each(['0.58.0', '1.0.0'])('of version %s is used', (version) => {
    expect(start([], { file: installed(version) }).registered).toEqual([{ instrumentations: [] }]);
  });
});

describe('the context manager', () => {
  afterEach(() => context.disable());

  class AsyncLocalStorageContextManager {
    isEnabled = false;
    enable() {
      this.isEnabled = true;
      return this;
    }
    active() {
      return { enabled: this.isEnabled };
    }
    disable() {}
  }

  function moduleWith(found: Readonly<Record<string, FoundModule>>): FoundModule {
    return { file: '', load: () => ({ AsyncLocalStorageContextManager }), find: (name) => found[name] };
  }

  const manager = { '@opentelemetry/context-async-hooks': moduleWith({}) };
  test.each([
    ['@opentelemetry/sdk-node', moduleWith({ '@opentelemetry/sdk-node': moduleWith(manager) })],
    [
      '@opentelemetry/sdk-trace-node',
      moduleWith({
        '@opentelemetry/sdk-node': moduleWith({ '@opentelemetry/sdk-trace-node': moduleWith(manager) }),
      }),
    ],
  ])('is the one of %s, and is enabled', (_name, auto) => {
    startContextManager(auto);
    expect(context.active()).toEqual({ enabled: true });
  });

  test.each([
    moduleWith({}),
    moduleWith({ '@opentelemetry/sdk-node': moduleWith({}) }),
    moduleWith({
      '@opentelemetry/sdk-node': moduleWith({ '@opentelemetry/sdk-trace-node': moduleWith({}) }),
    }),
  ])('is missing without its package', (auto) => {
    expect(() => startContextManager(auto)).toThrow(
      new Error('@opentelemetry/context-async-hooks is not installed'),
    );
  });
});
