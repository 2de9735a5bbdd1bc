// Makes the folder of a compatibility row: the binary of Node.js, Bun or Deno, the pinned packages and a copy of the project.
// What is installed already is used again; the copy of the project is always made anew.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

/** Needed to work on the repository, or for its examples. */
const LEFT_OUT = [
  '@arethetypeswrong/cli',
  '@biomejs/biome',
  '@microsoft/api-extractor',
  '@opentelemetry/exporter-prometheus',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-node',
  'express',
  'fastify',
  'knip',
  'publint',
  'rollup',
];

/** About the repository's own tarball and documents, and examples with packages for the development versions. */
const TESTS_LEFT_OUT = ['package', 'docs', 'examples'];

/** Not part of the copy. */
const NOT_COPIED = ['node_modules', '.git', '.cache', 'coverage', 'package.json', 'package-lock.json'];

/** What a row keeps between runs. */
const KEPT = ['node_modules', 'package-lock.json', 'installed.json'];

/**
 * The running Node.js where it fits, otherwise the binary from the npm package for this platform. The packages
 * are those the npm package `node` would pick; its install script is not needed for that.
 */
export function installNode(root, row) {
  if (`${process.versions.node}.`.startsWith(`${row.node}.`)) {
    return { path: process.execPath, version: process.versions.node };
  }
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const family = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const file = join('bin', platform === 'win' ? 'node.exe' : 'node');
  const path = installBinary(root, row, `node@${row.node}`, `${family}-${platform}-${process.arch}`, file);
  const version = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
  return { path, version };
}

/**
 * The variables by which test/runtimes finds the row's runtime. Its binary is in a package for each platform, among which
 * the npm packages `bun` and `deno` choose by an install script.
 */
export function installRuntime(root, row) {
  const [runtime] = row.runtime.split('@');
  const { name, file } = RUNTIME_PACKAGES[runtime]();
  return { COMPAT_RUNTIME: runtime, COMPAT_RUNTIME_PATH: installBinary(root, row, row.runtime, name, file) };
}

const isWindows = process.platform === 'win32';

const RUNTIME_PACKAGES = {
  bun: () => ({
    name: `@oven/bun-${isWindows ? 'windows' : process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`,
    file: join('bin', isWindows ? 'bun.exe' : 'bun'),
  }),
  deno: () => ({
    name: `@deno/${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`,
    file: isWindows ? 'deno.exe' : 'deno',
  }),
};

/** Path of a file of the npm package; `product` is its name and version, as in `node@24`. */
function installBinary(root, row, product, name, file) {
  const folder = join(compatFolder(root), product.replace('@', '-'));
  const path = join(folder, 'node_modules', name, file);
  if (!existsSync(path)) {
    console.log(`\n[${row.name}] installing ${product} (npm package ${name})`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    npm(process.execPath, folder, ['install', `${name}@${product.split('@')[1]}`]);
  }
  return path;
}

/** Installs the row's packages, copies the project beside them and returns the folder. */
export function prepareRow(root, row, node) {
  const folder = join(compatFolder(root), row.folder ?? row.name);
  mkdirSync(folder, { recursive: true });
  const manifest = rowManifest(root, row);
  const wanted = JSON.stringify([manifest.devDependencies, manifest.peerDependencies], null, 2);
  const stamp = join(folder, 'installed.json');
  const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  for (const entry of readdirSync(folder)) {
    if (!installed || !KEPT.includes(entry)) rmSync(join(folder, entry), { recursive: true });
  }
  copyProject(root, folder);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  if (installed) {
    console.log(`\n[${row.name}] packages are installed already`);
  } else {
    console.log(`\n[${row.name}] installing packages`);
    // By the row's own Node.js, so that a package which does not support it is an error here.
    npm(node, folder, ['install', '--engine-strict', '--prefer-offline']);
    writeFileSync(stamp, wanted);
  }
  checkVersions(folder, manifest.devDependencies);
  return folder;
}

/** The project's own package.json with the row's versions in place of the development ones. */
function rowManifest(root, row) {
  const manifest = readJson(join(root, 'package.json'));
  const devDependencies = { ...manifest.devDependencies, ...row.packages };
  for (const name of LEFT_OUT) delete devDependencies[name];
  return { ...manifest, private: true, scripts: {}, devDependencies };
}

function copyProject(root, folder) {
  for (const entry of readdirSync(root)) {
    if (NOT_COPIED.includes(entry)) continue;
    cpSync(join(root, entry), join(folder, entry), {
      recursive: true,
      filter: (source) =>
        basename(source) !== 'node_modules' &&
        !TESTS_LEFT_OUT.some((folder) => source === join(root, 'test', folder)),
    });
  }
}

/**
 * A package that is missing in the row would be found in the project's node_modules further up, and the row
 * would test the development versions; hence this look at each one.
 */
function checkVersions(folder, dependencies) {
  for (const [name, wanted] of Object.entries(dependencies)) {
    const { version } = readJson(join(folder, 'node_modules', name, 'package.json'));
    if (version !== wanted)
      throw new Error(`${name} is ${version} instead of ${wanted} in ${basename(folder)}`);
  }
}

/** npm as it was started, or the one on the PATH, run by the given Node.js. */
function npm(node, folder, args) {
  const cli = process.env['npm_execpath'] ?? '';
  const [command, first] = basename(cli) === 'npm-cli.js' ? [node, [cli]] : ['npm', []];
  execFileSync(command, [...first, ...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    env: { ...process.env, PATH: [dirname(node), process.env['PATH']].join(delimiter) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

function compatFolder(root) {
  return join(root, '.cache', 'compat');
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
