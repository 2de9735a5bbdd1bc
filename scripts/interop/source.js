// Servers that no registry has, built from their repositories at a fixed commit. The repository comes from the network, or
// from a clone in the folder STATSD_INTEROP_SOURCES.
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpack } from './debian.js';
import { buildGo } from './go.js';
import { run } from './run.js';

/**
 * @param {string} repository `owner/name`
 * @param {string} commit
 * @param {(tree: string, folder: string) => string} build returns the version
 */
export function fromSource(repository, commit, build) {
  return (folder) => {
    const tree = join(folder, 'source');
    const clone = join(process.env['STATSD_INTEROP_SOURCES'] ?? '', repository.replace('/', '+'));
    const from = existsSync(clone) ? clone : `https://github.com/${repository}.git`;
    run('git', ['clone', '--quiet', '--no-checkout', from, tree], { env: { GIT_TERMINAL_PROMPT: '0' } });
    // Archives are no source, and may be too large for a clone.
    run('git', ['checkout', '--quiet', commit, '--', '.', ':(exclude)*.jar'], { cwd: tree });
    const version = build(tree, folder);
    run('rm', ['-rf', tree]);
    return version;
  };
}

export function buildGostatsd(tree, folder) {
  buildGo(tree, './cmd/gostatsd', join(folder, 'gostatsd'));
  return 'of 2026-06-17';
}

/** Its StatsD input alone, by a program of our own in its tree. */
export function buildCloudwatch(tree, folder) {
  cpSync(fileURLToPath(new URL('./cloudwatch/', import.meta.url)), join(tree, 'cmd', 'interop-statsd'), {
    recursive: true,
  });
  buildGo(tree, './cmd/interop-statsd', join(folder, 'cloudwatch-statsd'));
  return '1.300071.0';
}

/** Its dependencies are in its repository. */
export function buildVeneur(tree, folder) {
  buildGo(tree, './cmd/veneur', join(folder, 'veneur'), { GOFLAGS: '-p=1 -buildvcs=false -mod=vendor' });
  return '14.2.0 (2023-02-27)';
}

/** Without autotools, which are not everywhere: all of it is plain C. */
export function buildStatsite(tree, folder) {
  writeFileSync(join(tree, 'src', 'buildconfig.h'), '#define VERSION "0.8.1"\n');
  const own = run('sh', ['-c', 'ls src/*.c'], { cwd: tree }).trim().split('\n');
  const others = ['deps/ae/ae.c', 'deps/inih/inih.c', 'deps/murmurhash/MurmurHash3.c'];
  const include = ['src', 'deps/ae', 'deps/inih', 'deps/murmurhash'].map((path) => `-I${path}`);
  const flags = ['-std=gnu99', '-O2', '-w', '-fcommon', '-pthread', '-D_GNU_SOURCE', '-DLOG_PERROR=0'];
  const program = join(folder, 'statsite');
  run('gcc', [...flags, ...include, ...own, ...others, '-o', program, '-lm'], { cwd: tree });
  return '0.8.1 (2019-10-22)';
}

/** Without its sampler for signed packets, which needs an OpenSSL of its time, and without its web page. */
export function buildBrubeck(tree, folder) {
  const libraries = join(folder, 'libraries');
  for (const name of ['libck-dev', 'libjansson-dev']) unpack(libraries, name);
  writeFileSync(
    join(tree, 'no-secure.c'),
    'void *brubeck_statsd_secure_new(void *server, void *settings) { return 0; }\n',
  );
  const all = run('sh', ['-c', 'ls *.c src/*.c src/backends/*.c src/samplers/statsd.c'], { cwd: tree })
    .trim()
    .split('\n');
  const [headers, archives] = [join(libraries, 'usr/include'), join(libraries, 'usr/lib', multiarch())];
  const include = ['src', headers, join(headers, multiarch())].map((path) => `-I${path}`);
  const flags = ['-O2', '-w', '-fcommon', '-DNDEBUG=1', '-DGIT_SHA="interop"'];
  const linked = ['libck.a', 'libjansson.a'].map((name) => join(archives, name));
  const program = join(folder, 'brubeck');
  run('gcc', [...flags, ...include, ...all, '-o', program, ...linked, '-lm', '-lpthread', '-lrt'], {
    cwd: tree,
  });
  return 'of 2019-11';
}

function multiarch() {
  return run('gcc', ['-print-multiarch']).trim();
}

/**
 * Its StatsD source and its Prometheus sink alone, with little optimisation: the whole takes an hour. Needs protoc, and the
 * repositories of its git dependencies.
 */
export function buildVector(tree, folder) {
  // The toolchain of this machine, instead of one that rustup would have to download.
  run('rm', ['-f', 'rust-toolchain.toml'], { cwd: tree });
  const features = 'sources-statsd,sinks-prometheus';
  run('cargo', ['build', '--release', '--locked', '--no-default-features', '--features', features], {
    cwd: tree,
    env: {
      CARGO_PROFILE_RELEASE_LTO: 'off',
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
      CARGO_PROFILE_RELEASE_OPT_LEVEL: '1',
    },
  });
  const program = join(folder, 'vector');
  run('cp', [join(tree, 'target/release/vector'), program]);
  return run(program, ['--version']).split(' ')[1];
}
