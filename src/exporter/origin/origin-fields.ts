// Fields at the end of every line that tell the Datadog agent which container the metrics come from, so that it adds the
// container's tags.
// docs.datadoghq.com, "DogStatsD datagram format": `|c:` container, `|e:` external data (v1.5), `|card:` (v1.6).

import { orControls } from '../../mapping/dialects/characters.js';
import type { Dialect } from '../../mapping/dialects/dialect.js';
import type { OriginOptions } from '../options/options.js';

const NOT_IN_FIELDS = orControls(/[|\u2028\u2029]/u);

export const CARDINALITIES = ['none', 'low', 'orchestrator', 'high'] as const;

/** The fields that the dialect knows, each with its `|` before it; `fromVariables` are weaker than `option`, strongest first. */
export function originFields(
  option: boolean | OriginOptions | undefined,
  fromVariables: readonly (boolean | OriginOptions)[],
  { originFields: known = [] }: Pick<Dialect, 'originFields'>,
  findContainerId: () => string | undefined,
): string {
  const isEnabled = option ?? fromVariables.find((value) => typeof value === 'boolean');
  if (isEnabled === false || known.length === 0) return '';
  const origins = [option, ...fromVariables].filter((value) => typeof value === 'object');
  const first = (key: keyof OriginOptions): string | undefined =>
    origins.find((origin) => origin[key] !== undefined)?.[key];
  const fields = {
    // Without being asked, only what was put into the environment for this purpose is sent.
    c: first('containerId') ?? (isEnabled === undefined ? undefined : findContainerId()),
    e: first('externalData'),
    card: first('cardinality'),
  };
  return Object.entries(fields)
    .map(([key, value]) => [key, (value ?? '').replaceAll(NOT_IN_FIELDS, '')] as const)
    .filter(([key, value]) => known.includes(key) && value !== '')
    .map(([key, value]) => `|${key}:${value}`)
    .join('');
}
