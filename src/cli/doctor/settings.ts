// Every setting with where it came from: a flag, a variable, or nobody, so that it is a default.

import {
  type Environment,
  type EnvironmentSettings,
  readEnvironment,
  type TracedSetting,
  variableBehindEndpoint,
  variablesBehind,
} from '../../exporter/options/env.js';
import type { StatsdExporterOptions } from '../../exporter/options/options.js';
import { sourceOfPart } from '../../exporter/options/resolve-destination.js';
import type { ResolvedOptions } from '../../exporter/options/resolve-options.js';
import { formatDestination } from '../../transport/endpoint/destination.js';

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** `--dialect`, the name of a variable, or `default`. */
  readonly source: string;
}

export function settingsOf(
  { mapping, delivery, flushTimeoutMillis, shutdownTimeoutMillis, enabled }: ResolvedOptions,
  flags: StatsdExporterOptions,
  environment: Environment,
): Setting[] {
  const { dialect, prefix, tags, resourceTags, histograms } = mapping;
  const { protocol } = delivery.destination;
  const from = (...settings: TracedSetting[]): string =>
    settings.flatMap((setting) => variablesBehind(setting, environment)).join(', ') || 'default';
  const strongest = (setting: TracedSetting): string => variablesBehind(setting, environment)[0] ?? 'default';
  const isStream = protocol === 'tcp' || protocol === 'tls' || protocol === 'unix';
  const tagSettings: TracedSetting[] = dialect.readsDatadogEnvironment ? ['tags', 'datadogTags'] : ['tags'];
  return [
    {
      name: 'endpoint',
      value: formatDestination(delivery.destination),
      source: endpointSource(flags, environment, protocol),
    },
    {
      name: 'dialect',
      value: dialect.name,
      source: flags.dialect === undefined ? strongest('dialect') : '--dialect',
    },
    { name: 'prefix', value: prefix || 'none', source: strongest('prefix') },
    { name: 'tags', value: pairsText(tags, '='), source: from(...tagSettings) },
    { name: 'resource tags', value: pairsText(resourceTags, ' as '), source: strongest('resourceTags') },
    ...(dialect.originFields === undefined
      ? []
      : [{ name: 'origin', value: mapping.fields || 'none', source: strongest('datadogOrigin') }]),
    { name: 'histograms', value: histograms.mode, source: strongest('histograms') },
    ...(isStream ? [{ name: 'delivery', value: delivery.delivery, source: strongest('delivery') }] : []),
    { name: 'flush', value: `within ${flushTimeoutMillis} ms`, source: strongest('timeoutMillis') },
    { name: 'shutdown', value: `within ${shutdownTimeoutMillis} ms`, source: strongest('timeoutMillis') },
    ...(enabled ? [] : [{ name: 'enabled', value: 'no', source: strongest('enabled') }]),
  ];
}

/** One name if one source said it all, else each with its parts; what nobody named is a default. */
function endpointSource(flags: StatsdExporterOptions, environment: Environment, protocol: string): string {
  const { endpoints } = readEnvironment(environment, () => {});
  const parts = protocol.startsWith('unix') ? (['path'] as const) : (['protocol', 'host', 'port'] as const);
  const sources = parts.map((part) => [part, partSource(part, flags, endpoints, environment)] as const);
  const named = [...new Set(sources.map(([, source]) => source))].filter((source) => source !== 'default');
  return (
    named
      .map((source) => {
        const its = sources.filter(([, other]) => other === source).map(([part]) => part);
        return its.length === parts.length ? source : `${source} (${its.join(', ')})`;
      })
      .join(', ') || 'default'
  );
}

function partSource(
  part: 'protocol' | 'host' | 'port' | 'path',
  flags: StatsdExporterOptions,
  endpoints: EnvironmentSettings['endpoints'],
  environment: Environment,
): string {
  const source = sourceOfPart(part, flags, endpoints);
  if (source === 'options') return '--endpoint';
  return (source === undefined ? undefined : variableBehindEndpoint(source, part, environment)) ?? 'default';
}

function pairsText(pairs: Readonly<Record<string, string>>, assign: string): string {
  return (
    Object.entries(pairs)
      .map(([key, value]) => (key === value ? key : `${key}${assign}${value}`))
      .join(', ') || 'none'
  );
}
