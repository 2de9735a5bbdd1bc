// Options, environment and defaults become one complete configuration.

import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import type { Dialect } from '../../mapping/dialects/dialect.js';
import { type DialectName, dialectOf } from '../../mapping/dialects/index.js';
import { defaultPreset, prefixOf, rulesOf } from '../../mapping/naming/presets/index.js';
import type { MappingOptions } from '../../mapping/options.js';
import { type Destination, isToNamedPipe } from '../../transport/endpoint/destination.js';
import { traitsOf } from '../../transport/endpoint/protocols.js';
import { systemLookup } from '../../transport/endpoint/resolver.js';
import type { TransportOptions } from '../../transport/options.js';
import { CHUNK_BYTES, type PayloadSizes, STREAM_PAYLOAD_BYTES } from '../../transport/packing/chunk.js';
import { type Framing, framingOf } from '../../transport/packing/framing.js';
import type { BacklogLimits } from '../backlog.js';
import { containerId } from '../origin/container-id.js';
import { originFields } from '../origin/origin-fields.js';
import { withDefaults } from './check-options.js';
import { MAX_SERIES } from './defaults.js';
import type { EnvironmentSettings } from './environment.js';
import { OPTIONS } from './option-table.js';
import type { HistogramOptions, StatsdExporterOptions } from './options.js';
import {
  addressSource,
  type DestinationParts,
  destinationOf,
  destinationParts,
  type Source,
} from './resolve-destination.js';

export interface ResolvedOptions {
  readonly enabled: boolean;
  readonly mapping: MappingOptions;
  readonly temporality: (instrumentType: InstrumentType) => AggregationTemporality;
  readonly payloads: PayloadSizes;
  readonly delivery: DeliveryOptions;
  readonly backlog: BacklogLimits;
  readonly flushTimeoutMillis: number;
  readonly shutdownTimeoutMillis: number;
  readonly sources: SettingSources;
}

/** What each setting comes from, of those that a variable can set; undefined where it is a default. */
export interface SettingSources {
  readonly protocol: Source | undefined;
  readonly host: Source | undefined;
  readonly port: Source | undefined;
  readonly path: Source | undefined;
  readonly dialect: Source | undefined;
  readonly prefix: Source | undefined;
  readonly names: Source | undefined;
  readonly tags: readonly Source[];
  readonly resourceTags: Source | undefined;
  readonly histograms: Source | undefined;
  readonly originDetection: Source | undefined;
  readonly delivery: Source | undefined;
  readonly flushTimeoutMillis: Source | undefined;
  readonly shutdownTimeoutMillis: Source | undefined;
  readonly enabled: Source | undefined;
}

/** What options and environment say about the transport. */
export type DeliveryOptions = Omit<
  TransportOptions,
  'clock' | 'random' | 'withoutTracing' | 'onEvent' | 'onBelowSoftLimit'
>;

