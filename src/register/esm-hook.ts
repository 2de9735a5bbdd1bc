// Lets instrumentations patch what ES modules import. By themselves they see `require` only: an ES module app's
// HTTP requests would not be counted.

import nodeModule, { createRequire, isBuiltin, register, syncBuiltinESMExports } from 'node:module';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FoundModule } from './find-module.js';
import { hasNodeFlag } from './node-flags.js';

/** Of import-in-the-middle, which matches text with import specifiers and URLs, and patterns with URLs. */
interface HookOptions {
  include?: (string | RegExp)[];
}

interface SyncHooksModule {
  supportsSyncHooks(): boolean;
  register(options: HookOptions): void;
}

/**
 * `instrumentation` is the @opentelemetry/instrumentation in use; `patchedModules` what its instrumentations patch,
 * undefined when that is unknown.
 */
export function hookEsmImports(
  instrumentation: FoundModule,
  patchedModules: readonly string[] | undefined,
): void {
  if (patchedModules === undefined) return hookPackages(instrumentation, {});
  patchBuiltins(patchedModules.filter(isBuiltin), instrumentation.file);
  const packages = patchedModules.filter((name) => !isBuiltin(name));
  if (packages.length > 0) hookPackages(instrumentation, { include: includeList(packages) });
}

/**
 * Patches Node's own modules now, for CommonJS, and carries that over to ES modules, also to ones bound before: an
 * app that imports this first thing instead of preloading it has bound all its static imports by then. A loader
 * hook would come too late for those, and with both of them older instrumentations count a request twice.
 */
function patchBuiltins(names: readonly string[], fromFile: string): void {
  const require = createRequire(fromFile);
  for (const name of names) require(name);
  syncBuiltinESMExports();
}

/** Wraps packages as they are imported; all modules without an `include` list, which is slower and riskier. */
function hookPackages(instrumentation: FoundModule, options: HookOptions): void {
  // OpenTelemetry's documentation used to ask for this flag; a second hook would wrap everything twice.
  if (hasNodeFlag(/(@opentelemetry\/instrumentation|import-in-the-middle)\/hook\.mjs/)) return;
  // With a load hook, Deno's require() runs JSON files and native addons as JavaScript (denoland/deno issue 36240). It does
  // without: its import of a CommonJS package goes through require(), which is patched.
  if ('deno' in process.versions) return;
  const syncHooks = loadSyncHooks(instrumentation);
  if (syncHooks?.supportsSyncHooks()) {
    syncHooks.register(options);
    keepBuiltinsOfNoFile();
    return;
  }
  // What @opentelemetry/instrumentation/hook.mjs stands for; that one drops the options before version 0.200.
  const hook = instrumentation.find('import-in-the-middle/hook.mjs');
  if (hook === undefined) throw new Error('import-in-the-middle/hook.mjs is not installed');
  register(pathToFileURL(hook.file).href, { data: options });
}

/**
 * Hooks that run in the app's thread: 10 ms instead of the 300 ms it takes to start a loader thread, which
 * Node 26 calls deprecated (DEP0205). import-in-the-middle has them since 3.1 for Node 22.22.3, 24.11.1 and newer.
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

interface ResolveHooks {
  resolve<Result>(
    specifier: string,
    context: { parentURL?: string },
    next: (specifier: string, context: object) => Result,
  ): Result | { url: string; format: 'builtin'; shortCircuit: true };
}

/**
 * import-in-the-middle 3.6 takes whatever code without a file (`node -e`, the REPL) requires for the app's main
 * module, and `require('fs')` for a file named fs. Hooks registered later come first.
 */
function keepBuiltinsOfNoFile(): void {
  const { registerHooks } = nodeModule as unknown as { registerHooks(hooks: ResolveHooks): void };
  registerHooks({
    resolve(specifier, context, next) {
      if (context.parentURL !== undefined || !isBuiltin(specifier)) return next(specifier, context);
      return { url: `node:${specifier.replace(/^node:/, '')}`, format: 'builtin', shortCircuit: true };
    },
  });
}

/** Packages with all their files, single files by URL. */
function includeList(names: readonly string[]): (string | RegExp)[] {
  return names.flatMap((name) => {
    if (isAbsolute(name)) return pathToFileURL(name).href;
    return [name, new RegExp(`/node_modules/${escapeRegExp(packageOf(name))}/`)];
  });
}

function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
