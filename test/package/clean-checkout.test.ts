// What `npm pack`, and so `npm publish`, makes of a checkout in which nothing has been built yet.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { repository } from './consumer.js';

const NOT_CHECKED_OUT = new Set(['node_modules', 'build', 'dist', '.git', '.cache', 'coverage']);

function checkOut(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'statsd-checkout-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(repository, folder, {
    recursive: true,
    filter: (path) => !NOT_CHECKED_OUT.has(relative(repository, path)) && !path.endsWith('/node_modules'),
  });
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

function packedFiles(folder: string, ...options: string[]): { path: string; size: number }[] {
  // A test runner started by npm hands npm's settings on.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const args = ['pack', '--json', '--dry-run', '--loglevel=error', ...options];
  const packages = JSON.parse(
    execFileSync('npm', args, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const [{ files }] = Object.values(packages) as [{ files: { path: string; size: number }[] }];
  return files.map(({ path, size }) => ({ path, size }));
}

test('a checkout without a build packs what a checkout with one does', () => {
  expect(packedFiles(checkOut())).toEqual(packedFiles(repository, '--ignore-scripts'));
});
