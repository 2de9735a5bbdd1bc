// Stryker is not among the project's own development dependencies, so that installing the project stays light.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const lockFile = `${folder}package-lock.json`;
/** The lock file as it was when Stryker was installed. */
const stamp = `${folder}node_modules/installed-lock.json`;

/** Installs Stryker where it is missing or another version. Returns the path of its program. */
export function installStryker() {
  const wanted = readFileSync(lockFile, 'utf8');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    console.log('installing Stryker (npm ci in scripts/mutation)');
    const cli = process.env['npm_execpath'] ?? '';
    const [command, first] = basename(cli) === 'npm-cli.js' ? [process.execPath, [cli]] : ['npm', []];
    // Its peer dependency vitest is the project's own, which it finds in the node_modules further up.
    const args = [
      'ci',
      '--prefix',
      folder,
      '--legacy-peer-deps',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
    ];
    execFileSync(command, [...first, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    writeFileSync(stamp, wanted);
  }
  return `${folder}node_modules/@stryker-mutator/core/bin/stryker.js`;
}