/** Options are checked already; the environment holds only valid values. */
export function resolveOptions(
  given: StatsdExporterOptions,
  environment: EnvironmentSettings,
): ResolvedOptions {
  const parts = destinationParts(given, environment);
  const options = withDefaults(
    {
      ...given,
      dialect: given.dialect ?? environment.dialect[0]?.value ?? dialectOfAddress(parts),
      prefix: given.prefix ?? environment.prefix[0]?.value,
      names: given.names ?? environment.names[0]?.value,
      tags: given.tags ?? environment.tags[0]?.value,
      resourceTags: given.resourceTags ?? environment.resourceTags[0]?.value,
      delivery: given.delivery ?? environment.delivery[0]?.value,
      flushTimeoutMillis: given.flushTimeoutMillis ?? environment.flushTimeoutMillis[0]?.value,
      shutdownTimeoutMillis: given.shutdownTimeoutMillis ?? environment.shutdownTimeoutMillis[0]?.value,
      enabled: given.enabled ?? environment.enabled[0]?.value,
    },
    OPTIONS,
  );
  const queue = withDefaults(options.queue, OPTIONS.queue.options);
  const dialect = dialectOf(options.dialect);
  const names = options.names ?? defaultPreset(dialect);
  const destination = destinationOf(given, parts, dialect);
  const framing = framingOf(destination.protocol, dialect);
  const payloadBytes = usualPayloadBytes(options, dialect, destination, framing);
  const payloads = payloadSizes(payloadBytes, options, dialect);
  return {
    enabled: options.enabled,
    mapping: {
      dialect,
      prefix: options.prefix ?? prefixOf(names),
      names: rulesOf(names),
      attributes: options.attributes,
      fields: originFields(
        options.originDetection,
        environment.originDetection.map(({ value }) => value),
        dialect,
        containerId,
      ),
      tags: {
        ...(dialect.readsDatadogEnvironment ? datadogTags(environment) : {}),
        ...options.tags,
      },
      resourceTags: resourceTagsOf(options.resourceTags ?? dialect.resourceTags),
      scopeTags: options.scopeTags,
      sets: options.sets,
      timeUnit: options.timeUnit ?? dialect.timeUnit,
      histograms: histogramRules(options.histograms, environment, dialect),
      timestamps: options.timestamps,
      maxLineBytes: Math.min(payloadBytes ?? CHUNK_BYTES, dialect.limits.lineBytes),
      // Cumulative input only comes from views and foreign producers.
      maxSeries: MAX_SERIES,
    },
    temporality: options.temporality === 'delta' ? deltaTemporality : options.temporality,
    payloads,
    delivery: {
      destination,
      maxQueueBytes: queue.maxBytes,
      // By default three quarters are left for merged series; each makes many lines superfluous.
      softQueueBytes: Math.min(
        options.queue.softBytes ?? Math.min(queue.softBytes, queue.maxBytes / 4),
        queue.maxBytes,
      ),
      delivery: isToNamedPipe(destination) ? 'persistent' : options.delivery,
      onUnconfirmed: options.onUnconfirmed,
      framing,
      abortWith: (dialect.toleratesConnectionReset ?? true) ? 'rst' : 'fin',
      pacing: options.pacing && {
        bytesPerSecond: options.pacing.bytesPerSecond,
        datagramsPerSecond: options.pacing.datagramsPerSecond,
      },
      tls: options.tls,
      connectTimeoutMillis: options.connectTimeoutMillis,
      stallTimeoutMillis: options.stallTimeoutMillis,
      confirmTimeoutMillis: options.confirmTimeoutMillis,
      lookup: options.lookup ?? systemLookup,
    },
    backlog: { maxSeries: queue.maxSeries, maxBytes: queue.maxBytes },
    flushTimeoutMillis: options.flushTimeoutMillis ?? options.shutdownTimeoutMillis,
    shutdownTimeoutMillis: options.shutdownTimeoutMillis,
    sources: sourcesOf(given, environment, parts, dialect),
  };
}

/** Where the settings come from that a variable can set; undefined for defaults. */
function sourcesOf(
  given: StatsdExporterOptions,
  environment: EnvironmentSettings,
  { protocol, host, port, path }: DestinationParts,
  dialect: Dialect,
): SettingSources {
  const sourceOf = (option: Exclude<keyof EnvironmentSettings, 'datadogTags'>): Source | undefined =>
    given[option] === undefined ? environment[option][0]?.variable : 'options';
  const tagSources = [
    sourceOf('tags'),
    ...(dialect.readsDatadogEnvironment ? environment.datadogTags.map(({ variable }) => variable) : []),
  ];
  return {
    protocol: protocol?.source,
    host: host?.source,
    port: port?.source,
    path: path?.source,
    dialect: sourceOf('dialect') ?? datadogSource({ host, port, path }),
    prefix: sourceOf('prefix'),
    names: sourceOf('names'),
    tags: tagSources.filter((source) => source !== undefined),
    resourceTags: sourceOf('resourceTags'),
    histograms: sourceOf('histograms'),
    originDetection: sourceOf('originDetection'),
    delivery: sourceOf('delivery'),
    flushTimeoutMillis: sourceOf('flushTimeoutMillis') ?? sourceOf('shutdownTimeoutMillis'),
    shutdownTimeoutMillis: sourceOf('shutdownTimeoutMillis'),
    enabled: sourceOf('enabled'),
  };
}

