import type { LookupFunction } from 'node:net';
import type { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import type { HistogramMode } from '../mapping/context.js';
import type { Dialect } from '../mapping/dialects/dialect.js';
import type { DialectName } from '../mapping/dialects/index.js';
import type { NamingRules } from '../mapping/naming.js';
import type { EndpointProtocol } from '../transport/endpoint.js';

/**
 * Options of `new StatsdExporter()`, all optional. An option beats every environment variable, also when it
 * is empty. An unknown option or a bad value throws one `ConfigError` that lists every fault; a bad
 * environment variable is warned about once and ignored.
 */
export interface StatsdExporterOptions {
  /**
   * Where the StatsD server listens: `udp://host:port` or `tcp://host:port`, IPv6 in brackets. The port may
   * be left out. Not together with `host`, `port` or `protocol`.
   * Default `udp://127.0.0.1:8125`. Env: `OTEL_EXPORTER_STATSD_ENDPOINT`.
   */
  endpoint?: string;
  /** Host name or address. Default `127.0.0.1`. Env: `STATSD_HOST`, `DD_AGENT_HOST`. */
  host?: string;
  /** 1 to 65535. Default: the dialect's port. Env: `STATSD_PORT`, `DD_DOGSTATSD_PORT`. */
  port?: number;
  /** Default `udp`. Env: `STATSD_PROTOCOL`. */
  protocol?: EndpointProtocol;
  /**
   * What runs at the other end: the name of a built-in dialect, or a `Dialect` record of your own.
   * Default `statsd`, or `dogstatsd` when an environment variable of the Datadog agent is set.
   * Env: `OTEL_EXPORTER_STATSD_DIALECT`.
   */
  dialect?: DialectName | Dialect;
  /**
   * Put before every metric name, with a dot. `{service.name}` and other resource attributes in braces are
   * filled in; a segment whose attribute is missing is left out, with a warning.
   * Default none. Env: `OTEL_EXPORTER_STATSD_PREFIX`, `STATSD_PREFIX`.
   */
  prefix?: string;
  /**
   * Names of your own: an object from metric name, or glob with `*`, to a template such as
   * `timers.{http.route}.{http.request.method}` or a function; or one function for all metrics. In a template
   * `{…}` takes an attribute of the point, else of the resource, and `{name}` the metric's name; a used attribute
   * is no tag any more, and a segment whose attribute is missing is left out. The prefix goes before the result.
   * Default: the metric's own name.
   */
  names?: NamingRules;
  /** Tags of every metric. Default none. Env: `OTEL_EXPORTER_STATSD_TAGS` as `key=value,key2=value2`, `DD_TAGS`. */
  tags?: Readonly<Record<string, string>>;
  /**
   * Resource attributes to send as tags: a list of names, or an object from attribute name to tag name.
   * Default none; for dogstatsd `service.name` as `service`, `service.version` as `version` and
   * `deployment.environment.name` as `env`. Env: `OTEL_EXPORTER_STATSD_RESOURCE_TAGS` as a list with commas.
   */
  resourceTags?: readonly string[] | Readonly<Record<string, string>>;
  /**
   * What becomes of a histogram. `samples`: representative values, from which the server takes its own
   * statistics. `summary`: `.count` and `.sum` counters, `.min` and `.max` gauges.
   * Default `samples`. Env: `OTEL_EXPORTER_STATSD_HISTOGRAMS` (the mode).
   */
  histograms?: HistogramMode | HistogramOptions;
  /**
   * Temporality asked of the SDK. `delta`: delta for counters and histograms, cumulative for what is sent as
   * a gauge. A function decides by instrument type; cumulative counters are then turned into deltas here.
   * Default `delta`.
   */
  temporality?: 'delta' | ((instrumentType: InstrumentType) => AggregationTemporality);
  /**
   * Largest datagram in bytes, never exceeded: 64 to 65507. Default 1432, which fits an Ethernet frame with
   * room for IPv6 and tunnels. Streams have no such limit.
   */
  maxPayloadBytes?: number;
  /** Memory for lines that wait for the server. */
  queue?: QueueOptions;
  /** Deadline in milliseconds of a connection attempt, look-up of the name included. Default 5000. */
  connectTimeoutMillis?: number;
  /** After this many milliseconds without progress a connection is given up and its lines are sent again. Default 30000. */
  stallTimeoutMillis?: number;
  /** How long in milliseconds a server may take to read what was sent and close the connection. Default 60000. */
  confirmTimeoutMillis?: number;
  /** Deadline of `forceFlush()` in milliseconds. Default 10000. Env: `OTEL_EXPORTER_STATSD_TIMEOUT`. */
  flushTimeoutMillis?: number;
  /** Deadline of `shutdown()` in milliseconds. Default 5000. Env: `OTEL_EXPORTER_STATSD_TIMEOUT`. */
  shutdownTimeoutMillis?: number;
  /** Look-up of host names, with the signature of `dns.lookup`. Default `dns.lookup`. */
  lookup?: LookupFunction;
  /** False: every export succeeds and nothing is opened or sent. Default true. Env: `STATSD_ENABLED`. */
  enabled?: boolean;
}

export interface HistogramOptions {
  /** Default `samples`. */
  mode?: HistogramMode;
  /**
   * With `samples`, on servers that take a sampled timer's sum from its samples alone: a counter
   * `<name>.sum` with the exact sum. Default true.
   */
  exactSum?: boolean;
  /** With `summary`: percentiles (above 0, up to 100) sent as gauges `<name>.p<percentile>`. Default none. */
  percentiles?: readonly number[];
}

export interface QueueOptions {
  /** Bytes of lines kept while the server is away; beyond it the newest are refused and counted. Default 64 MiB. */
  maxBytes?: number;
}
