// Options, environment and defaults become one complete configuration.

import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import type { Dialect } from '../../mapping/dialects/dialect.js';
import { dialectOf } from '../../mapping/dialects/index.js';
import type { MappingOptions } from '../../mapping/options.js';
import type { Destination } from '../../transport/endpoint/destination.js';
import type { Framing, TransportOptions } from '../../transport/options.js';
import {
  CHUNK_BYTES,
  type PayloadSizes,
  STREAM_PAYLOAD_BYTES,
} from '../../transport/packing/chunk-packer.js';
import type { BacklogLimits } from '../backlog.js';
import { containerId } from '../origin/container-id.js';
import { originFields } from '../origin/origin-fields.js';
import type { EnvironmentSettings } from './env.js';
import type { HistogramOptions, StatsdExporterOptions } from './options.js';
import { resolveDestination } from './resolve-destination.js';

export interface ResolvedOptions {
  readonly enabled: boolean;
  readonly mapping: MappingOptions;
  readonly temporality: (instrumentType: InstrumentType) => AggregationTemporality;
  readonly payloads: PayloadSizes;
  readonly delivery: DeliveryOptions;
  readonly backlog: BacklogLimits;
  readonly flushTimeoutMillis: number;
  readonly shutdownTimeoutMillis: number;
}

/** What options and environment say about the transport. */
export type DeliveryOptions = Omit<
  TransportOptions,
  'clock' | 'random' | 'withoutTracing' | 'onEvent' | 'onBelowSoftLimit'
>;

const DEFAULTS = {
  // Fits 1500-byte Ethernet frames with IPv6 and tunnel headers; statsd docs/metric_types.md "fast ethernet".
  datagramBytes: 1432,
  // datadog-agent config dogstatsd_buffer_size; larger ones it cuts.
  unixPayloadBytes: 8192,
  // Some 160,000 lines: short outages keep their intervals apart.
  softQueueBytes: 16 * 2 ** 20,
  queueBytes: 64 * 2 ** 20,
  connectTimeoutMillis: 5_000,
  // Shorter ones made duplicates out of pauses that a server would have ended by itself.
  stallTimeoutMillis: 30_000,
  confirmTimeoutMillis: 60_000,
  flushTimeoutMillis: 10_000,
  shutdownTimeoutMillis: 5_000,
  // Cumulative input only comes from views and foreign producers; this many series are some 30 MB.
  cumulativeSeries: 100_000,
  backlogSeries: 100_000,
} as const;

/** Options are checked already; the environment holds only good values. */
export function resolveOptions(
  options: StatsdExporterOptions,
  environment: EnvironmentSettings,
): ResolvedOptions {
  const dialect = dialectOf(options.dialect ?? environment.dialect ?? 'statsd');
  const destination = resolveDestination(options, environment.endpoints, dialect);
  const framing = destination.protocol === 'unix' ? (dialect.unixStreamFraming ?? 'newline') : 'newline';
  const payloads = payloadSizes(options, dialect, destination, framing);
  const timeoutMillis = environment.timeoutMillis;
  return {
    enabled: options.enabled ?? environment.enabled ?? true,
    mapping: {
      dialect,
      prefix: options.prefix ?? environment.prefix ?? '',
      names: options.names,
      layout: options.layout ?? 'plain',
      fields: originFields(options.originDetection, environment.datadogOrigin, dialect, containerId),
      tags: {
        ...(dialect.readsDatadogEnvironment ? environment.datadogTags : {}),
        ...(options.tags ?? environment.tags),
      },
      resourceTags: resourceTagsOf(options.resourceTags ?? environment.resourceTags ?? dialect.resourceTags),
      histograms: histogramRules(options.histograms, environment, dialect),
      timestamps: options.timestamps ?? false,
      maxLineBytes: Math.min(payloads.maxPayloadBytes, dialect.limits.lineBytes),
      maxSeries: DEFAULTS.cumulativeSeries,
    },
    temporality: typeof options.temporality === 'function' ? options.temporality : deltaTemporality,
    payloads,
    delivery: deliveryOptions(options, environment, destination, {
      framing,
      mayReset: dialect.toleratesConnectionReset ?? true,
    }),
    backlog: {
      maxSeries: options.queue?.maxSeries ?? DEFAULTS.backlogSeries,
      maxBytes: options.queue?.maxBytes ?? DEFAULTS.queueBytes,
    },
    flushTimeoutMillis: options.flushTimeoutMillis ?? timeoutMillis ?? DEFAULTS.flushTimeoutMillis,
    shutdownTimeoutMillis: options.shutdownTimeoutMillis ?? timeoutMillis ?? DEFAULTS.shutdownTimeoutMillis,
  };
}

function deliveryOptions(
  options: StatsdExporterOptions,
  environment: EnvironmentSettings,
  destination: Destination,
  fromDialect: Pick<DeliveryOptions, 'framing' | 'mayReset'>,
): DeliveryOptions {
  const maxQueueBytes = options.queue?.maxBytes ?? DEFAULTS.queueBytes;
  const { pacing = {} } = options;
  return {
    destination,
    maxQueueBytes,
    // By default three quarters are left for series that wait merged; each makes many lines superfluous.
    softQueueBytes: Math.min(
      options.queue?.softBytes ?? Math.min(DEFAULTS.softQueueBytes, maxQueueBytes / 4),
      maxQueueBytes,
    ),
    delivery: options.delivery ?? environment.delivery ?? 'confirmed',
    onUnconfirmed: options.onUnconfirmed ?? 'resend',
    ...fromDialect,
    pacing: pacing && {
      bytesPerSecond: pacing.bytesPerSecond,
      datagramsPerSecond: pacing.datagramsPerSecond,
    },
    tls: options.tls ?? {},
    connectTimeoutMillis: options.connectTimeoutMillis ?? DEFAULTS.connectTimeoutMillis,
    stallTimeoutMillis: options.stallTimeoutMillis ?? DEFAULTS.stallTimeoutMillis,
    confirmTimeoutMillis: options.confirmTimeoutMillis ?? DEFAULTS.confirmTimeoutMillis,
    lookup: options.lookup ?? (lookup as LookupFunction),
  };
}

/** A datagram, or a payload with its length before it, must be one that the server reads whole. */
function payloadSizes(
  { maxPayloadBytes }: StatsdExporterOptions,
  dialect: Dialect,
  { protocol }: Destination,
  framing: Framing,
): PayloadSizes {
  const atMost = (usual: number): PayloadSizes => ({
    maxPayloadBytes: Math.min(maxPayloadBytes ?? usual, dialect.limits.datagramBytes),
  });
  if (protocol === 'udp') return atMost(DEFAULTS.datagramBytes);
  if (protocol === 'unixgram' || framing === 'length-prefixed') return atMost(DEFAULTS.unixPayloadBytes);
  return { maxPayloadBytes: CHUNK_BYTES, targetPayloadBytes: STREAM_PAYLOAD_BYTES };
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
  dialect: Dialect,
): MappingOptions['histograms'] {
  const { mode, exactSum, percentiles, maxSamples, sampleWeight, boundaries }: HistogramOptions =
    typeof option === 'object' ? option : option === undefined ? {} : { mode: option };
  const wanted = mode ?? environment.histograms ?? dialect.histograms;
  return {
    // Of samples such a server makes wrong numbers, or none at all.
    mode: wanted === 'samples' && dialect.samples.rate === 'none' ? 'summary' : wanted,
    maxSamples,
    sampleWeight,
    boundaries,
    exactSum: exactSum ?? dialect.samples.exactSum ?? true,
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
