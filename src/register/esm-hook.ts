// Lets instrumentations patch what ES modules import: they see every `require` by themselves, but an `import`
// only through a loader hook, without which an ES module app's HTTP requests are not counted.

import nodeModule, { isBuiltin, register } from 'node:module';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FoundModule } from './find-module.js';

interface SyncHooksModule {
  supportsSyncHooks(): boolean;
  register(options: { include?: (string | RegExp)[] }): void;
}

/**
 * `instrumentation` is the @opentelemetry/instrumentation in use: the hook has to come from its own copy of
 * import-in-the-middle. Only `patchedModules` are wrapped, everything when they are unknown; a wrapped module
 * loads more slowly, and no module of the app needs it.
 */
export function hookEsmImports(
  instrumentation: FoundModule,
  patchedModules: readonly string[] | undefined,
): void {
  if (isHookedByFlag()) return;
  const options = patchedModules === undefined ? {} : { include: includeList(patchedModules) };
  const syncHooks = loadSyncHooks(instrumentation);
  if (syncHooks?.supportsSyncHooks()) {
    syncHooks.register(options);
    return;
  }
  const hook = instrumentation.find('@opentelemetry/instrumentation/hook.mjs');
  if (hook === undefined) throw new Error('@opentelemetry/instrumentation has no hook.mjs');
  register(pathToFileURL(hook.file).href, { data: options });
}

/** A second hook would wrap everything twice; OpenTelemetry's documentation used to ask for this flag. */
function isHookedByFlag(): boolean {
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  return /@opentelemetry\/instrumentation\/hook\.mjs|import-in-the-middle\/hook\.mjs/.test(flags);
}

/**
 * Hooks that run in the app's thread: 10 ms instead of the 300 ms it takes to start a loader thread, which
 * Node 26 calls deprecated (DEP0205). import-in-the-middle has them since 3.0 for Node 22.22.3, 24.11.1 and newer.
 */
function loadSyncHooks(instrumentation: FoundModule): SyncHooksModule | undefined {
  if (!('registerHooks' in nodeModule)) return undefined;
  try {
    return instrumentation.find('import-in-the-middle/register-hooks.mjs')?.load() as SyncHooksModule;
  } catch {
    // require() of ES modules may be turned off; the loader thread does without.
    return undefined;
  }
}

/** Builtins by both their names, packages with all their files, single files by URL. */
function includeList(names: readonly string[]): (string | RegExp)[] {
  return names.flatMap((name) => {
    if (isAbsolute(name)) return pathToFileURL(name).href;
    if (isBuiltin(name)) return [name, `node:${name}`];
    return [name, new RegExp(`/node_modules/${escapeRegExp(packageOf(name))}/`)];
  });
}

function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
