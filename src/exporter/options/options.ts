import type { LookupFunction } from 'node:net';
import type { Writable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { MeterProvider } from '@opentelemetry/api';
import type { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import type { Dialect } from '../../mapping/dialects/dialect.js';
import type { DialectName } from '../../mapping/dialects/index.js';
import type { NamingRules } from '../../mapping/naming/naming-rules.js';
import type { HistogramMode } from '../../mapping/options.js';
import type { LinesSink } from '../../transport/endpoint/destination.js';
import type { EndpointProtocol } from '../../transport/endpoint/endpoint.js';
import type { ExitEvent } from '../flush-on-exit.js';

/**
 * Options of `new StatsdExporter()`, all optional. An option beats every environment variable, also when it
 * is empty. An unknown option or a bad value throws one `ConfigError` that lists every fault; a bad
 * environment variable is warned about once and ignored.
 */
export interface StatsdExporterOptions {
  /**
   * Where the StatsD server listens: `udp://host:port`, `tcp://host:port` or `tls://host:port`, IPv6 in
   * brackets, the port may be left out; `unix:///path` (stream socket) or `unixgram:///path` (datagram socket,
   * needs the package unix-dgram). Not together with `host`, `port`, `protocol` or `path`.
   * Default `udp://127.0.0.1:8125`, or what the dialect's server listens at. Env: `OTEL_EXPORTER_STATSD_ENDPOINT`,
   * `DD_DOGSTATSD_URL`.
   */
  endpoint?: string;
  /** Host name or address. Default `127.0.0.1`. Env: `STATSD_HOST`, `DD_AGENT_HOST`. */
  host?: string;
  /** 1 to 65535. Default: the dialect's port. Env: `STATSD_PORT`, `DD_DOGSTATSD_PORT`. */
  port?: number;
  /** `udp`, `tcp` or `tls`; with a path `unix` (default) or `unixgram`. Default the dialect's. Env: `STATSD_PROTOCOL`. */
  protocol?: EndpointProtocol;
  /** Absolute path of the server's socket file, instead of a host. Env: `DD_DOGSTATSD_SOCKET` (a datagram socket). */
  path?: string;
  /**
   * Any stream instead of a server: a file, standard output, one of your own. It is neither paced nor ended;
   * when it ends or fails for good, everything is refused and counted.
   */
  stream?: Writable;
  /**
   * A function instead of a server, called with the lines of up to 64 KiB at a time, without their newlines.
   * To throw or reject means that none of them was taken; they are offered again.
   */
  lines?: LinesSink;
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
   * `sprockets`: a segment `counters`, `gauges` or `timers` between prefix and name, as sprockets-statsd sends them,
   * before names made by `names` too. Default `plain`, without one.
   */
  layout?: 'plain' | 'sprockets';
  /**
   * Names of your own: an object from metric name, or glob with `*`, to a template such as
   * `timers.{http.route}.{http.request.method}` or a function; or one function for all metrics. In a template
   * `{…}` takes an attribute of the point, else of the resource, and `{name}` the metric's name; a used attribute
   * is no tag any more, and a segment whose attribute is missing is left out. The prefix goes before the result.
   * Default: the metric's own name.
   */
  names?: NamingRules;
  /**
   * Tags of every metric. Default none. Env: `OTEL_EXPORTER_STATSD_TAGS` as `key=value,key2=value2`; for
   * dogstatsd also `DD_TAGS`, `DD_ENV`, `DD_SERVICE`, `DD_VERSION`, `DD_ENTITY_ID`.
   */
  tags?: Readonly<Record<string, string>>;
  /**
   * Resource attributes to send as tags: a list of names, or an object from attribute name to tag name.
   * Default none; for dogstatsd `service.name` as `service`, `service.version` as `version` and
   * `deployment.environment.name` as `env`. Env: `OTEL_EXPORTER_STATSD_RESOURCE_TAGS` as a list with commas.
   */
  resourceTags?: readonly string[] | Readonly<Record<string, string>>;
  /**
   * What becomes of a histogram. `samples`: representative values, from which the server takes its own
   * statistics. `summary`: `.count` and `.sum` counters, `.min` and `.max` gauges. `buckets`: `.bucket` counters with
   * the upper bound as tag `le`, `.count` and `.sum`.
   * Default `samples`, or `summary` where the server's own statistics would be wrong (telegraf) and always where it
   * can make nothing of samples (collectd, carbon). Env: `OTEL_EXPORTER_STATSD_HISTOGRAMS` (the mode).
   */
  histograms?: HistogramMode | HistogramOptions;
  /**
   * Whether the Datadog agent is told which container the metrics come from, so that it adds its tags: `true` finds
   * the container id out, an object names it, or more. Default false, except for what `DD_EXTERNAL_ENV` and
   * `DD_CARDINALITY` say. Env: `DD_ORIGIN_DETECTION_ENABLED`, `DD_EXTERNAL_ENV`, `DD_CARDINALITY`.
   */
  originDetection?: boolean | OriginOptions;
  /**
   * Whether counters and gauges say when they were measured (`|T` and seconds), with the Datadog agent, which then
   * does not aggregate them: of several processes without a tag that tells them apart, one overwrites the others.
   * Other servers know no such section; `carbon` always gets the time. Default false.
   */
  timestamps?: boolean;
  /**
   * Temporality asked of the SDK. `delta`: delta for counters and histograms, cumulative for what is sent as
   * a gauge. A function decides by instrument type; cumulative counters are then turned into deltas here.
   * Default `delta`.
   */
  temporality?: 'delta' | ((instrumentType: InstrumentType) => AggregationTemporality);
  /**
   * How `tcp`, `tls` and `unix` deliver. `confirmed`: a connection for each export, done with only when the
   * server has read everything and closed. `persistent`: one connection for minutes, for load balancers; done
   * with when the operating system took it. Default `confirmed`. Env: `OTEL_EXPORTER_STATSD_DELIVERY`.
   */
  delivery?: 'confirmed' | 'persistent';
  /**
   * Counters and samples of a connection that broke before the server confirmed them: `resend` may count them
   * twice, `drop` may lose them; either is counted. Gauges are always sent again. Default `resend`.
   */
  onUnconfirmed?: 'resend' | 'drop';
  /** Passed to `tls.connect()`: `ca`, `cert`, `key`, `servername` and so on. Certificates are verified by default. */
  tls?: ConnectionOptions;
  /**
   * How fast to send, or `false`: as fast as it goes. Default: each export spread over at most half of the time until
   * the next, streams at no less than 4 MB/s, UDP with 1 to 20 datagrams per millisecond.
   */
  pacing?: false | PacingOptions;
  /**
   * Largest datagram in bytes, never exceeded: 64 to 65507. Default 1432, which fits an Ethernet frame with
   * room for IPv6 and tunnels; a larger one than the dialect's server reads whole counts as that. Streams have no
   * such limit.
   */
  maxPayloadBytes?: number;
  /** Memory for what waits for the server: lines, and beyond them series. Default 16 MiB, 64 MiB and 100000 series. */
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
  /**
   * Delivers what was exported before the process ends: by `SIGTERM`, `SIGINT` or `SIGHUP`, which then end it as ever
   * unless the app handles them itself, or by itself (`beforeExit`). A list of those, or an object that also says how
   * to collect what was recorded since the last interval: `{ events: ['SIGTERM', 'beforeExit'], collect: () =>
   * provider.forceFlush() }`. Takes at most `shutdownTimeoutMillis` and a second for `collect`. Default none; `register`
   * does it by itself.
   */
  flushOn?: readonly ExitEvent[] | FlushOnOptions;
  /**
   * Records the exporter's own metrics, `otel.sdk.exporter.metric_data_point.inflight` and `.exported` and
   * `otel.sdk.exporter.operation.duration`. See also `setSelfObsMeterProvider()`. Default none.
   */
  selfObsMeterProvider?: MeterProvider;
  /** Look-up of host names, with the signature of `dns.lookup`. Default `dns.lookup`. */
  lookup?: LookupFunction;
  /** False: every export succeeds and nothing is opened or sent. Default true. Env: `STATSD_ENABLED`. */
  enabled?: boolean;
}

export interface HistogramOptions {
  /** What becomes of histograms, see `histograms` itself. Default the dialect's. */
  mode?: HistogramMode;
  /**
   * With `samples`: at most about this many per data point, 2 to 2000. Default the dialect's: 100 packed, 20 weighted,
   * 101 otherwise.
   */
  maxSamples?: number;
  /**
   * With `samples`: every sample stands for this many recordings, so that on servers that do not weight percentiles
   * the series of several clients merge rightly. Default: as few samples as `maxSamples` allows.
   */
  sampleWeight?: number;
  /** With `buckets`: upper bounds, ascending. Default the instrument's own, or 1, 2 and 5 times the powers of ten. */
  boundaries?: readonly number[];
  /**
   * With `samples`, on servers that take a sampled timer's sum from its samples alone: a counter
   * `<name>.sum` with the exact sum. Default true, false on brubeck.
   */
  exactSum?: boolean;
  /** With `summary`: percentiles (above 0, up to 100) sent as gauges `<name>.p<percentile>`. Default none. */
  percentiles?: readonly number[];
}

export interface PacingOptions {
  /** Of `tcp`, `tls` and `unix`. */
  bytesPerSecond?: number;
  /** Of `udp`. */
  datagramsPerSecond?: number;
}

export interface QueueOptions {
  /** Bytes of lines beyond which what follows is merged per series. Default 16 MiB; at most a quarter of `maxBytes`. */
  softBytes?: number;
  /**
   * Bytes of everything kept while the server is away, lines and merged series together; beyond it the newest are
   * refused and counted. Default 64 MiB.
   */
  maxBytes?: number;
  /** Series kept merged; further ones are refused and counted. Default 100000. */
  maxSeries?: number;
}

export interface FlushOnOptions {
  /** Which ends to wait for. Default all four. */
  events?: readonly ExitEvent[];
  /** Awaited before the delivery: `forceFlush()` of the MeterProvider, for what was recorded since the last interval. */
  collect?: () => Promise<unknown>;
}

export interface OriginOptions {
  /** Default: found out from the cgroup of this process. */
  containerId?: string;
  /** What the admission controller of the Datadog cluster agent puts into `DD_EXTERNAL_ENV`. Default that. */
  externalData?: string;
  /** Which tags of the container and its pod the agent adds. Default `DD_CARDINALITY`, else the agent's own. */
  cardinality?: 'none' | 'low' | 'orchestrator' | 'high';
}
