import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  AUTO_INSTRUMENTATIONS,
  AUTO_INSTRUMENTATIONS_RANGE,
  installedVersion,
  NODE_RANGE,
  PEER_RANGES,
  satisfies,
  unmetRequirement,
} from '../../src/runtime/requirements.js';
import { repository } from '../support/app-process.js';

/** A file in a folder with packages of these versions. */
function fileBeside(packages: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-peers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, version] of Object.entries(packages)) {
    const main = join(folder, 'node_modules', name, 'build/src/index.js');
    mkdirSync(dirname(main), { recursive: true });
    writeFileSync(main, '');
    // A marker without a name, as packages have for their module formats.
    writeFileSync(join(dirname(main), 'package.json'), '{ "type": "commonjs" }');
    const manifest = { name, version, main: 'build/src/index.js' };
    writeFileSync(join(folder, 'node_modules', name, 'package.json'), JSON.stringify(manifest));
  }
  return join(folder, 'app.js');
}

const [api, core, sdk] = ['@opentelemetry/api', '@opentelemetry/core', '@opentelemetry/sdk-metrics'];

it('the requirements are those of package.json', () => {
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const required = Object.entries(manifest.peerDependencies).filter(
    ([name]) => manifest.peerDependenciesMeta[name]?.optional !== true,
  );
  expect({ NODE_RANGE, PEER_RANGES, AUTO_INSTRUMENTATIONS_RANGE }).toEqual({
    NODE_RANGE: manifest.engines.node,
    PEER_RANGES: Object.fromEntries(required),
    AUTO_INSTRUMENTATIONS_RANGE: manifest.peerDependencies[AUTO_INSTRUMENTATIONS],
  });
});

it.each([
  [{ [api]: '1.9.0', [core]: '2.0.0', [sdk]: '2.0.0' }],
  [{ [api]: '1.11.3', [core]: '3.1.0', [sdk]: '3.0.0' }],
])('peers that fit are accepted: %j', (packages) => {
  expect(unmetRequirement(fileBeside(packages))).toBeUndefined();
});

it.each<[Readonly<Record<string, string>>, string]>([
  [
    { [api]: '1.9.1', [core]: '2.5.0' },
    '@opentelemetry/sdk-metrics is not installed (^2.0.0 || ^3.0.0 is needed). To install what fits: ' +
      'npm install @opentelemetry/api@1 @opentelemetry/core@2 @opentelemetry/sdk-metrics@2',
  ],
  [
    { [api]: '1.9.1', [core]: '3.0.0' },
    '@opentelemetry/sdk-metrics is not installed (^2.0.0 || ^3.0.0 is needed). To install what fits: ' +
      'npm install @opentelemetry/api@1 @opentelemetry/core@3 @opentelemetry/sdk-metrics@3',
  ],
  [
    { [api]: '1.8.0', [core]: '1.30.1', [sdk]: '1.30.1' },
    '@opentelemetry/api is installed in version 1.8.0, and ^1.9.0 is needed; ' +
      '@opentelemetry/core is installed in version 1.30.1, and ^2.0.0 || ^3.0.0 is needed; ' +
      '@opentelemetry/sdk-metrics is installed in version 1.30.1, and ^2.0.0 || ^3.0.0 is needed. To install what ' +
      'fits: npm install @opentelemetry/api@1 @opentelemetry/core@2 @opentelemetry/sdk-metrics@2',
  ],
])('faults of peers %j are told in one sentence', (packages, sentence) => {
  expect(unmetRequirement(fileBeside(packages))).toBe(sentence);
});

it.each<[Readonly<Record<string, string>>, string]>([
  [{ [api]: '3.0.0' }, '@opentelemetry/api@1 @opentelemetry/core@2 @opentelemetry/sdk-metrics@2'],
  [
    { [core]: '0.0.0', [sdk]: '3.0.0' },
    '@opentelemetry/api@1 @opentelemetry/core@3 @opentelemetry/sdk-metrics@3',
  ],
  [
    { [core]: '1.30.1', [sdk]: '3.0.0' },
    '@opentelemetry/api@1 @opentelemetry/core@3 @opentelemetry/sdk-metrics@3',
  ],
])('beside %j, core and SDK are to be installed in the version of the one that fits', (packages, install) => {
  expect(unmetRequirement(fileBeside(packages))?.split('npm install ')[1]).toBe(install);
});

it('the version of a package that hides it is unknown', () => {
  const file = fileBeside({ hidden: '1.0.0', nameless: '2.0.0', unversioned: '3.0.0' });
  const rewrite = (name: string, manifest: object) =>
    writeFileSync(join(dirname(file), 'node_modules', name, 'package.json'), JSON.stringify(manifest));
  rewrite('hidden', { name: 'hidden', version: '1.0.0', exports: {} });
  rewrite('nameless', { version: '2.0.0', main: 'build/src/index.js' });
  rewrite('unversioned', { name: 'unversioned', version: 3, main: 'build/src/index.js' });
  expect(
    ['hidden', 'nameless', 'unversioned', 'missing'].map((name) => [name, installedVersion(name, file)]),
  ).toEqual([
    ['hidden', '0.0.0'],
    ['nameless', '0.0.0'],
    ['unversioned', '0.0.0'],
    ['missing', undefined],
  ]);
});

it('an older Node.js is told before anything else', () => {
  expect(unmetRequirement(fileBeside({}), '18.20.4')).toBe(
    'opentelemetry-exporter-statsd needs Node.js >=20.19.0, and this is 18.20.4',
  );
});

it.each([
  ['20.18.9', '>=20.19.0', false],
  ['20.19.0', '>=20.19.0', true],
  ['26.0.0', '>=20.19.0', true],
  ['2.0.0-rc.1', '^2.0.0', true],
  ['3.0.0', '^2.0.0', false],
  ['10.0.0', '^2.0.0', false],
  ['1.9.0', '^1.9.0', true],
  ['1.10.0', '^1.9.0', true],
  ['1.8.9', '^1.9.0', false],
  ['2.5.1', '^2.5.2', false],
  ['2.5', '^2.5.0', true],
  ['4.0.0', '^2.0.0 || ^3.0.0', false],
  ['latest', '^2.0.0', false],
  ['0.0.0', '^2.0.0', true],
])('version %s against %s: %s', (version, range, fits) => {
  expect(satisfies(version, range)).toBe(fits);
});
