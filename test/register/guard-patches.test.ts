import { expect, test } from 'vitest';
import { guardPatches } from '../../src/register/guard-patches.js';
import {
  type Instrumentation,
  type PatchDefinition,
  servesMetrics,
} from '../../src/register/instrumentation.js';

function instrumentation(...modules: PatchDefinition[]): Instrumentation {
  return { instrumentationName: 'instrumentation-x', _modules: modules, disable() {} };
}

const boom = (): never => {
  throw new TypeError("Cannot read properties of undefined (reading 'command')");
};

test('a patch that throws leaves its module as it is, with one warning for each', () => {
  const warnings: string[] = [];
  const file: PatchDefinition = { name: 'x/lib/a.js', patch: boom };
  const definition: PatchDefinition = { name: 'x', patch: boom, files: [file] };
  guardPatches(instrumentation(definition), (message) => warnings.push(message));
  const [module, part] = [{}, {}];
  expect([definition.patch?.(module, '2.0.0') === module, file.patch?.(part) === part, warnings]).toEqual([
    true,
    true,
    [
      "instrumentation-x cannot patch x 2.0.0: Cannot read properties of undefined (reading 'command'). The module is not instrumented",
      "instrumentation-x cannot patch x/lib/a.js: Cannot read properties of undefined (reading 'command'). The module is not instrumented",
    ],
  ]);
});

test('a patch that works is passed on with its receiver, arguments and result', () => {
  const calls: unknown[] = [];
  const definition: PatchDefinition = {
    name: 'x',
    patch(...args) {
      calls.push(this, ...args);
      return 'patched';
    },
  };
  const without: PatchDefinition = { name: 'without a patch' };
  guardPatches(instrumentation(definition, without), () => {});
  expect({ patched: definition.patch?.('exports', '1.0.0'), without, calls }).toEqual({
    patched: 'patched',
    without: { name: 'without a patch' },
    calls: [definition, 'exports', '1.0.0'],
  });
});

const exported = () => {};
const namespace = { default: exported, other: 1 };
test.each<[string, unknown, unknown]>([
  ['memcached', namespace, exported],
  ['lru-memoizer', namespace, exported],
  ['memcached', exported, exported],
  ['memcached', Object.assign(() => {}, { default: exported }), undefined],
  ['memcached', { default: 'text' }, undefined],
  ['memcached', null, null],
  ['memcached', 'text', 'text'],
  ['redis', namespace, namespace],
])('the patch of %s that is given %o gets the function where the module is one', (name, given, received) => {
  const definition: PatchDefinition = { name, patch: (moduleExports) => [moduleExports] };
  guardPatches(instrumentation(definition), () => {});
  const [got] = definition.patch!(given) as [unknown];
  expect(got).toBe(received === undefined ? given : received);
});

test('instrumentations without the list of their modules are accepted', () => {
  const odd = { instrumentationName: 'x', disable() {} };
  expect(guardPatches(odd, () => {})).toBeUndefined();
});

test.each<[string, Partial<Instrumentation>, boolean]>([
  ['neither', {}, false],
  ['instruments', { _updateMetricInstruments: () => {} }, true],
  ['the MeterProvider', { setMeterProvider: () => {} }, true],
  ...['connect', 'express', 'fastify', 'hapi', 'koa', 'restify'].map(
    (framework): [string, Partial<Instrumentation>, boolean] => [
      `nothing for metrics, but knows the routes of ${framework},`,
      { instrumentationName: `@opentelemetry/instrumentation-${framework}` },
      true,
    ],
  ),
])('an instrumentation that overrides %s serves metrics: %s', (_what, overrides, serves) => {
  const base = {
    ...instrumentation(),
    _updateMetricInstruments: () => {},
    setMeterProvider: () => {},
  };
  expect(servesMetrics({ ...base, ...overrides }, base)).toBe(serves);
});
