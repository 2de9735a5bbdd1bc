import { randomUUID } from 'node:crypto';
import { diag } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  type AggregationOption,
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { checkOptions, isExporter, isPort, isText } from '../../exporter/options/check-options.js';
import { isFunction, isPath, isTimeout, isWholeNumber } from '../../exporter/options/validators.js';
import { systemClock } from '../../runtime/clock.js';
import { openIpcChannel } from '../channel/ipc-channel.js';
import { openPortChannel } from '../channel/port-channel.js';
import { openSocketChannel } from '../channel/socket-channel.js';
import type { ClusterWorkerStats } from '../stats.js';
import type { ClusterWorkerExporterOptions } from './options.js';
import { WorkerSession } from './worker-session.js';

const logger = diag.createComponentLogger({ namespace: 'opentelemetry-exporter-statsd/cluster' });

/**
 * Hands the metrics of one of several processes to the `ClusterAggregator` of another, which adds them up and exports
 * them once. Use it with a `PeriodicExportingMetricReader`, whose interval should be the aggregator's.
 *
 * Construction throws a `ConfigError` for mistakes in the options. Afterwards nothing here throws or rejects, and
 * nothing keeps the process alive but a flush that somebody waits for.
 */
export class ClusterWorkerExporter implements PushMetricExporter {
  readonly #aggregation: (instrumentType: InstrumentType) => AggregationOption;
  readonly #session: WorkerSession;
  readonly #deadlines: { readonly flush: number; readonly shutdown: number };
  #exports: Promise<void> = Promise.resolve();
  #shutdown: Promise<void> | undefined;

  constructor(options: ClusterWorkerExporterOptions = {}) {
    checkOptions('ClusterWorkerExporter', options, CHECKS);
    this.#aggregation = options.aggregation ?? defaultAggregation;
    this.#deadlines = {
      flush: options.flushTimeoutMillis ?? 10_000,
      shutdown: options.shutdownTimeoutMillis ?? 5_000,
    };
    this.#session = new WorkerSession(
      {
        id: randomUUID(),
        openChannel: channelOf(options),
        instance: options.instance,
        fallback: options.fallback ?? 'merge',
        fallbackAfterMillis: options.fallbackAfterMillis ?? 30_000,
        collect: options.collect,
        maxSeries: options.maxSeries ?? 100_000,
        maxBytes: options.maxBytes ?? 64 * 2 ** 20,
        log: (message) => logger.warn(message),
      },
      systemClock,
    );
  }

  /** Delta for what adds up over processes; the current value for gauges and up-down counters. */
  selectAggregationTemporality(instrumentType: InstrumentType): AggregationTemporality {
    return CUMULATIVE.has(instrumentType) ? AggregationTemporality.CUMULATIVE : AggregationTemporality.DELTA;
  }

  selectAggregation(instrumentType: InstrumentType): AggregationOption {
    return this.#aggregation(instrumentType);
  }

  /** Answers at once: SUCCESS when all of it will be delivered, FAILED when some had no room, or after shutdown. */
  export(metrics: ResourceMetrics, resultCallback: (result: ExportResult) => void): void {
    if (this.#shutdown !== undefined) {
      return resultCallback({ code: ExportResultCode.FAILED, error: new Error('the exporter is shut down') });
    }
    this.#exports = this.#exports
      .then(() => this.#export(metrics))
      .then((result) => answer(resultCallback, result));
  }

  async #export(metrics: ResourceMetrics): Promise<ExportResult> {
    try {
      // The periodic reader has waited already; others may not have.
      if (metrics.resource.asyncAttributesPending) await metrics.resource.waitForAsyncAttributes?.();
      const refused = this.#session.accept(metrics);
      if (refused === undefined) return { code: ExportResultCode.SUCCESS };
      return { code: ExportResultCode.FAILED, error: new Error(refused) };
    } catch (error) {
      return {
        code: ExportResultCode.FAILED,
        error: error instanceof Error ? error : new Error(String(error)),
      };
    }
  }

  /** Waits until the aggregator has acknowledged all that was exported, at most `flushTimeoutMillis`. */
  async forceFlush(): Promise<void> {
    await this.#session.flush(this.#deadlines.flush, this.#exports);
  }

  /** Flushes for at most `shutdownTimeoutMillis`, counts what was not delivered, and leaves nothing open. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#session.close(this.#deadlines.shutdown, this.#exports);
    return this.#shutdown;
  }

  /** A snapshot of what was exported, acknowledged, kept and lost so far. */
  stats(): ClusterWorkerStats {
    return this.#session.stats();
  }
}

const CHECKS = {
  port: isPort,
  path: isPath,
  channel: isFunction,
  instance: isText,
  fallback: (value: unknown) =>
    value === 'merge' || value === 'drop' || isExporter(value) === undefined
      ? undefined
      : '"merge" or "drop" or a metric exporter',
  fallbackAfterMillis: isTimeout,
  collect: isFunction,
  aggregation: isFunction,
  maxSeries: isWholeNumber(1, 'series'),
  maxBytes: isWholeNumber(1, 'bytes'),
  flushTimeoutMillis: isTimeout,
  shutdownTimeoutMillis: isTimeout,
} satisfies Record<keyof ClusterWorkerExporterOptions, unknown>;

const CUMULATIVE: ReadonlySet<InstrumentType> = new Set([
  InstrumentType.UP_DOWN_COUNTER,
  InstrumentType.OBSERVABLE_UP_DOWN_COUNTER,
  InstrumentType.GAUGE,
  InstrumentType.OBSERVABLE_GAUGE,
]);

/** Exponential buckets of any two workers merge without a loss but of resolution. */
function defaultAggregation(instrumentType: InstrumentType): AggregationOption {
  return instrumentType === InstrumentType.HISTOGRAM
    ? { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 160, recordMinMax: true } }
    : { type: AggregationType.DEFAULT };
}

function channelOf({ channel, port, path }: ClusterWorkerExporterOptions) {
  if (channel !== undefined) return channel;
  if (port !== undefined) return openPortChannel(port);
  return path === undefined ? openIpcChannel() : openSocketChannel(path);
}

/** A callback that throws is the reader's trouble; the exports behind it go on. */
function answer(resultCallback: (result: ExportResult) => void, result: ExportResult): void {
  try {
    resultCallback(result);
  } catch (error) {
    logger.error('the result callback of export() threw', error);
  }
}
