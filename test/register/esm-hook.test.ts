import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { hookEsmImports } from '../../src/register/esm-hook.js';

// Hooks that are really registered would stay for the tests that follow, and Node 20 has none.
const world = vi.hoisted(() => ({ calls: [] as unknown[][], nodeModule: {} as Record<string, unknown> }));
vi.mock('node:module', async (importActual) => {
  const actual = await importActual<typeof import('node:module')>();
  const named = {
    register: (...args: unknown[]) => void world.calls.push(['loader thread', ...args]),
    syncBuiltinESMExports: () => void world.calls.push(['builtins']),
  };
  Object.assign(world.nodeModule, actual, named);
  return { ...actual, ...named, default: world.nodeModule };
});

beforeEach(() => {
  world.calls.length = 0;
  world.nodeModule['registerHooks'] = (hooks: unknown) => void world.calls.push(['hooks', hooks]);
  vi.stubEnv('NODE_OPTIONS', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
});

interface Installed {
  /** What loading import-in-the-middle/register-hooks.mjs gives; undefined where it is not installed. */
  readonly syncHooks?: () => unknown;
  /** Default: import-in-the-middle/hook.mjs is installed. */
  readonly hook?: boolean;
}

const syncHooks =
  (isSupported = true) =>
  () => ({
    supportsSyncHooks: () => isSupported,
    register: (options: object) => void world.calls.push(['sync hooks', options]),
  });

/** What is hooked when instrumentations patch these modules. */
function callsFor(
  patchedModules: readonly string[] | undefined,
  { syncHooks: load, hook = true }: Installed = { syncHooks: syncHooks() },
): unknown[][] {
  hookEsmImports(
    {
      file: import.meta.filename,
      find: (name) => {
        const find = () => undefined;
        if (name === 'import-in-the-middle/hook.mjs' && hook)
          return { file: '/iitm/hook.mjs', find, load: () => undefined };
        return name === 'import-in-the-middle/register-hooks.mjs' && load !== undefined
          ? { file: '/iitm/register-hooks.mjs', find, load }
          : undefined;
      },
      load: () => ({}),
    },
    patchedModules,
  );
  return world.calls;
}

const optionsFor = (patchedModules: readonly string[] | undefined) =>
  callsFor(patchedModules).flatMap(([what, options]) => (what === 'sync hooks' ? [options] : []));
const builtinHooks = ['hooks', { resolve: expect.any(Function) }];

test('a package is wrapped with all its files, also one with a scope of which a part is patched', () => {
  const file = resolve('/app/lib/client.js');
  expect(optionsFor(['http', 'redis', 'mongodb/lib/bulk', '@scope/pkg', '@scope/pkg/sub', file])).toEqual([
    {
      include: [
        'redis',
        /\/node_modules\/redis\//,
        'mongodb/lib/bulk',
        /\/node_modules\/mongodb\//,
        '@scope/pkg',
        /\/node_modules\/@scope\/pkg\//,
        '@scope/pkg/sub',
        /\/node_modules\/@scope\/pkg\//,
        pathToFileURL(file).href,
      ],
    },
  ]);
});

test('characters of a package name stand for themselves', () => {
  expect(optionsFor(['socket.io'])).toEqual([{ include: ['socket.io', /\/node_modules\/socket\.io\//] }]);
});

test("Node's own modules are patched at once; nothing else is hooked when only they are patched", () => {
  expect(callsFor(['http', 'node:dns'])).toEqual([['builtins']]);
});

test('everything is wrapped when it is unknown what is patched', () => {
  expect(callsFor(undefined)).toEqual([['sync hooks', {}], builtinHooks]);
});

describe('a loader thread is started', () => {
  const inThread = ['loader thread', 'file:///iitm/hook.mjs', { data: {} }];

  test.each<[string, Installed]>([
    ['import-in-the-middle has no hooks for the thread of the app', {}],
    ['this Node.js has faults in such hooks', { syncHooks: syncHooks(false) }],
    [
      'they cannot be loaded',
      {
        syncHooks: () => {
          throw new Error('require() of ES modules is off');
        },
      },
    ],
  ])('where %s', (_why, installed) => {
    expect(callsFor(undefined, installed)).toEqual([inThread]);
  });

  test('where Node.js has no hooks for the thread of the app', () => {
    delete world.nodeModule['registerHooks'];
    expect(callsFor(undefined)).toEqual([inThread]);
  });

  test('unless import-in-the-middle is missing', () => {
    expect(() => callsFor(undefined, { hook: false })).toThrow(
      new Error('import-in-the-middle/hook.mjs is not installed'),
    );
  });
});

describe('nothing is hooked', () => {
  test.each(['@opentelemetry/instrumentation/hook.mjs', 'import-in-the-middle/hook.mjs'])(
    'a second time, beside --experimental-loader %s',
    (name) => {
      vi.stubEnv('NODE_OPTIONS', `--experimental-loader=${name}`);
      expect(callsFor(undefined)).toEqual([]);
    },
  );

  test('on Deno', () => {
    Object.defineProperty(process.versions, 'deno', { value: '2.0.0', configurable: true });
    onTestFinished(() => void Reflect.deleteProperty(process.versions, 'deno'));
    expect(callsFor(undefined)).toEqual([]);
  });
});

test("code without a file gets Node's own modules, everything else is resolved as before", () => {
  callsFor(undefined);
  const { resolve } = world.calls[1]![1] as {
    resolve(specifier: string, context: object, next: (...args: unknown[]) => unknown): unknown;
  };
  const resolved = (specifier: string, context: object) => resolve(specifier, context, (...args) => args);
  const ofApp = { parentURL: 'file:///app.js' };
  expect([
    resolved('fs', {}),
    resolved('node:fs', {}),
    resolved('express', {}),
    resolved('fs', ofApp),
  ]).toEqual([
    { url: 'node:fs', format: 'builtin', shortCircuit: true },
    { url: 'node:fs', format: 'builtin', shortCircuit: true },
    ['express', {}],
    ['fs', ofApp],
  ]);
});
