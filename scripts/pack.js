// Packs the package as `npm publish` does, into a file whose name does not depend on the version.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../.cache', import.meta.url));
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'pack-'));
execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(cache, '..') });
renameSync(join(folder, readdirSync(folder)[0]), join(cache, 'package.tgz'));
rmSync(folder, { recursive: true });
