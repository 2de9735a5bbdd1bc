import { randomUUID } from 'node:crypto';
import { diag } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import {
  type AggregationOption,
  AggregationTemporality,
  InstrumentType,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { ExportSequence } from '../../exporter/export-sequence.js';
import { type Complete, checkOptions, withDefaults } from '../../exporter/options/check-options.js';
import { ShutdownDeadline } from '../../exporter/shutdown-deadline.js';
import { systemClock } from '../../runtime/clock.js';
import { openIpcChannel } from '../channel/ipc-channel.js';
import { openPortChannel } from '../channel/port-channel.js';
import { openSocketChannel } from '../channel/socket-channel.js';
import type { ClusterWorkerStats } from '../stats.js';
import { type ClusterWorkerExporterOptions, OPTIONS } from './options.js';
import { WorkerSession } from './worker-session.js';

const logger = diag.createComponentLogger({ namespace: 'opentelemetry-exporter-statsd/cluster' });

/**
 * Sends the metrics of one of several processes to a `ClusterAggregator` in another process, which adds them up and
 * exports them once. Use it with a `PeriodicExportingMetricReader` of the same interval as the aggregator's.
 *
 * The constructor throws a `ConfigError` for invalid options. No other method throws or rejects, and only a pending
 * `forceFlush()` or `shutdown()` keeps the process alive.
 */
export class ClusterWorkerExporter implements PushMetricExporter {
  readonly #options: Complete<ClusterWorkerExporterOptions, typeof OPTIONS>;
  readonly #session: WorkerSession;
  readonly #exports: ExportSequence;
  readonly #shutdownDeadline = new ShutdownDeadline(systemClock);
  #shutdown: Promise<void> | undefined;

  constructor(options: ClusterWorkerExporterOptions = {}) {
    checkOptions('ClusterWorkerExporter', options, OPTIONS);
    const complete = withDefaults(options, OPTIONS);
    this.#options = complete;
    const session = new WorkerSession(
      {
        identity: { from: randomUUID(), secret: randomUUID() },
        openChannel: channelOf(options),
        instance: options.instance,
        fallback: complete.fallback,
        fallbackAfterMillis: complete.fallbackAfterMillis,
        collect: options.collect,
        maxSeries: complete.maxSeries,
        maxBytes: complete.maxBytes,
        log: (message) => logger.warn(message),
      },
      systemClock,
    );
    this.#session = session;
    const accept = (metrics: ResourceMetrics, isResourcePending: boolean): void => {
      const refused = session.accept(metrics, isResourcePending);
      if (refused !== undefined) throw new Error(refused);
    };
    this.#exports = new ExportSequence(
      {
        export: (metrics) => accept(metrics, false),
        merge: (metrics) => accept(metrics, metrics.resource.asyncAttributesPending === true),
      },
      logger,
    );
  }

  /** Delta for counters and histograms; cumulative for gauges and up-down counters. */
  selectAggregationTemporality(instrumentType: InstrumentType): AggregationTemporality {
    return CUMULATIVE.has(instrumentType) ? AggregationTemporality.CUMULATIVE : AggregationTemporality.DELTA;
  }

  selectAggregation(instrumentType: InstrumentType): AggregationOption {
    return this.#options.aggregation(instrumentType);
  }

  /** SUCCESS when all points were accepted for delivery; FAILED when some were refused, or after shutdown. */
  export(metrics: ResourceMetrics, resultCallback: (result: ExportResult) => void): void {
    this.#shutdownDeadline.exported();
    this.#exports.add(metrics, resultCallback);
  }

  /** Waits until the aggregator has acknowledged all that was exported, at most `flushTimeoutMillis`. */
  async forceFlush(): Promise<void> {
    const { fallback, shutdownTimeoutMillis } = this.#options;
    // A shutdown after a missed flush gets the rest of the time, which the fallback needs.
    const defaultMillis = typeof fallback === 'string' ? shutdownTimeoutMillis : shutdownTimeoutMillis / 2;
    const { flushTimeoutMillis = defaultMillis } = this.#options;
    await this.#shutdownDeadline.flush(() => this.#session.flush(flushTimeoutMillis, this.#exports.settled));
  }

  /** Flushes for at most `shutdownTimeoutMillis`, counts undelivered points, and closes everything. */
  shutdown(): Promise<void> {
    this.#exports.close();
    this.#shutdown ??= this.#session.close(
      this.#shutdownDeadline.remaining(this.#options.shutdownTimeoutMillis),
      this.#exports.settled,
    );
    return this.#shutdown;
  }

  /** A snapshot of the counts since construction. */
  stats(): ClusterWorkerStats {
    return this.#session.stats();
  }
}

const CUMULATIVE: ReadonlySet<InstrumentType> = new Set([
  InstrumentType.UP_DOWN_COUNTER,
  InstrumentType.OBSERVABLE_UP_DOWN_COUNTER,
  InstrumentType.GAUGE,
  InstrumentType.OBSERVABLE_GAUGE,
]);

function channelOf({ channel, port, path }: ClusterWorkerExporterOptions) {
  if (channel !== undefined) return channel;
  if (port !== undefined) return openPortChannel(port);
  return path === undefined ? openIpcChannel() : openSocketChannel(path);
}
