// The resource of the exported metrics: SDK defaults, what detectors find without the network, and last what
// the user says in OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME.

import type { MeterProviderOptions } from '@opentelemetry/sdk-metrics';
import { appFiles, type FoundModule, findModule } from './find-module.js';
import { ownFile } from './own-file.js';

export type Resource = NonNullable<MeterProviderOptions['resource']>;

/** The part of `@opentelemetry/resources`, a dependency of sdk-metrics, that is used here. */
interface ResourcesModule {
  defaultResource(): Resource;
  detectResources(config: { detectors: unknown[] }): Resource;
  envDetector: unknown;
  hostDetector: unknown;
  osDetector: unknown;
  processDetector: unknown;
  serviceInstanceIdDetector: unknown;
}

/**
 * `detectors` are names as in OTEL_NODE_RESOURCE_DETECTORS. Any that needs a package of its own (`aws`, `gcp`,
 * `all`, …) makes the auto-instrumentations package read that variable, for it has those packages.
 */
export function detectResource(
  detectors: readonly string[],
  autoInstrumentations: FoundModule | undefined,
): Resource {
  const resources = loadResources();
  const local: Readonly<Record<string, unknown>> = {
    env: resources.envDetector,
    host: resources.hostDetector,
    os: resources.osDetector,
    process: resources.processDetector,
    serviceinstance: resources.serviceInstanceIdDetector,
  };
  const chosen = detectors.every((name) => name in local)
    ? detectors.map((name) => local[name])
    : loadCloudDetectors(detectors, autoInstrumentations);
  // Later detectors win, and nothing should beat the user's own words.
  return resources
    .defaultResource()
    .merge(resources.detectResources({ detectors: [...chosen, resources.envDetector] }));
}

function loadResources(): ResourcesModule {
  const here = ownFile();
  const sdkMetrics = findModule('@opentelemetry/sdk-metrics', [...(here ? [here] : []), ...appFiles()]);
  const resources = sdkMetrics?.find('@opentelemetry/resources');
  if (resources === undefined) throw new Error('@opentelemetry/resources is not installed');
  return resources.load() as ResourcesModule;
}

function loadCloudDetectors(
  names: readonly string[],
  autoInstrumentations: FoundModule | undefined,
): unknown[] {
  if (autoInstrumentations === undefined) {
    throw new Error(
      `OTEL_NODE_RESOURCE_DETECTORS=${names.join(',')} needs @opentelemetry/auto-instrumentations-node`,
    );
  }
  const { getResourceDetectors } = autoInstrumentations.load() as { getResourceDetectors(): unknown[] };
  return getResourceDetectors();
}
