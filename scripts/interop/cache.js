// Where the servers of the interop tests are installed: one folder each, outside the repository, with a file `version`
// that is written last, so that half an installation is none. The contract is in cache.d.ts.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const cacheFolder =
  process.env['STATSD_INTEROP_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'opentelemetry-exporter-statsd');

export function installed(name) {
  const folder = join(cacheFolder, name);
  try {
    return { folder, version: readFileSync(join(folder, 'version'), 'utf8').trim() };
  } catch {
    return undefined;
  }
}

/** Calls `fill` with an empty folder, which takes the place of the installation when a version comes back. */
export function install(name, fill) {
  const partial = join(cacheFolder, `${name}.partial`);
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  try {
    const version = fill(partial);
    writeFileSync(join(partial, 'version'), `${version}\n`);
    const folder = join(cacheFolder, name);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
    return version;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
