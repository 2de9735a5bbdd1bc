// Folders of apps that have this package installed.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { repository } from '../../support/app-process.js';

export const peers = ['@opentelemetry/api', '@opentelemetry/core', '@opentelemetry/sdk-metrics'];

export const packageName = 'opentelemetry-exporter-statsd';

/**
 * Where the package is: in the app's node_modules, or behind a link there, to pnpm's store or to a checkout elsewhere
 * (`npm link`). Behind a link it has its peers beside it.
 */
type Layout = 'copied' | 'pnpm' | 'linked';

/** An app's folder with this package and links to the named dependencies of the repository only. */
export function appFolder(
  dependencies: readonly string[],
  files: Readonly<Record<string, string>> = {},
  layout: Layout = 'copied',
): string {
  const folder = temporaryFolder();
  const own = join(folder, 'node_modules', packageName);
  if (layout === 'copied') copyPackage(own);
  else {
    const elsewhere =
      layout === 'pnpm' ? join(folder, 'node_modules/.pnpm', `${packageName}@0.1.0`) : temporaryFolder();
    const real = layout === 'pnpm' ? join(elsewhere, 'node_modules', packageName) : elsewhere;
    copyPackage(real);
    for (const peer of peers) link(elsewhere, peer);
    mkdirSync(dirname(own), { recursive: true });
    symlinkSync(real, own, 'dir');
  }
  for (const dependency of dependencies) link(folder, dependency);
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'statsd-app-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function copyPackage(folder: string): void {
  for (const part of ['package.json', 'dist']) {
    cpSync(join(repository, part), join(folder, part), { recursive: true });
  }
}

export function link(folder: string, dependency: string): void {
  const place = join(folder, 'node_modules', dependency);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(join(repository, 'node_modules', dependency), place, 'dir');
}
