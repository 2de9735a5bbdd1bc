// The folder of an app that has installed this package from its tarball, with the programs of fixtures/ in it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { link, packageName, peers } from '../../e2e/support/app-folder.js';
import { type AppProcess, repository, startApp } from '../../support/app-process.js';
import { runtime } from './runtime.js';

export interface FreshApp {
  /** Starts a program of fixtures/ by the runtime under test; `options` are the runtime's, `args` the program's. */
  start(
    program: string,
    env: Readonly<Record<string, string>>,
    options?: readonly string[],
    args?: readonly string[],
  ): AppProcess;
}

/** Made before the tests of the file, and removed after them. It packs what is in dist, so build first. */
export function useFreshApp(dependencies: readonly string[] = []): FreshApp {
  let folder = '';
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'statsd-runtime-')));
    install(folder);
    for (const dependency of [...peers, ...dependencies]) link(folder, dependency);
    cpSync(join(repository, 'test/runtimes/fixtures'), folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    start: (program, env, options = [], args = []) =>
      startApp([...runtime.run, ...options, program, ...args], { env, cwd: folder, command: runtime.path }),
  };
}

/**
 * The tarball's files where npm puts them, and the dependency as npm writes it for a package from a registry. Deno reads
 * that: `npm:` finds only packages that are dependencies with a version, not `file:` ones.
 */
function install(folder: string): void {
  const tarball = execFileSync(
    'npm',
    ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder],
    {
      cwd: repository,
      encoding: 'utf8',
    },
  ).trim();
  const place = join(folder, 'node_modules', packageName);
  mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', place, '--strip-components=1']);
  const { version } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
  const manifest = { private: true, type: 'module', dependencies: { [packageName]: `^${version}` } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
}
