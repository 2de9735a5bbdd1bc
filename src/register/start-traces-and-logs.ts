// Starts traces and logs when their variables ask for them, with NodeSDK of @opentelemetry/sdk-node, which reads
// their other variables itself.

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
      // An empty list turns a signal off; without a list NodeSDK reads the environment.
      ...(!settings.traces && { spanProcessors: [] }),
      ...(!settings.logs && { logRecordProcessors: [] }),
      ...(resource && { resource, autoDetectResources: false }),
    });
    sdk.start();
    return sdk;
  });
}

/** With these variables NodeSDK would start its own metrics and replace the diag logger. */
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
  // Assigning undefined would store the string "undefined".
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
