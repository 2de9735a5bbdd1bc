// Makes the folder of a compatibility row: the Node.js binary, the pinned packages and a copy of the project.
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
  const name = `${family}-${platform}-${process.arch}`;
  const folder = join(compatFolder(root), `node-${row.node}`);
  const path = join(folder, 'node_modules', name, 'bin', platform === 'win' ? 'node.exe' : 'node');
  if (!existsSync(path)) {
    console.log(`\n[${row.name}] installing Node.js ${row.node} (npm package ${name})`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    npm(process.execPath, folder, ['install', `${name}@${row.node}`]);
  }
  const version = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
  return { path, version };
}

/** Installs the row's packages, copies the project beside them and returns the folder. */
export function prepareRow(root, row, node) {
  const folder = join(compatFolder(root), row.name);
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
