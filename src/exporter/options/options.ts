import type { LookupFunction } from 'node:net';
import type { Writable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { MeterProvider } from '@opentelemetry/api';
import type { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import type { AttributeRules } from '../../mapping/attributes/attribute-filter.js';
import type { Dialect } from '../../mapping/dialects/dialect.js';
import type { DialectName } from '../../mapping/dialects/index.js';
import type { NamingRules } from '../../mapping/naming/naming-rules.js';
import type { NamePreset } from '../../mapping/naming/presets/index.js';
import type { TimeUnit } from '../../mapping/numbers/units.js';
import type { HistogramMode } from '../../mapping/options.js';
import type { SetAttributes } from '../../mapping/sets.js';
import type { LinesSink } from '../../transport/endpoint/destination.js';
import type { EndpointProtocol } from '../../transport/endpoint/protocols.js';
import type { ExitEvent } from '../flush-on-exit.js';
import type { ExporterEvent } from '../telemetry/event-log.js';

/**
 * Options of `new StatsdExporter()`, all optional. An option beats every environment variable, even when it is
 * empty. An unknown option or a bad value throws one `ConfigError` that lists every fault; a bad environment
 * variable is warned about once and ignored.
 */
export interface StatsdExporterOptions {
  /**
   * URL of the StatsD server: `udp://host:port`, `tcp://host:port` or `tls://host:port`, with IPv6 addresses in
   * brackets and the port optional; `unix:///path` (stream socket) or `unixgram:///path` (datagram socket, needs the
   * package unix-dgram). Cannot be combined with `host`, `port`, `protocol` or `path`.
   * @defaultValue `udp://127.0.0.1:8125`, or the default endpoint of the dialect
   */
  endpoint?: string | undefined;
  /**
   * Host name or address.
   * @defaultValue `127.0.0.1`
   */
  host?: string | undefined;
  /**
   * 1 to 65535.
   * @defaultValue the dialect's port
   */
  port?: number | undefined;
  /**
   * `udp`, `tcp` or `tls`; with a path `unix` (the default then) or `unixgram`.
   * @defaultValue the dialect's
   */
  protocol?: EndpointProtocol | undefined;
  /**
   * Absolute path of the server's socket file, instead of a host. On Windows a named pipe such as `\\.\pipe\statsd`, whose
   * server cannot confirm: delivery is `persistent`.
   */
  path?: string | undefined;
  /**
   * A stream to write to instead of a server: a file, standard output, or any other `Writable`. It is neither paced nor
   * ended; once it has ended or failed, all further lines are refused and counted.
   */
  stream?: Writable | undefined;
  /**
   * A function to call instead of a server, with the lines of up to 64 KiB at a time, without newlines. If it throws
   * or rejects, none of the lines counts as delivered, and they are offered again.
   */
  lines?: LinesSink | undefined;
  /**
   * The kind of server: the name of a built-in dialect, or a custom `Dialect` record.
   * @defaultValue `statsd`, or `dogstatsd` when a Datadog variable (`DD_…`) decides the destination
   */
  dialect?: DialectName | Dialect | undefined;
  /**
   * Put before every metric name, with a dot. Resource attributes in braces such as `{service.name}` are filled in, and
   * `{type}` is `counters`, `gauges` or `timers`. A segment whose attribute is missing is left out, with a warning;
   * `{attribute|text}` gives the text instead, and `{attribute|}` leaves the segment out without a warning.
   * @defaultValue none; with `names: 'sprockets'`
   * `applications.{service.name}.{deployment.environment.name|}`
   */
  prefix?: string | undefined;
  /**
   * How metrics are named. A preset: `semconv` gives the metrics of OpenTelemetry's semantic conventions short names
   * with fixed positions (`http.server.request.duration.GET.users__id.200`), `sprockets` those of sprockets-statsd
   * (`timers.users__id.GET.200`), `plain` keeps the metric's own name and all attributes. Custom rules replace
   * the preset: an object from metric name, or glob with `*`, to a template, a function, or an object of a template and
   * the attributes to keep beside it; or one function for all metrics. Spread `namePresets.semconv` to change it.
   *
   * In a template such as `{type}.{http.route|none}.{http.request.method}`, `{…}` is replaced by an attribute of the
   * point, else of the resource; `{name}` is the metric's name, and `{type}` is `counters`, `gauges` or `timers`. An
   * attribute used in the name is not sent as a tag. A segment whose attribute is missing is left out;
   * `{attribute|text}` gives the text instead, and `{attribute|other|text}` tries another attribute first. The prefix is
   * put before the result.
   * @defaultValue `plain`, or `semconv` where the server has no tags (statsd, netdata, collectd, statsite, brubeck)
   */
  names?: NamePreset | NamingRules | undefined;
  /**
   * The attributes that are sent, for tags and names alike: an object from metric name, or glob with `*`, to a list of
   * attributes to keep, or `{ except: [...] }` with those to remove. Series that become one by it are merged: counters,
   * up-down counters and histograms add up, and of gauges the newest is sent. Beats the attributes of `names`.
   * @defaultValue all attributes, unless `names` removes some
   */
  attributes?: AttributeRules | undefined;
  /**
   * Tags of every metric.
   * @defaultValue none
   */
  tags?: Readonly<Record<string, string>> | undefined;
  /**
   * Resource attributes to send as tags: a list of names, or an object from attribute name to tag name.
   * @defaultValue none; for dogstatsd `service.name` as `service`, `service.version` as `version` and
   * `deployment.environment.name` as `env`
   */
  resourceTags?: readonly string[] | Readonly<Record<string, string>> | undefined;
  /**
   * Whether the name of a metric's instrumentation scope is sent as the tag `otel.scope.name`.
   * @defaultValue `false`
   */
  scopeTags?: boolean | undefined;
  /**
   * Counters of which the server counts the distinct values of an attribute: an object from metric name, or glob with
   * `*`, to the attribute. `{ 'shop.visitors': 'user.id' }` sends `shop.visitors:42|s`. Servers without sets get the
   * counter without that attribute.
   * @defaultValue none
   */
  sets?: SetAttributes | undefined;
  /**
   * How histograms are sent. `samples`: representative values, from which the server computes its own statistics.
   * `summary`: `.count` and `.sum` counters, `.min` and `.max` gauges. `buckets`: `.bucket` counters with the upper
   * bound as tag `le`, `.count` and `.sum`. Servers that cannot use samples (collectd, carbon) get `summary` instead.
   * @defaultValue `samples`, or `summary` where the server's own statistics would be wrong (telegraf)
   */
  histograms?: HistogramMode | HistogramOptions | undefined;
  /**
   * What the values of instruments in a unit of time are sent in: milliseconds, seconds, or the unit of the instrument.
   * Lines of the type `ms` are always in milliseconds.
   * @defaultValue the unit in which the server shows timers: `ms`; `s` for statsd_exporter and Vector, `instrument`
   * for Datadog and carbon
   */
  timeUnit?: TimeUnit | undefined;
  /**
   * Whether lines name the container that they come from, so that the Datadog agent adds the container's tags. `true`
   * detects the container id; an object sets it and further fields.
   * @defaultValue `false`, except for what `DD_EXTERNAL_ENV` and `DD_CARDINALITY` say
   */
  originDetection?: boolean | OriginOptions | undefined;
  /**
   * Whether counters and gauges carry the time of measurement (`|T` and seconds) to the Datadog agent. The agent
   * does not aggregate such lines: without a tag that tells processes apart, one overwrites the other. Counters are too
   * high where the agent ignores the time: agents before 7.40 (protocol 1.3), and those whose setting
   * `dogstatsd_no_aggregation_pipeline` is `false`. Other servers have no such field; `carbon` always gets the time.
   * @defaultValue `false`
   */
  timestamps?: boolean | undefined;
  /**
   * Temporality requested from the SDK. `delta`: delta for counters and histograms, cumulative for what is sent as
   * a gauge. A function decides by instrument type; cumulative counters are then converted to deltas here.
   * @defaultValue `delta`
   */
  temporality?: 'delta' | ((instrumentType: InstrumentType) => AggregationTemporality) | undefined;
  /**
   * How `tcp`, `tls` and `unix` deliver. `confirmed`: one connection per export; lines are kept until the server has
   * read all of them and closed. `persistent`: one long-lived connection, for load balancers; lines are released when
   * the operating system accepts them.
   * @defaultValue `confirmed`
   */
  delivery?: 'confirmed' | 'persistent' | undefined;
  /**
   * What to do with counters and samples of a connection that broke before the server confirmed them: `resend` may
   * count them twice, `drop` may lose them; either is counted. Gauges are always sent again.
   * @defaultValue `resend`
   */
  onUnconfirmed?: 'resend' | 'drop' | undefined;
  /** Passed to `tls.connect()`: `ca`, `cert`, `key`, `servername` and so on. Certificates are verified by default. */
  tls?: ConnectionOptions | undefined;
  /**
   * Rate limits, or `false` for none.
   * @defaultValue each export spread over at most half of the time until the next, streams at no less than 4 MB/s,
   * UDP with 1 to 20 datagrams per millisecond
   */
  pacing?: false | PacingOptions | undefined;
  /**
   * Largest datagram in bytes, never exceeded: 64 to 65507; a longer line is dropped, counted and logged. A value above
   * what the dialect's server reads whole is reduced to that. Without this option a line longer than the default is sent
   * as a datagram by itself, up to what the server reads whole. Byte streams have no such limit; a unix stream with
   * length prefixes (Datadog) has.
   * @defaultValue `1432` for UDP, which fits an Ethernet frame with room for IPv6 and tunnels; `8192` for unix sockets
   */
  maxPayloadBytes?: number | undefined;
  /**
   * Memory for lines that wait for the server, and for merged series beyond them.
   * @defaultValue 16 MiB, 64 MiB and 100000 series
   */
  queue?: QueueOptions | undefined;
  /**
   * Deadline of a connection attempt in milliseconds, DNS lookup included.
   * @defaultValue `5000`
   */
  connectTimeoutMillis?: number | undefined;
  /**
   * Milliseconds without progress after which a connection is closed and its lines are sent again.
   * @defaultValue `30000`
   */
  stallTimeoutMillis?: number | undefined;
  /**
   * Milliseconds that the server may take to read everything and close the connection.
   * @defaultValue `60000`
   */
  confirmTimeoutMillis?: number | undefined;
  /**
   * Deadline of `forceFlush()` in milliseconds. `MeterProvider.shutdown()` calls `forceFlush()` and then `shutdown()`;
   * a shutdown directly after a flush that missed its deadline gets only what is left of `shutdownTimeoutMillis`.
   * @defaultValue `shutdownTimeoutMillis`
   */
  flushTimeoutMillis?: number | undefined;
  /**
   * Deadline of `shutdown()` in milliseconds.
   * @defaultValue `5000`
   */
  shutdownTimeoutMillis?: number | undefined;
  /**
   * Flushes before the process exits: on `beforeExit`, and on `SIGTERM`, `SIGINT` or `SIGHUP`, after which the signal's
   * default action is re-raised unless the app has its own handler. A list of those events, or an object that also
   * says how to collect what was recorded since the last interval:
   * `{ events: ['SIGTERM', 'beforeExit'], collect: () => provider.forceFlush() }`. Takes at most
   * `shutdownTimeoutMillis`, and a second more for `collect`.
   * @defaultValue none; `register` flushes on exit by itself
   */
  flushOn?: readonly ExitEvent[] | FlushOnOptions | undefined;
  /**
   * Records the exporter's own metrics: `otel.sdk.exporter.metric_data_point.inflight` and `.exported`, and
   * `otel.sdk.exporter.operation.duration`. See also `setSelfObsMeterProvider()`.
   * @defaultValue none
   */
  selfObsMeterProvider?: MeterProvider | undefined;
  /**
   * Called with everything that the exporter logs, as data: outages and their end, losses by reason with counts, ignored
   * variables. For apps that alert; errors that it throws are logged. It may be called by the constructor.
   * @defaultValue none; everything goes to OpenTelemetry's `diag` in any case
   */
  onEvent?: ((event: ExporterEvent) => unknown) | undefined;
  /**
   * Resolves host names, with the signature of `dns.lookup`.
   * @defaultValue `dns.lookup`
   */
  lookup?: LookupFunction | undefined;
  /**
   * `false`: every export succeeds, and nothing is opened or sent.
   * @defaultValue `true`
   */
  enabled?: boolean | undefined;
}

export interface HistogramOptions {
  /**
   * How histograms are sent, see `histograms` itself.
   * @defaultValue the dialect's
   */
  mode?: HistogramMode | undefined;
  /**
   * With `samples`: how many per data point at most, 2 to 2000. More only where a server's weight limit needs them.
   * @defaultValue the dialect's: 100 packed, 20 weighted, 101 otherwise
   */
  maxSamples?: number | undefined;
  /**
   * With `samples`: every sample stands for this many recordings, so that servers that do not weight percentiles
   * merge the series of several clients correctly.
   * @defaultValue as few samples as `maxSamples` allows
   */
  sampleWeight?: number | undefined;
  /**
   * With `buckets`: upper bounds in the unit of the instrument, ascending.
   * @defaultValue the instrument's own, or 1, 2 and 5 times the powers of ten
   */
  boundaries?: readonly number[] | undefined;
  /**
   * With `samples`, on servers that compute a sampled timer's sum from the samples alone: a counter `<name>.sum` with
   * the exact sum.
   * @defaultValue `true`, `false` on brubeck
   */
  exactSum?: boolean | undefined;
  /**
   * With `samples`, on servers that compute a sampled timer's maximum from the samples alone: a timer `<name>.max` with
   * the exact maximum of each data point as its only value. Its `upper` is exact over processes and exports.
   * @defaultValue `false`
   */
  exactMax?: boolean | undefined;
  /**
   * With `summary`: percentiles (above 0, up to 100) to send as gauges `<name>.p<percentile>`.
   * @defaultValue none
   */
  percentiles?: readonly number[] | undefined;
}

export interface PacingOptions {
  /** For `tcp`, `tls` and `unix`. */
  bytesPerSecond?: number | undefined;
  /** For `udp`. */
  datagramsPerSecond?: number | undefined;
}

export interface QueueOptions {
  /**
   * Bytes of waiting lines beyond which further exports are merged per series.
   * @defaultValue 16 MiB; at most a quarter of `maxBytes`
   */
  softBytes?: number | undefined;
  /**
   * Bytes of everything kept while the server is unreachable, lines and merged series together; beyond it the newest
   * are refused and counted.
   * @defaultValue 64 MiB
   */
  maxBytes?: number | undefined;
  /**
   * Merged series kept; further ones are refused and counted.
   * @defaultValue `100000`
   */
  maxSeries?: number | undefined;
}

export interface FlushOnOptions {
  /**
   * The events to flush on.
   * @defaultValue all four
   */
  events?: readonly ExitEvent[] | undefined;
  /** Awaited before the flush: `forceFlush()` of the MeterProvider, for what was recorded since the last interval. */
  collect?: (() => Promise<unknown>) | undefined;
}

export interface OriginOptions {
  /**
   * Id of the container.
   * @defaultValue detected from the cgroup of this process
   */
  containerId?: string | undefined;
  /**
   * External data of the Datadog cluster agent's admission controller.
   * @defaultValue the variable `DD_EXTERNAL_ENV`, which the admission controller sets
   */
  externalData?: string | undefined;
  /**
   * Which tags of the container and its pod the agent adds.
   * @defaultValue the variable `DD_CARDINALITY`, else the agent's own setting
   */
  cardinality?: 'none' | 'low' | 'orchestrator' | 'high' | undefined;
}
