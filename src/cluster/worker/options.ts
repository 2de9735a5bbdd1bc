// Options of a worker's exporter.

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
import { MAX_QUEUE_BYTES, MAX_SERIES, SHUTDOWN_TIMEOUT_MILLIS } from '../../exporter/options/defaults.js';
import type { OpenChannel } from '../channel/channel.js';

/** Options of `new ClusterWorkerExporter()`, all optional; mistakes throw one `ConfigError`. */
export interface ClusterWorkerExporterOptions {
  /**
   * In a thread: `parentPort`, when the aggregator uses `attachPort(worker)`; or one end of a dedicated
   * `MessageChannel`, whose other end is attached to the aggregator.
   * Default: the IPC channel of this process (node:cluster, `child_process.fork()`).
   */
  port?: MessagePort | undefined;
  /** Absolute path of the aggregator's unix socket; for processes that the aggregator's process did not fork. */
  path?: string | undefined;
  /** A custom channel; see `OpenChannel`. */
  channel?: OpenChannel | undefined;
  /**
   * Distinguishes the `perWorker` gauges of this worker. Default: `service.instance.id` of the resource, else a small
   * number assigned by the aggregator, which is reused after this worker has ended.
   */
  instance?: string | undefined;
  /**
   * What to do without an aggregator. An exporter: metrics are exported through it after `fallbackAfterMillis`, or at
   * once when the channel is closed permanently, until an aggregator answers. It is flushed and shut down with this
   * one. `merge`: keep all points, merged per series, within `maxSeries` and `maxBytes`. `drop`: drop and count all
   * points. Default `merge`; when the channel is closed permanently, `merge` drops, too.
   */
  fallback?: PushMetricExporter | 'merge' | 'drop' | undefined;
  /** Milliseconds without an aggregator before `fallback` is used. Default 30000. */
  fallbackAfterMillis?: number | undefined;
  /** Called when the aggregator shuts down and asks for a last export: `() => provider.forceFlush()`. Default none. */
  collect?: (() => Promise<void>) | undefined;
  /** Default: exponential histograms, as for `StatsdExporter`; otherwise the default of the SDK. */
  aggregation?: ((instrumentType: InstrumentType) => AggregationOption) | undefined;
  /** Waiting series; further ones are refused and counted. Default 100000. */
  maxSeries?: number | undefined;
  /** Estimated bytes of waiting series. Default 64 MiB. */
  maxBytes?: number | undefined;
  /** Deadline of `forceFlush()` in milliseconds. Default `shutdownTimeoutMillis`, half of it with a fallback exporter. */
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
  // The default is shutdownTimeoutMillis.
  flushTimeoutMillis: { check: expectTimeout },
  shutdownTimeoutMillis: { check: expectTimeout, default: SHUTDOWN_TIMEOUT_MILLIS },
} satisfies OptionTable<ClusterWorkerExporterOptions>;
