// Packs the package and installs it in .cache/matrix beside the frameworks, bundlers and test runners.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../support/app-process.js';
import { apps, matrix, tarball } from './cells.js';

const sources = join(repository, 'test/matrix/apps');

export function setup(): void {
  mkdirSync(matrix, { recursive: true });
  execFileSync(process.execPath, ['scripts/pack.js'], { cwd: repository, stdio: 'inherit' });
  rmSync(apps, { recursive: true, force: true });
  cpSync(sources, apps, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(sources, file), join(matrix, file));
  cpSync(join(repository, '.npmrc'), join(matrix, '.npmrc'));

  const lock = readFileSync(join(sources, 'package-lock.json'), 'utf8');
  const stamp = join(matrix, 'node_modules/installed-lock.json');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    console.log('installing frameworks, bundlers and test runners (750 MB) in .cache/matrix');
    // Not `ci`: it fails where the registry lacks an optional package for another platform.
    npm('install');
    writeFileSync(stamp, lock);
  }
  npm('install', '--no-save', '--legacy-peer-deps', tarball);
}

function npm(...args: string[]): void {
  execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: matrix,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
