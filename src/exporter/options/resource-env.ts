// The resource attributes that the environment names. OpenTelemetry specification, "resource SDK".

import type { Environment } from './environment.js';

/** The attributes of the resource that the SDK would make of the environment. */
export function resourceAttributes(environment: Environment): Record<string, string> {
  const attributes: [string, string][] = [];
  for (const pair of (environment['OTEL_RESOURCE_ATTRIBUTES'] ?? '').split(',')) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, Math.max(at, 0)).trim();
    if (key !== '') attributes.push([key, percentDecoded(pair.slice(at + 1).trim())]);
  }
  const name = environment['OTEL_SERVICE_NAME']?.trim();
  // Not by assignment, which loses a key named __proto__.
  return Object.fromEntries(name ? [...attributes, ['service.name', name]] : attributes);
}

/**
 * What the environment calls this process among those that run the same code: `service.instance.id` of
 * OTEL_RESOURCE_ATTRIBUTES, else pm2's NODE_APP_INSTANCE.
 */
export function readInstance(environment: Environment): string | undefined {
  return (
    resourceAttributes(environment)['service.instance.id'] ||
    environment['NODE_APP_INSTANCE']?.trim() ||
    undefined
  );
}

/** Text that is not percent-encoded stays as it is. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
