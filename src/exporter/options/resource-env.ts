// The attributes of the resource that OpenTelemetry's SDK would make of the environment; prefix templates and
// resource tags take theirs from it.

import type { Environment } from './env.js';

/** OpenTelemetry specification, "resource SDK": `key=value` pairs, percent-encoded; the service name beats them. */
export function resourceAttributes(environment: Environment): Record<string, string> {
  const attributes: [string, string][] = [];
  for (const pair of (environment['OTEL_RESOURCE_ATTRIBUTES'] ?? '').split(',')) {
    const at = pair.indexOf('=');
    if (at > 0) attributes.push([pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())]);
  }
  const name = environment['OTEL_SERVICE_NAME']?.trim();
  // Not by assignment, which loses a key named __proto__.
  return Object.fromEntries(name ? [...attributes, ['service.name', name]] : attributes);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
