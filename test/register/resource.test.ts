import { hostname } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import type { FoundModule } from '../../src/register/find-module.js';
import * as modules from '../../src/register/find-module.js';
import { ownFile } from '../../src/register/own-file.js';
import { detectResource } from '../../src/register/resource.js';

// So that functions of them can be replaced.
vi.mock('../../src/register/find-module.js', { spy: true });
vi.mock('../../src/register/own-file.js', { spy: true });

afterEach(() => vi.unstubAllEnvs());

const noWarning = (message: string): never => {
  throw new Error(`unexpected warning: ${message}`);
};

/** The named attributes, once all are known. */
async function attributesOf(resource: ReturnType<typeof detectResource>, ...names: string[]) {
  await resource.waitForAsyncAttributes?.();
  return Object.fromEntries(names.map((name) => [name, resource.attributes[name]]));
}

/** Stands for the auto-instrumentations package with one detector of a cloud. */
const autoInstrumentations: FoundModule = {
  file: '/auto/index.js',
  find: () => undefined,
  load: () => ({
    getResourceDetectors: () => [
      {
        detect: () => ({
          attributes: { 'cloud.region': Promise.resolve('moon'), 'service.name': 'moonbase' },
        }),
      },
    ],
  }),
};

test('host, system and process are described', async () => {
  const resource = detectResource(['host', 'os', 'process'], undefined, noWarning);
  expect(
    await attributesOf(resource, 'host.name', 'os.type', 'process.pid', 'telemetry.sdk.language'),
  ).toEqual({
    'host.name': hostname(),
    'os.type': process.platform === 'win32' ? 'windows' : process.platform,
    'process.pid': process.pid,
    'telemetry.sdk.language': 'nodejs',
  });
});

test('OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME override detectors, and are read without any detector', async () => {
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'host.name=mine,deployment.environment.name=test');
  vi.stubEnv('OTEL_SERVICE_NAME', 'shop');
  const expected = { 'host.name': 'mine', 'deployment.environment.name': 'test', 'service.name': 'shop' };
  for (const names of [['host'], []]) {
    const resource = detectResource(names, undefined, noWarning);
    expect(await attributesOf(resource, ...Object.keys(expected))).toEqual(expected);
  }
});

test('cloud detectors come from the auto-instrumentations package', async () => {
  vi.stubEnv('OTEL_SERVICE_NAME', 'shop');
  const resource = detectResource(['env', 'gcp'], autoInstrumentations, noWarning);
  expect(await attributesOf(resource, 'cloud.region', 'service.name')).toEqual({
    'cloud.region': 'moon',
    'service.name': 'shop',
  });
});

test('each detector runs once', () => {
  let runs = 0;
  const load = () => ({ getResourceDetectors: () => [{ detect: () => ({ attributes: { runs: ++runs } }) }] });
  const resource = detectResource(['gcp', 'aws'], { ...autoInstrumentations, load }, noWarning);
  expect([runs, resource.attributes['runs']]).toEqual([1, 1]);
});

test('the auto-instrumentations package is not loaded when local detectors are enough', async () => {
  const resource = detectResource(['env'], autoInstrumentations, noWarning);
  expect(await attributesOf(resource, 'cloud.region')).toEqual({ 'cloud.region': undefined });
});

test('without the auto-instrumentations package its detectors are skipped with a warning', async () => {
  const warnings: string[] = [];
  const resource = detectResource(['host', 'gcp', 'aws'], undefined, (message) => warnings.push(message));
  expect(await attributesOf(resource, 'host.name')).toEqual({ 'host.name': hostname() });
  expect(warnings).toEqual([
    'OTEL_NODE_RESOURCE_DETECTORS: gcp, aws needs @opentelemetry/auto-instrumentations-node, which is not installed',
  ]);
});

test('the packages of the SDK are searched from this package first, then from the app', () => {
  const found = vi.spyOn(modules, 'findModule').mockClear().mockReturnValue(undefined);
  const app = vi.spyOn(modules, 'appFiles').mockReturnValue(['/app/package.json']);
  const own = vi.mocked(ownFile).mockReturnValueOnce('/own.js').mockReturnValueOnce(undefined);
  const detect = () => detectResource([], undefined, noWarning);
  const missing = new Error('@opentelemetry/resources is not installed');
  expect(detect).toThrow(missing);
  expect(detect).toThrow(missing);
  expect(found.mock.calls).toEqual([
    ['@opentelemetry/sdk-metrics', ['/own.js', '/app/package.json']],
    ['@opentelemetry/sdk-metrics', ['/app/package.json']],
  ]);
  for (const spy of [found, app, own]) spy.mockRestore();
});
