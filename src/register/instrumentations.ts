// Starts the instrumentations of @opentelemetry/auto-instrumentations-node. They get their meters when they are
// created, so the MeterProvider must be registered before.

import { type ContextManager, context } from '@opentelemetry/api';
import {
  AUTO_INSTRUMENTATIONS,
  AUTO_INSTRUMENTATIONS_RANGE,
  installedVersion,
  satisfies,
} from '../runtime/requirements.js';
import { hookEsmImports } from './esm-hook.js';
import type { FoundModule } from './find-module.js';
import { guardPatches } from './guard-patches.js';
import { type Instrumentation, servesMetrics } from './instrumentation.js';

interface AutoInstrumentationsModule {
  getNodeAutoInstrumentations(): Instrumentation[];
}

interface InstrumentationModule {
  readonly InstrumentationBase: { readonly prototype: Instrumentation };
  registerInstrumentations(options: { instrumentations: Instrumentation[] }): void;
}

export interface InstrumentationSettings {
  /** Traces and logs are off. */
  readonly metricsOnly: boolean;
  warn(message: string): void;
}

/** OTEL_NODE_ENABLED_INSTRUMENTATIONS and OTEL_NODE_DISABLED_INSTRUMENTATIONS choose among them. */
export function startInstrumentations(
  autoInstrumentations: FoundModule,
  { metricsOnly, warn }: InstrumentationSettings,
): void {
  const base = autoInstrumentations.find('@opentelemetry/instrumentation');
  if (base === undefined) throw new Error('@opentelemetry/instrumentation is not installed');
  checkVersion(autoInstrumentations);
  const { getNodeAutoInstrumentations } = autoInstrumentations.load() as AutoInstrumentationsModule;
  const { registerInstrumentations, InstrumentationBase } = base.load() as InstrumentationModule;

  const instrumentations: Instrumentation[] = [];
  for (const each of getNodeAutoInstrumentations()) {
    if (!metricsOnly || servesMetrics(each, InstrumentationBase.prototype)) instrumentations.push(each);
    else each.disable();
  }
  for (const each of instrumentations) guardPatches(each, warn);
  registerInstrumentations({ instrumentations });
  hookEsmImports(base, patchedModules(instrumentations));
}

function checkVersion({ file }: FoundModule): void {
  const version = installedVersion(AUTO_INSTRUMENTATIONS, file);
  if (version === undefined || satisfies(version, AUTO_INSTRUMENTATIONS_RANGE)) return;
  throw new Error(
    `${AUTO_INSTRUMENTATIONS} is installed in version ${version}, and ${AUTO_INSTRUMENTATIONS_RANGE} is needed: ` +
      `npm install ${AUTO_INSTRUMENTATIONS}@latest`,
  );
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
