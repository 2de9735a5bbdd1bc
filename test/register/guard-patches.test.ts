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
  guardPatches(instrumentation(definition, { name: 'without a patch' }), () => {});
  expect({ patched: definition.patch?.('exports', '1.0.0'), calls }).toEqual({
    patched: 'patched',
    calls: [definition, 'exports', '1.0.0'],
  });
});

test('instrumentations without the list of their modules are accepted', () => {
  const odd = { instrumentationName: 'x', disable() {} };
  expect(guardPatches(odd, () => {})).toBeUndefined();
});

test.each<[string, Partial<Instrumentation>, boolean]>([
  ['neither', {}, false],
  ['instruments', { _updateMetricInstruments: () => {} }, true],
  ['the MeterProvider', { setMeterProvider: () => {} }, true],
  [
    'neither, and is of a web framework',
    { instrumentationName: '@opentelemetry/instrumentation-express' },
    true,
  ],
])('an instrumentation that overrides %s serves metrics: %s', (_what, overrides, serves) => {
  const base = {
    ...instrumentation(),
    _updateMetricInstruments: () => {},
    setMeterProvider: () => {},
  };
  expect(servesMetrics({ ...base, ...overrides }, base)).toBe(serves);
});
