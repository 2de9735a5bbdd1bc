import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { GaugeRules } from './gauge-rules.js';

/** Options of `new ClusterAggregator()`; mistakes throw one `ConfigError`. */
export interface ClusterAggregatorOptions {
  /** Gets one export per interval, with the figures of all workers, and is shut down with the aggregator. */
  exporter: PushMetricExporter;
  /** Milliseconds between exports. Default 10000, StatsD's own flush interval. */
  exportIntervalMillis?: number;
  /** After this many milliseconds an export that has not answered is not waited for any more. Default 30000. */
  exportTimeoutMillis?: number;
  /**
   * How gauges of several workers become one: `sum`, `max`, `min`, `avg`, `last` or `perWorker`; for all of them, by
   * metric name or glob (`{ 'process.memory.*': 'sum' }`), or by a function. Default, also for those that no name or
   * glob matches, `perWorker`: a series for each worker. Counters, histograms and up-down counters always add up.
   */
  gauges?: GaugeRules;
  /** The attribute that tells the series of `perWorker` gauges apart. Default `service.instance.id`. */
  instanceAttribute?: string;
  /**
   * After this many milliseconds without a word a worker counts as hung, and its gauges and up-down counters leave
   * until it speaks again. Default: three of its own export intervals, which it tells, and at least three of ours.
   */
  staleMillis?: number;
  /** Listens on a unix socket, for processes that nobody forked: `{ path: '/run/app.sock' }`. Default none. */
  listen?: { readonly path: string };
  /** Whether the workers of node:cluster are listened to. Default true. */
  cluster?: boolean;
  /** Series kept between two exports; further ones are refused and counted. Default 100000. */
  maxSeries?: number;
  /** Bytes of counters and histograms among them, as estimated. Default 64 MiB. */
  maxBytes?: number;
  /** Deadline of `forceFlush()` in milliseconds. Default 10000. */
  flushTimeoutMillis?: number;
  /** How long `shutdown()` waits for the last figures of workers and for the last export. Default 5000. */
  shutdownTimeoutMillis?: number;
}
