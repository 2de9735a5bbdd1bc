// The resource of the exported metrics. Later sources win: SDK defaults, detectors (only local ones by default),
// OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME.

import type { MeterProviderOptions } from '@opentelemetry/sdk-metrics';
import { appFiles, type FoundModule, findModule } from './find-module.js';
import { ownFile } from './own-file.js';

export type Resource = NonNullable<MeterProviderOptions['resource']>;

interface Detector {
  /** Values may be promises. */
  detect(): { attributes?: object };
}

/** The part of `@opentelemetry/resources`, a dependency of sdk-metrics, that is used here. */
interface ResourcesModule {
  defaultResource(): Resource;
  resourceFromAttributes(attributes: object): Resource;
  envDetector: Detector;
  hostDetector: Detector;
  osDetector: Detector;
  processDetector: Detector;
  serviceInstanceIdDetector: Detector;
}

interface AutoInstrumentationsModule {
  getResourceDetectors(): Detector[];
}

/**
 * `names` are those of OTEL_NODE_RESOURCE_DETECTORS. Any that needs a package of its own (`aws`, `gcp`, `all`, …)
 * makes the auto-instrumentations package read that variable, because it depends on those packages.
 */
export function detectResource(
  names: readonly string[],
  autoInstrumentations: FoundModule | undefined,
  warn: (message: string) => void,
): Resource {
  const resources = loadResources();
  const local: Readonly<Record<string, Detector>> = {
    env: resources.envDetector,
    host: resources.hostDetector,
    os: resources.osDetector,
    process: resources.processDetector,
    serviceinstance: resources.serviceInstanceIdDetector,
  };
  const others = names.filter((name) => !Object.hasOwn(local, name));
  if (others.length > 0 && autoInstrumentations === undefined) {
    warn(
      `OTEL_NODE_RESOURCE_DETECTORS: ${others.join(', ')} needs @opentelemetry/auto-instrumentations-node, ` +
        'which is not installed',
    );
  }
  const detectors =
    others.length > 0 && autoInstrumentations !== undefined
      ? (autoInstrumentations.load() as AutoInstrumentationsModule).getResourceDetectors()
      : names.flatMap((name) => (Object.hasOwn(local, name) ? local[name]! : []));
  // The user's own variables come last and win. `detectResources()` would do this too, but version 2.0.0 of it logs an
  // error for every attribute that is a promise.
  return [...detectors, resources.envDetector].reduce(
    (resource, detector) =>
      resource.merge(resources.resourceFromAttributes(detector.detect().attributes ?? {})),
    resources.defaultResource(),
  );
}

function loadResources(): ResourcesModule {
  const here = ownFile();
  const sdkMetrics = findModule('@opentelemetry/sdk-metrics', [...(here ? [here] : []), ...appFiles()]);
  const resources = sdkMetrics?.find('@opentelemetry/resources');
  if (resources === undefined) throw new Error('@opentelemetry/resources is not installed');
  return resources.load() as ResourcesModule;
}
