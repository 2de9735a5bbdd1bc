// Keeps faults of instrumentations from the app: an app that runs without register must run with it.

import type { Instrumentation, PatchDefinition } from './instrumentation.js';

/**
 * Instrumentations that take the exports of an ES module import for the function that `require` returns: memcached
 * throws when it is imported, lru-memoizer when it is first called. Seen in instrumentation-memcached 0.66 and
 * instrumentation-lru-memoizer 0.67.
 */
const PATCHES_FUNCTION: ReadonlySet<string> = new Set(['memcached', 'lru-memoizer']);

/** Wraps the patch functions so that one that throws leaves the module as it is, with a warning. */
export function guardPatches(
  { instrumentationName, _modules }: Instrumentation,
  warn: (message: string) => void,
): void {
  for (const definition of Array.isArray(_modules) ? _modules : []) {
    for (const each of [definition, ...(definition.files ?? [])]) guard(each, instrumentationName, warn);
  }
}

function guard(
  definition: PatchDefinition,
  instrumentationName: string,
  warn: (message: string) => void,
): void {
  const { name, patch } = definition;
  if (typeof patch !== 'function') return;
  definition.patch = (moduleExports, moduleVersion) => {
    try {
      return patch.call(
        definition,
        PATCHES_FUNCTION.has(name) ? functionOf(moduleExports) : moduleExports,
        moduleVersion,
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      warn(
        `${instrumentationName} cannot patch ${[name, moduleVersion].filter(Boolean).join(' ')}: ${why}. The module is not instrumented`,
      );
      return moduleExports;
    }
  };
}

/** The default export where the exports are those of an ES module import. */
function functionOf(moduleExports: unknown): unknown {
  if (typeof moduleExports !== 'object' || moduleExports === null) return moduleExports;
  const exported: unknown = Reflect.get(moduleExports, 'default');
  return typeof exported === 'function' ? exported : moduleExports;
}
