// What this package needs of Node.js and of its peers. Entry points that are run rather than imported by code check it
// before they load anything that needs it: without the check a missing peer is a stack trace of the module loader.

import { readFileSync } from 'node:fs';
// Not `{ createRequire }`: webpack evaluates calls of that import, and warns of those that it cannot.
import nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { errorCode } from './error-code.js';

/** `engines.node` of package.json. */
export const NODE_RANGE = '>=20.19.0';

/** `peerDependencies` of package.json that are not optional. */
export const PEER_RANGES: Readonly<Record<string, string>> = {
  '@opentelemetry/api': '^1.9.0',
  '@opentelemetry/core': '^2.0.0 || ^3.0.0',
  '@opentelemetry/sdk-metrics': '^2.0.0 || ^3.0.0',
};

/** An optional peer of package.json. */
export const AUTO_INSTRUMENTATIONS = '@opentelemetry/auto-instrumentations-node';
export const AUTO_INSTRUMENTATIONS_RANGE = '>=0.58.0';

/**
 * One sentence about what is missing or does not fit, and how to mend it; undefined when all is well.
 *
 * @param fromFile path or URL of the file that will load the peers
 */
export function unmetRequirement(
  fromFile: string,
  nodeVersion: string = process.versions.node,
): string | undefined {
  if (!satisfies(nodeVersion, NODE_RANGE)) {
    return `opentelemetry-exporter-statsd needs Node.js ${NODE_RANGE}, and this is ${nodeVersion}`;
  }
  const peers = Object.entries(PEER_RANGES).map(([name, range]) => {
    return { name, range, version: installedVersion(name, fromFile) };
  });
  const faults = peers.flatMap(({ name, range, version }) => {
    if (version === undefined) return [`${name} is not installed (${range} is needed)`];
    return satisfies(version, range)
      ? []
      : [`${name} is installed in version ${version}, and ${range} is needed`];
  });
  if (faults.length === 0) return undefined;
  const packages = peers.map(({ name, range }) => `${name}@${majorToInstall(range, peers)}`);
  return `${faults.join('; ')}. To install what fits: npm install ${packages.join(' ')}`;
}

/** `0.0.0` when the package is there, but no file tells its version. */
export function installedVersion(name: string, fromFile: string): string | undefined {
  let folder: string;
  try {
    folder = dirname(nodeModule.createRequire(fromFile).resolve(name));
  } catch (error) {
    return errorCode(error) === 'MODULE_NOT_FOUND' ? undefined : UNKNOWN_VERSION;
  }
  for (; ; folder = dirname(folder)) {
    const version = versionIn(join(folder, 'package.json'), name);
    if (version !== undefined) return version;
    if (folder === dirname(folder)) return UNKNOWN_VERSION;
  }
}

const UNKNOWN_VERSION = '0.0.0';

/** The ranges of package.json: `>=` and `^` with a full version, alternatives with `||`. An unknown version fits. */
export function satisfies(version: string, range: string): boolean {
  if (version === UNKNOWN_VERSION) return true;
  const actual = parts(version);
  return range.split('||').some((alternative) => {
    const least = parts(alternative);
    const isCaret = alternative.trim().startsWith('^');
    return compare(actual, least) >= 0 && (!isCaret || actual[0] === least[0]);
  });
}

function parts(version: string): number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differences = b.map((part, index) => (a[index] ?? 0) - part);
  return differences.find((difference) => difference !== 0) ?? 0;
}

/** Core and SDK have the same major version: that of the one that is there and fits. */
function majorToInstall(
  range: string,
  peers: readonly { readonly range: string; readonly version: string | undefined }[],
): number {
  const fitting = peers.find(
    (peer) =>
      peer.range === range &&
      peer.version !== undefined &&
      peer.version !== UNKNOWN_VERSION &&
      satisfies(peer.version, range),
  );
  return parts(fitting?.version ?? range)[0]!;
}

function versionIn(file: string, name: string): string | undefined {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown; version?: unknown };
    return found.name === name && typeof found.version === 'string' ? found.version : undefined;
  } catch {
    return undefined;
  }
}
