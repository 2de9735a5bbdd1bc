// Options of a worker's exporter, and where its channel comes from when none is named.

import type { MessagePort } from 'node:worker_threads';
import type { AggregationOption, InstrumentType, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { OpenChannel } from '../channel/channel.js';

/** Options of `new ClusterWorkerExporter()`, all optional; mistakes throw one `ConfigError`. */
export interface ClusterWorkerExporterOptions {
  /**
   * In a thread: `parentPort`, when the aggregator has `attachPort(worker)`; or the end of a `MessageChannel` made for
   * this alone, whose other end the aggregator has.
   * Default: the IPC channel of this process (node:cluster, `child_process.fork()`).
   */
  port?: MessagePort;
  /** Absolute path of the unix socket that the aggregator listens on; for processes that nobody forked. */
  path?: string;
  /** A channel of your own; see `OpenChannel`. */
  channel?: OpenChannel;
  /**
   * What tells this worker's `perWorker` gauges from those of others. Default: `service.instance.id` of the
   * resource, else a small number given by the aggregator, used again after this worker's end.
   */
  instance?: string;
  /**
   * What to do while there is no aggregator. An exporter: after `fallbackAfterMillis`, or at once when the channel is gone
   * for good, metrics go there directly, until an aggregator answers. It flushes and shuts down with this one.
   * `merge`: keep everything, merged per series, within `maxSeries` and `maxBytes`. `drop`: keep nothing; dropped
   * points are counted. Default `merge`, until the channel is gone for good.
   */
  fallback?: PushMetricExporter | 'merge' | 'drop';
  /** Default 30000. */
  fallbackAfterMillis?: number;
  /** Called when the aggregator ends and wants the last figures, such as `() => provider.forceFlush()`. Default none. */
  collect?: () => Promise<void>;
  /** Default: exponential buckets for histograms, as `StatsdExporter` asks for, and the SDK's own for the rest. */
  aggregation?: (instrumentType: InstrumentType) => AggregationOption;
  /** Series kept while they wait; further ones are refused and counted. Default 100000. */
  maxSeries?: number;
  /** Bytes of them, as estimated. Default 64 MiB. */
  maxBytes?: number;
  /** Deadline of `forceFlush()` in milliseconds. Default 10000. */
  flushTimeoutMillis?: number;
  /** Deadline of `shutdown()` in milliseconds. Default 5000. */
  shutdownTimeoutMillis?: number;
}
