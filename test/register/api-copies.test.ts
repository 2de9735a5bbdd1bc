import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { diag, metrics } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  hasGlobalMeterProvider,
  newerApiOfApp,
  registeredApi,
  registrationConflict,
} from '../../src/register/api-copies.js';
import type { FoundModule } from '../../src/register/find-module.js';
import { repository } from '../support/app-process.js';

const KEY = Symbol.for('opentelemetry.js.api.1');
const own: string = JSON.parse(
  readFileSync(join(repository, 'node_modules/@opentelemetry/api/package.json'), 'utf8'),
).version;

/** The global object in which the copies of the API meet, for one test. */
function setRegistered(value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(globalThis, KEY);
  else Reflect.set(globalThis, KEY, value);
}

beforeEach(() => {
  const before: unknown = Reflect.get(globalThis, KEY);
  onTestFinished(() => setRegistered(before));
});

test.each([
  [{ version: '1.2.3' }, { version: '1.2.3' }],
  [undefined, undefined],
  [null, undefined],
  ['1.2.3', undefined],
  [{}, undefined],
])('of the global %j, %j is registered', (value, registered) => {
  setRegistered(value);
  expect(registeredApi()).toEqual(registered);
});

describe('a registration', () => {
  test.each([undefined, { version: own }])('has no conflict with %j, which stays what it is', (value) => {
    setRegistered(value);
    expect([registrationConflict(), Reflect.has(globalThis, KEY), Reflect.get(globalThis, KEY)]).toEqual([
      undefined,
      value !== undefined,
      value,
    ]);
  });

  test("with Deno's own OpenTelemetry conflicts, and the variable that turns it on is named", () => {
    setRegistered({ version: '1.999.999' });
    expect(registrationConflict()).toBe(
      "Deno's own OpenTelemetry is on, and takes what is recorded; remove the variable OTEL_DENO",
    );
  });

  test.each([
    ['1.9.999', 'Install the same version: npm install @opentelemetry/api@1.9.999. Or'],
    ['1.8.0', 'Update it, or'],
  ])('conflicts with version %s, which stays what it is', (version, cure) => {
    const registered = { version };
    setRegistered(registered);
    expect([registrationConflict(), Reflect.get(globalThis, KEY) === registered, registered]).toEqual([
      `@opentelemetry/api ${version} was registered first, by an agent, the host runtime or another package, and it ` +
        `refuses ${own}, which opentelemetry-exporter-statsd uses. ${cure} load ` +
        'opentelemetry-exporter-statsd/register before the other',
      true,
      { version },
    ]);
  });
});

test('a registration has no conflict where the version of the own copy cannot be found', () => {
  setRegistered({ version: '1.9.999' });
  const refused = vi.spyOn(diag, 'setLogger').mockReturnValue(false);
  expect(registrationConflict()).toBeUndefined();
  refused.mockRestore();
});

/** A copy of the API in the app, built into `folder`; `exported` is what its version file exports. */
function copyOfApp(
  exported: unknown,
  file = '/app/node_modules/@opentelemetry/api/build/src/index.js',
): FoundModule {
  const version = file.replace('index', 'version');
  const load = (): unknown => {
    if (exported instanceof Error) throw exported;
    return exported;
  };
  const find = (name: string) =>
    name === version ? { file: version, load, find: () => undefined } : undefined;
  return { file, load: () => undefined, find };
}

describe("the app's copy of the API", () => {
  test.each([
    ['1.9.1', '1.9.0'],
    ['1.8.7', '1.9.0'],
    ['1.9.0', '1.10.0'],
  ])('of version %s sees what version %s registered', (version, registered) => {
    setRegistered({ version: registered });
    expect(newerApiOfApp(copyOfApp({ VERSION: version }))).toBeUndefined();
  });

  test.each([
    [
      '1.10.0',
      '1.9.9',
      '/app/node_modules/@opentelemetry/api/dist/index.cjs',
      '/app/node_modules/@opentelemetry/api',
    ],
    ['2.0.0', '1.9.0', '/app/api/build/src/index.js', '/app/api'],
    ['0.9.0', '1.9.0', '/app/api/build/src/index.js', '/app/api'],
  ])('of version %s does not see what version %s registered, in %s', (version, registered, file, folder) => {
    setRegistered({ version: registered });
    expect(newerApiOfApp(copyOfApp({ VERSION: version }, file))).toBe(
      `the app has @opentelemetry/api ${version} (${folder}), and opentelemetry-exporter-statsd uses ${registered}: ` +
        'what the app records with its copy is lost. Let both have the same copy: ' +
        `npm install @opentelemetry/api@${version} && npm dedupe`,
    );
  });

  test.each([[new Error('broken')], [undefined], [{}], [{ VERSION: 2 }]])(
    'is not warned of when its version is unknown: it exports %j',
    (exported) => {
      setRegistered({ version: '1.9.0' });
      expect(newerApiOfApp(copyOfApp(exported))).toBeUndefined();
    },
  );

  test('is not warned of when it has no file with its version, when there is none, or nothing is registered', () => {
    setRegistered({ version: '1.9.0' });
    const bare: FoundModule = { ...copyOfApp({}), find: () => undefined };
    expect([newerApiOfApp(bare), newerApiOfApp(undefined)]).toEqual([undefined, undefined]);
    setRegistered(undefined);
    expect(newerApiOfApp(copyOfApp({ VERSION: '1.10.0' }))).toBeUndefined();
  });

  test('has its version where this package looks for it', () => {
    const file = createRequire(import.meta.url).resolve('@opentelemetry/api');
    const found: FoundModule = {
      file,
      load: () => undefined,
      find: (name) => ({ file: name, load: () => createRequire(file)(name), find: () => undefined }),
    };
    setRegistered({ version: '1.0.0' });
    expect(newerApiOfApp(found)).toContain(`the app has @opentelemetry/api ${own} (`);
  });
});

test('a global MeterProvider is seen, and its absence too', () => {
  setRegistered(undefined);
  const before = hasGlobalMeterProvider();
  metrics.setGlobalMeterProvider(new MeterProvider());
  expect([before, hasGlobalMeterProvider()]).toEqual([false, true]);
  metrics.disable();
});
