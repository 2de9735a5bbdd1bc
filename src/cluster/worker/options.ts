// Options of a worker's exporter, and where its channel comes from when none is named.

import type { MessagePort } from 'node:worker_threads';
import type { AggregationOption, InstrumentType, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { exponentialHistograms } from '../../exporter/aggregation.js';
import type { OptionTable } from '../../exporter/options/check-options.js';
import {
  type Check,
  expectExporter,
  expectFunction,
  expectInteger,
  expectMessagePort,
  expectPath,
  expectText,
  expectTimeout,
} from '../../exporter/options/checks.js';
import {
  FLUSH_TIMEOUT_MILLIS,
  MAX_QUEUE_BYTES,
  MAX_SERIES,
  SHUTDOWN_TIMEOUT_MILLIS,
} from '../../exporter/options/defaults.js';
import type { OpenChannel } from '../channel/channel.js';

/** Options of `new ClusterWorkerExporter()`, all optional; mistakes throw one `ConfigError`. */
export interface ClusterWorkerExporterOptions {
  /**
   * In a thread: `parentPort`, when the aggregator has `attachPort(worker)`; or the end of a `MessageChannel` made for
   * this alone, whose other end the aggregator has.
   * Default: the IPC channel of this process (node:cluster, `child_process.fork()`).
   */
  port?: MessagePort | undefined;
  /** Absolute path of the unix socket that the aggregator listens on; for processes that nobody forked. */
  path?: string | undefined;
  /** A channel of your own; see `OpenChannel`. */
  channel?: OpenChannel | undefined;
  /**
   * What tells this worker's `perWorker` gauges from those of others. Default: `service.instance.id` of the
   * resource, else a small number given by the aggregator, used again after this worker's end.
   */
  instance?: string | undefined;
  /**
   * What to do while there is no aggregator. An exporter: after `fallbackAfterMillis`, or at once when the channel is gone
   * for good, metrics go there directly, until an aggregator answers. It flushes and shuts down with this one.
   * `merge`: keep everything, merged per series, within `maxSeries` and `maxBytes`. `drop`: keep nothing; dropped
   * points are counted. Default `merge`, until the channel is gone for good.
   */
  fallback?: PushMetricExporter | 'merge' | 'drop' | undefined;
  /** Default 30000. */
  fallbackAfterMillis?: number | undefined;
  /** Called when the aggregator ends and wants the last figures, such as `() => provider.forceFlush()`. Default none. */
  collect?: (() => Promise<void>) | undefined;
  /** Default: exponential buckets for histograms, as `StatsdExporter` asks for, and the SDK's own for the rest. */
  aggregation?: ((instrumentType: InstrumentType) => AggregationOption) | undefined;
  /** Series kept while they wait; further ones are refused and counted. Default 100000. */
  maxSeries?: number | undefined;
  /** Bytes of them, as estimated. Default 64 MiB. */
  maxBytes?: number | undefined;
  /** Deadline of `forceFlush()` in milliseconds. Default 10000. */
  flushTimeoutMillis?: number | undefined;
  /** Deadline of `shutdown()` in milliseconds. Default 5000. */
  shutdownTimeoutMillis?: number | undefined;
}

const expectFallback: Check = (value) =>
  value === 'merge' || value === 'drop' || expectExporter(value) === undefined
    ? undefined
    : '"merge" or "drop" or a metric exporter';

export const OPTIONS = {
  port: { check: expectMessagePort },
  path: { check: expectPath },
  channel: { check: expectFunction },
  instance: { check: expectText },
  fallback: { check: expectFallback, default: 'merge' },
  fallbackAfterMillis: { check: expectTimeout, default: 30_000 },
  collect: { check: expectFunction },
  aggregation: { check: expectFunction, default: exponentialHistograms },
  maxSeries: { check: expectInteger(1, 'series'), default: MAX_SERIES },
  maxBytes: { check: expectInteger(1, 'bytes'), default: MAX_QUEUE_BYTES },
  flushTimeoutMillis: { check: expectTimeout, default: FLUSH_TIMEOUT_MILLIS },
  shutdownTimeoutMillis: { check: expectTimeout, default: SHUTDOWN_TIMEOUT_MILLIS },
} satisfies OptionTable<ClusterWorkerExporterOptions>;
