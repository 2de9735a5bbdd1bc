// Servers written in Go, built from their published modules. One package at a time: it is slower, but leaves room
// for others.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.js';

const SETTINGS = { GOFLAGS: '-p=1 -buildvcs=false', GOMAXPROCS: '1', CGO_ENABLED: '0' };

/** `go install path@version`, with build tags if need be. */
export function fromModule(path, version, tags = '') {
  return (folder) => {
    run('go', ['install', '-tags', tags, `${path}@${version}`], { env: { ...SETTINGS, GOBIN: folder } });
    return version.replace(/^v/, '');
  };
}

/** A program of our own beside this file that puts the server together from its modules, at the versions of its go.mod. */
export function fromProgram(name, version) {
  return (folder) => {
    const source = fileURLToPath(new URL(`./${name}/`, import.meta.url));
    for (const file of ['go.mod', 'go.sum', 'main.go']) copyFileSync(join(source, file), join(folder, file));
    run('go', ['build', '-mod=readonly', '-o', join(folder, name), '.'], { cwd: folder, env: SETTINGS });
    return version;
  };
}

/** A program of a source tree. */
export function buildGo(tree, packagePath, program, settings = {}) {
  run('go', ['build', '-o', program, packagePath], { cwd: tree, env: { ...SETTINGS, ...settings } });
}
