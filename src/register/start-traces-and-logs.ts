// Traces and logs, only when their own variables ask for them, by NodeSDK of @opentelemetry/sdk-node, which
// reads everything else about them from the environment itself.

import type { FoundModule } from './find-module.js';
import type { Resource } from './resource.js';
import type { RegisterSettings } from './settings.js';

export interface NodeSdk {
  start(): void;
  shutdown(): Promise<void>;
}

interface SdkNodeModule {
  NodeSDK: new (configuration: object) => NodeSdk;
}

export function startTracesAndLogs(
  settings: Pick<RegisterSettings, 'traces' | 'logs'>,
  autoInstrumentations: FoundModule | undefined,
  resource: Resource | undefined,
): NodeSdk {
  const sdkNode = autoInstrumentations?.find('@opentelemetry/sdk-node');
  if (sdkNode === undefined) {
    throw new Error(
      'OTEL_TRACES_EXPORTER and OTEL_LOGS_EXPORTER need @opentelemetry/auto-instrumentations-node',
    );
  }
  const { NodeSDK } = sdkNode.load() as SdkNodeModule;
  return withEnvironment({ OTEL_METRICS_EXPORTER: 'none', OTEL_LOG_LEVEL: undefined }, () => {
    const sdk = new NodeSDK({
      // An empty list keeps a signal off; a missing one means what the environment says.
      ...(!settings.traces && { spanProcessors: [] }),
      ...(!settings.logs && { logRecordProcessors: [] }),
      ...(resource && { resource, autoDetectResources: false }),
    });
    sdk.start();
    return sdk;
  });
}

/** NodeSDK would start metrics of its own and replace the diag logger if it saw these variables. */
function withEnvironment<T>(changes: Readonly<Record<string, string | undefined>>, run: () => T): T {
  const saved = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  try {
    for (const [name, value] of Object.entries(changes)) setVariable(name, value);
    return run();
  } finally {
    for (const [name, value] of saved) setVariable(name, value);
  }
}

function setVariable(name: string, value: string | undefined): void {
  // Assigning undefined would store the text "undefined".
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
