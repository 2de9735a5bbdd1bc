// Every setting and its source: a flag, the configuration file, a variable, or the default.

import type { SettingSources } from '../../exporter/options/resolve-options.js';
import { presetOf } from '../../mapping/naming/presets/index.js';
import { canConfirm, formatDestination } from '../../transport/endpoint/destination.js';
import { traitsOf } from '../../transport/endpoint/protocols.js';
import type { Configuration } from '../shared/configuration.js';

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** `--dialect`, the path of the configuration file, the name of a variable, or `default`. */
  readonly source: string;
}

export function settingsOf({ resolved, flags, file }: Configuration): Setting[] {
  const { mapping, delivery, flushTimeoutMillis, shutdownTimeoutMillis, enabled, sources } = resolved;
  const { dialect, prefix, tags, resourceTags, histograms } = mapping;
  const { protocol } = delivery.destination;
  /** Options come from a flag of the same name, else from the file. */
  const sourceText = (setting: string, source: string | undefined): string => {
    if (source !== 'options') return source ?? 'default';
    return Object.hasOwn(flags, setting) ? `--${setting}` : (file.path ?? 'default');
  };
  const source = (setting: Exclude<keyof SettingSources, 'tags'>): string =>
    sourceText(setting, sources[setting]);
  return [
    {
      name: 'endpoint',
      value: formatDestination(delivery.destination),
      source: endpointSource(sources, protocol, sourceText),
    },
    { name: 'dialect', value: dialect.name, source: source('dialect') },
    { name: 'prefix', value: prefix || 'none', source: source('prefix') },
    { name: 'names', value: presetOf(mapping.names) ?? 'custom', source: source('names') },
    {
      name: 'tags',
      value: pairsText(tags, '='),
      source: sources.tags.map((each) => sourceText('tags', each)).join(', ') || 'default',
    },
    { name: 'resource tags', value: pairsText(resourceTags, ' as '), source: source('resourceTags') },
    ...(dialect.originFields === undefined
      ? []
      : [{ name: 'origin', value: mapping.fields || 'none', source: source('originDetection') }]),
    { name: 'histograms', value: histograms.mode, source: source('histograms') },
    ...(canConfirm(delivery.destination)
      ? [{ name: 'delivery', value: delivery.delivery, source: source('delivery') }]
      : []),
    { name: 'flush', value: `within ${flushTimeoutMillis} ms`, source: source('flushTimeoutMillis') },
    {
      name: 'shutdown',
      value: `within ${shutdownTimeoutMillis} ms`,
      source: source('shutdownTimeoutMillis'),
    },
    ...(enabled ? [] : [{ name: 'enabled', value: 'no', source: source('enabled') }]),
  ];
}

/** One source if it sets all parts, else each with the parts that it sets; parts without a source are defaults. */
function endpointSource(
  sources: SettingSources,
  protocol: string,
  sourceText: (setting: string, source: string) => string,
): string {
  const parts =
    traitsOf(protocol)?.address === 'path' ? (['path'] as const) : (['protocol', 'host', 'port'] as const);
  const named = new Set(parts.map((part) => sources[part]).filter((source) => source !== undefined));
  return (
    [...named]
      .map((source) => {
        const its = parts.filter((part) => sources[part] === source);
        const text = sourceText('endpoint', source);
        return its.length === parts.length ? text : `${text} (${its.join(', ')})`;
      })
      .join(', ') || 'default'
  );
}

function pairsText(pairs: Readonly<Record<string, string>>, assign: string): string {
  return (
    Object.entries(pairs)
      .map(([key, value]) => (key === value ? key : `${key}${assign}${value}`))
      .join(', ') || 'none'
  );
}
