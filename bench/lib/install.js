// The peers are not among the project's own development dependencies, so that installing the project stays light.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const lockFile = `${folder}package-lock.json`;
/** The lock file as it was when the peers were installed. */
const stamp = `${folder}node_modules/installed-lock.json`;

export function installPeers() {
  const wanted = readFileSync(lockFile, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('installing what the benchmarks compare with (npm ci --prefix bench)');
  const cli = process.env['npm_execpath'] ?? '';
  const [command, first] = basename(cli) === 'npm-cli.js' ? [process.execPath, [cli]] : ['npm', []];
  execFileSync(command, [...first, 'ci', '--prefix', folder], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  writeFileSync(stamp, wanted);
}
