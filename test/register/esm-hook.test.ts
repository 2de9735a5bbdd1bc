import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import { hookEsmImports } from '../../src/register/esm-hook.js';

// Hooks that are really registered would stay for the tests that follow, and Node 20 has none.
vi.mock('node:module', async (importActual) => {
  const actual = await importActual<typeof import('node:module')>();
  const nodeModule = { ...actual, registerHooks: () => {} };
  return { ...nodeModule, default: nodeModule };
});

/** What import-in-the-middle is asked to wrap when instrumentations patch these modules. */
function optionsFor(patchedModules: readonly string[] | undefined): object[] {
  const asked: object[] = [];
  hookEsmImports(
    {
      file: import.meta.filename,
      find: (name) =>
        name === 'import-in-the-middle/register-hooks.mjs'
          ? {
              file: '/hooks.mjs',
              find: () => undefined,
              load: () => ({
                supportsSyncHooks: () => true,
                register: (options: object) => asked.push(options),
              }),
            }
          : undefined,
      load: () => ({}),
    },
    patchedModules,
  );
  return asked;
}

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

test('everything is wrapped when it is unknown what is patched, and nothing when only modules of Node are', () => {
  expect([optionsFor(undefined), optionsFor(['http', 'node:dns'])]).toEqual([[{}], []]);
});
