// Where metrics come from, at the end of every line for the Datadog agent: it adds the tags of that container and pod.
// docs.datadoghq.com, "DogStatsD datagram format": `|c:` container, `|e:` external data (v1.5), `|card:` (v1.6).

import type { Dialect } from '../../mapping/dialects/dialect.js';
import type { DatadogOrigin } from '../options/env.js';
import type { OriginOptions } from '../options/options.js';

export const CARDINALITIES = ['none', 'low', 'orchestrator', 'high'] as const;

/** The fields that the dialect knows, each with its `|` before it; empty when there is nothing to say. */
export function originFields(
  option: boolean | OriginOptions | undefined,
  environment: DatadogOrigin,
  { originFields: known = [] }: Pick<Dialect, 'originFields'>,
  findContainerId: () => string | undefined,
): string {
  const isOn = option ?? environment.isEnabled;
  if (isOn === false || known.length === 0) return '';
  const given: OriginOptions = typeof option === 'object' ? option : {};
  // Unasked, only what somebody has put into the environment for this purpose is sent.
  const containerId = given.containerId ?? (isOn === undefined ? undefined : findContainerId());
  const fields = {
    c: containerId,
    e: given.externalData ?? environment.externalData,
    card: given.cardinality ?? environment.cardinality,
  };
  return Object.entries(fields)
    .map(([key, value]) => [key, (value ?? '').replaceAll(/[|\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu, '')] as const)
    .filter(([key, value]) => known.includes(key) && value !== '')
    .map(([key, value]) => `|${key}:${value}`)
    .join('');
}
