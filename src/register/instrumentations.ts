// Starts the instrumentations of @opentelemetry/auto-instrumentations-node. They get their meters when they are
// created, so the MeterProvider must be registered before.

import { type ContextManager, context } from '@opentelemetry/api';
import { hookEsmImports } from './esm-hook.js';
import type { FoundModule } from './find-module.js';

interface Instrumentation {
  /** Not public, yet part of every instrumentation of @opentelemetry/instrumentation since its first version. */
  readonly _modules?: readonly { readonly name: string }[];
}

interface AutoInstrumentationsModule {
  getNodeAutoInstrumentations(): Instrumentation[];
}

interface InstrumentationModule {
  registerInstrumentations(options: { instrumentations: Instrumentation[] }): void;
}

/** OTEL_NODE_ENABLED_INSTRUMENTATIONS and OTEL_NODE_DISABLED_INSTRUMENTATIONS choose among them. */
export function startInstrumentations(autoInstrumentations: FoundModule): void {
  const base = autoInstrumentations.find('@opentelemetry/instrumentation');
  if (base === undefined) throw new Error('@opentelemetry/instrumentation is not installed');
  const { getNodeAutoInstrumentations } = autoInstrumentations.load() as AutoInstrumentationsModule;
  const { registerInstrumentations } = base.load() as InstrumentationModule;

  const instrumentations = getNodeAutoInstrumentations();
  registerInstrumentations({ instrumentations });
  hookEsmImports(base, patchedModules(instrumentations));
}

/** Names of the modules that the instrumentations patch; undefined when they are not known. */
function patchedModules(instrumentations: readonly Instrumentation[]): string[] | undefined {
  const names = new Set<string>();
  for (const { _modules } of instrumentations) {
    if (!Array.isArray(_modules)) return undefined;
    for (const { name } of _modules) names.add(name);
  }
  return [...names];
}

/**
 * Metrics need a context manager too: web frameworks leave the `http.route` of a request in its context.
 * With traces or logs on, NodeSDK has set one already.
 */
export function startContextManager(autoInstrumentations: FoundModule): void {
  const name = '@opentelemetry/context-async-hooks';
  const sdkNode = autoInstrumentations.find('@opentelemetry/sdk-node');
  const found = sdkNode?.find(name) ?? sdkNode?.find('@opentelemetry/sdk-trace-node')?.find(name);
  if (found === undefined) throw new Error(`${name} is not installed`);
  const { AsyncLocalStorageContextManager } = found.load() as {
    AsyncLocalStorageContextManager: new () => ContextManager;
  };
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}