/** The Datadog variable that names the server; such a server is a Datadog agent. */
function datadogSource(parts: DestinationParts): Source | undefined {
  const source = addressSource(parts);
  return source?.startsWith('DD_') ? source : undefined;
}

function dialectOfAddress(parts: DestinationParts): DialectName {
  return datadogSource(parts) === undefined ? 'statsd' : 'dogstatsd';
}

function datadogTags(environment: EnvironmentSettings): Readonly<Record<string, string>> {
  // Not by assignment, which loses a key named __proto__.
  return Object.fromEntries(environment.datadogTags.flatMap(({ value }) => Object.entries(value)));
}

/** How large a payload is that the server must read whole: a datagram or a frame. Undefined on byte streams. */
function usualPayloadBytes(
  { maxPayloadBytes }: StatsdExporterOptions,
  { limits }: Dialect,
  { protocol }: Destination,
  framing: Framing,
): number | undefined {
  const traits = traitsOf(protocol);
  if (traits?.kind !== 'datagram' && framing !== 'length-prefixed') return undefined;
  return Math.min(maxPayloadBytes ?? traits?.defaultPayloadBytes ?? CHUNK_BYTES, limits.datagramBytes);
}

/** Unless `maxPayloadBytes` is given, a line that exceeds the usual size becomes a payload by itself. */
function payloadSizes(
  usualBytes: number | undefined,
  { maxPayloadBytes }: StatsdExporterOptions,
  { limits }: Dialect,
): PayloadSizes {
  if (usualBytes === undefined) {
    return { maxPayloadBytes: CHUNK_BYTES, targetPayloadBytes: STREAM_PAYLOAD_BYTES };
  }
  if (maxPayloadBytes !== undefined) return { maxPayloadBytes: usualBytes };
  return { maxPayloadBytes: limits.datagramBytes, targetPayloadBytes: usualBytes };
}

function resourceTagsOf(
  tags: readonly string[] | Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (!Array.isArray(tags)) return tags as Readonly<Record<string, string>>;
  return Object.fromEntries(tags.map((attribute: string) => [attribute, attribute]));
}

function histogramOptions(option: StatsdExporterOptions['histograms']): HistogramOptions {
  return typeof option === 'object' ? option : { mode: option };
}

function histogramRules(
  option: StatsdExporterOptions['histograms'],
  environment: EnvironmentSettings,
  dialect: Dialect,
): MappingOptions['histograms'] {
  const { mode, exactSum, exactMax, percentiles, maxSamples, sampleWeight, boundaries } =
    histogramOptions(option);
  const wanted = mode ?? histogramOptions(environment.histograms[0]?.value).mode ?? dialect.histograms;
  return {
    // Of samples such a server makes wrong numbers, or none at all.
    mode: wanted === 'samples' && dialect.samples.rate === 'none' ? 'summary' : wanted,
    maxSamples,
    sampleWeight,
    boundaries,
    exactSum: exactSum ?? dialect.samples.exactSum ?? true,
    exactMax: exactMax ?? false,
    percentiles: percentiles ?? [],
  };
}

/**
 * Delta for what StatsD adds up; cumulative for what is sent as a gauge, because the SDK leaves idle gauges
 * out of a delta collection.
 */
function deltaTemporality(instrumentType: InstrumentType): AggregationTemporality {
  switch (instrumentType) {
    case InstrumentType.COUNTER:
    case InstrumentType.OBSERVABLE_COUNTER:
    case InstrumentType.HISTOGRAM:
      return AggregationTemporality.DELTA;
    default:
      return AggregationTemporality.CUMULATIVE;
  }
}
