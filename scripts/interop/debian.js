// Servers out of Debian's packages, unpacked into the cache with whatever they need that the system lacks. Nothing is
// installed, so no service is started and nothing of the system changes.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.js';

let listsAreFresh = false;

/** @param {string} packageName */
export function fromDebian(packageName) {
  return (folder) => unpack(folder, packageName);
}

/** Answers the version. */
export function unpack(folder, packageName) {
  updateLists();
  const archives = join(folder, 'archives');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const settings = [
    `Dir::Cache::archives=${archives}`,
    'Debug::NoLocking=1',
    // The packages are only unpacked here, where _apt, the user who downloads, may not write.
    'APT::Sandbox::User=root',
  ].flatMap((setting) => ['-o', setting]);
  const wanted = ['--reinstall', '--no-install-recommends', packageName];
  run('apt-get', ['install', '--download-only', '--yes', ...settings, ...wanted]);
  let version = '';
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    const archive = join(archives, file);
    run('dpkg-deb', ['--extract', archive, folder]);
    if (file.startsWith(`${packageName}_`)) version = run('dpkg-deb', ['--field', archive, 'Version']).trim();
  }
  rmSync(archives, { recursive: true });
  if (version === '') throw new Error(`no archive of ${packageName}`);
  return version;
}

function updateLists() {
  if (listsAreFresh) return;
  // Old lists often do; if they do not, the download says so.
  if (process.getuid?.() === 0) run('apt-get', ['update']);
  listsAreFresh = true;
}
