// Options, environment and defaults become one complete configuration.

import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import type { MappingOptions } from '../mapping/context.js';
import type { Dialect } from '../mapping/dialects/dialect.js';
import { dialects } from '../mapping/dialects/index.js';
import { type Endpoint, parseEndpoint } from '../transport/endpoint.js';
import { CHUNK_BYTES } from '../transport/payloads.js';
import type { EndpointParts, EnvironmentSettings } from './env.js';
import type { StatsdExporterOptions } from './options.js';

export interface ResolvedOptions {
  readonly enabled: boolean;
  readonly endpoint: Endpoint;
  readonly mapping: MappingOptions;
  readonly temporality: (instrumentType: InstrumentType) => AggregationTemporality;
  readonly maxPayloadBytes: number;
  readonly maxQueueBytes: number;
  readonly connectTimeoutMillis: number;
  readonly stallTimeoutMillis: number;
  readonly confirmTimeoutMillis: number;
  readonly flushTimeoutMillis: number;
  readonly shutdownTimeoutMillis: number;
  readonly lookup: LookupFunction;
}

const DEFAULTS = {
  // Fits 1500-byte Ethernet frames with IPv6 and tunnel headers; statsd docs/metric_types.md "fast ethernet".
  datagramBytes: 1432,
  queueBytes: 64 * 2 ** 20,
  connectTimeoutMillis: 5_000,
  // Shorter ones made duplicates out of pauses that a server would have ended by itself.
  stallTimeoutMillis: 30_000,
  confirmTimeoutMillis: 60_000,
  flushTimeoutMillis: 10_000,
  shutdownTimeoutMillis: 5_000,
  // Cumulative input only comes from views and foreign producers; this many series are some 30 MB.
  cumulativeSeries: 100_000,
} as const;

/** Options are checked already; the environment holds only good values. */
export function resolveOptions(
  options: StatsdExporterOptions,
  environment: EnvironmentSettings,
): ResolvedOptions {
  const dialect = dialectOf(options.dialect ?? environment.dialect ?? 'statsd');
  const endpoint = resolveEndpoint([endpointOption(options), ...environment.endpoints], dialect);
  // A stream is cut nowhere but between lines; a datagram is.
  const maxPayloadBytes =
    endpoint.protocol === 'udp' ? (options.maxPayloadBytes ?? DEFAULTS.datagramBytes) : CHUNK_BYTES;
  const timeoutMillis = environment.timeoutMillis;
  return {
    enabled: options.enabled ?? environment.enabled ?? true,
    endpoint,
    mapping: {
      dialect,
      prefix: options.prefix ?? environment.prefix ?? '',
      names: options.names,
      tags: {
        ...(dialect.readsDatadogEnvironment ? environment.datadogTags : {}),
        ...(options.tags ?? environment.tags),
      },
      resourceTags: resourceTagsOf(options.resourceTags ?? environment.resourceTags ?? dialect.resourceTags),
      histograms: histogramRules(options.histograms, environment),
      maxLineBytes: maxPayloadBytes,
      maxSeries: DEFAULTS.cumulativeSeries,
    },
    temporality: typeof options.temporality === 'function' ? options.temporality : deltaTemporality,
    maxPayloadBytes,
    maxQueueBytes: options.queue?.maxBytes ?? DEFAULTS.queueBytes,
    connectTimeoutMillis: options.connectTimeoutMillis ?? DEFAULTS.connectTimeoutMillis,
    stallTimeoutMillis: options.stallTimeoutMillis ?? DEFAULTS.stallTimeoutMillis,
    confirmTimeoutMillis: options.confirmTimeoutMillis ?? DEFAULTS.confirmTimeoutMillis,
    flushTimeoutMillis: options.flushTimeoutMillis ?? timeoutMillis ?? DEFAULTS.flushTimeoutMillis,
    shutdownTimeoutMillis: options.shutdownTimeoutMillis ?? timeoutMillis ?? DEFAULTS.shutdownTimeoutMillis,
    lookup: options.lookup ?? (lookup as LookupFunction),
  };
}

function dialectOf(dialect: string | Dialect): Dialect {
  return typeof dialect === 'string' ? dialects[dialect as keyof typeof dialects] : dialect;
}

function endpointOption({ endpoint, host, port, protocol }: StatsdExporterOptions): EndpointParts {
  return endpoint === undefined ? { host, port, protocol } : { isWhole: true, ...parseEndpoint(endpoint) };
}

/** Each part from the strongest source that names it, down to the first source that is a whole URL. */
function resolveEndpoint(sources: readonly EndpointParts[], dialect: Dialect): Endpoint {
  const wholeAt = sources.findIndex(({ isWhole }) => isWhole);
  const relevant = wholeAt < 0 ? sources : sources.slice(0, wholeAt + 1);
  const first = <K extends keyof EndpointParts>(part: K): EndpointParts[K] | undefined =>
    relevant.find((source) => source[part] !== undefined)?.[part];
  return {
    protocol: first('protocol') ?? 'udp',
    host: withoutBrackets(first('host') ?? '127.0.0.1'),
    port: first('port') ?? dialect.defaultPort,
  };
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function resourceTagsOf(
  tags: readonly string[] | Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (!Array.isArray(tags)) return tags as Readonly<Record<string, string>>;
  return Object.fromEntries(tags.map((attribute: string) => [attribute, attribute]));
}

function histogramRules(
  option: StatsdExporterOptions['histograms'],
  environment: EnvironmentSettings,
): MappingOptions['histograms'] {
  const { mode, exactSum, percentiles } = typeof option === 'object' ? option : { mode: option };
  return {
    mode: mode ?? environment.histograms ?? 'samples',
    exactSum: exactSum ?? true,
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
