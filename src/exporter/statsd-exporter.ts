import { diag, type MeterProvider } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import {
  type AggregationOption,
  type AggregationTemporality,
  AggregationType,
  type InstrumentType,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { systemClock } from '../runtime/clock.js';
import { withinDeadline } from '../runtime/within-deadline.js';
import { formatDestination } from '../transport/endpoint/destination.js';
import { exponentialHistograms } from './aggregation.js';
import { ExportSequence } from './export-sequence.js';
import { EXIT_EVENTS, flushOnExit } from './flush-on-exit.js';
import { checkOptions } from './options/check-options.js';
import { COLLECTION_MILLIS } from './options/defaults.js';
import { readEnvironment } from './options/environment.js';
import { FOREIGN_OPTIONS } from './options/foreign-options.js';
import { idleOptions } from './options/idle-options.js';
import { OPTIONS } from './options/option-table.js';
import type { FlushOnOptions, StatsdExporterOptions } from './options/options.js';
import { type ResolvedOptions, resolveOptions } from './options/resolve-options.js';
import { Pipeline, type Refusal } from './pipeline.js';
import { ShutdownDeadline } from './shutdown-deadline.js';
import { EventLog } from './telemetry/event-log.js';
import { ExporterCounters } from './telemetry/exporter-counters.js';
import { SdkComponentMetrics } from './telemetry/sdk-component-metrics.js';
import type { StatsdExporterStats } from './telemetry/stats.js';
import { transportEventText } from './telemetry/transport-messages.js';
import { withoutTracing } from './without-tracing.js';

const logger = diag.createComponentLogger({ namespace: 'opentelemetry-exporter-statsd' });

/**
 * Exports OpenTelemetry metrics to a StatsD server. Use it with a `PeriodicExportingMetricReader`, with StatsD's own
 * flush interval of ten seconds as its export interval.
 *
 * The constructor throws a `ConfigError` for mistakes in the options and opens nothing. No other method throws or
 * rejects, and an unreachable server delays no export.
 */
export class StatsdExporter implements PushMetricExporter {
  readonly #options: ResolvedOptions;
  readonly #pipeline: Pipeline;
  readonly #counters: ExporterCounters;
  readonly #componentMetrics: SdkComponentMetrics;
  #stopWatching: () => void = () => {};
  readonly #exports = new ExportSequence(
    {
      export: (metrics) => this.#export(metrics, (batch) => this.#pipeline.accept(batch)),
      merge: (metrics) => this.#export(metrics, (batch) => this.#pipeline.merge(batch)),
    },
    logger,
  );
  readonly #shutdownDeadline = new ShutdownDeadline(systemClock);
  #shutdown: Promise<void> | undefined;

  constructor(options: StatsdExporterOptions = {}) {
    checkOptions('StatsdExporter', options, OPTIONS, FOREIGN_OPTIONS);
    const events = new EventLog(logger, options.onEvent);
    this.#counters = new ExporterCounters(events, systemClock);
    const environment = readEnvironment(process.env, (message) => events.warn(message));
    this.#options = resolveOptions(options, environment);
    for (const warning of idleOptions(options, this.#options)) events.warn(warning);
    const { destination } = this.#options.delivery;
    this.#pipeline = new Pipeline(
      this.#options,
      {
        clock: systemClock,
        random: Math.random,
        withoutTracing: withoutTracing,
        onEvent: (event) => events.emit({ ...event, ...transportEventText(event, destination) }),
      },
      this.#counters,
    );
    this.#componentMetrics = new SdkComponentMetrics(destination);
    this.#componentMetrics.setMeterProvider(options.selfObsMeterProvider);
    if (options.flushOn !== undefined) this.#stopWatching = this.#watchExit(options.flushOn);
  }

  #watchExit(flushOn: NonNullable<StatsdExporterOptions['flushOn']>): () => void {
    const { events = EXIT_EVENTS, collect }: FlushOnOptions = Array.isArray(flushOn)
      ? { events: flushOn }
      : (flushOn as FlushOnOptions);
    const collected = async (): Promise<void> => {
      try {
        await collect?.();
      } catch (error) {
        logger.error('collect() of flushOn failed; the last interval may be lost', error);
      }
    };
    const telemetry = {
      handOver: collected,
      shutdown: () => collected().then(() => this.shutdown()),
    };
    const { isMainThread } = process.getBuiltinModule('node:worker_threads');
    const deadlineMillis = this.#options.shutdownTimeoutMillis + COLLECTION_MILLIS;
    return flushOnExit(telemetry, {
      deadlineMillis,
      events: events.filter((event) => isMainThread || event === 'beforeExit'),
    });
  }

  /**
   * Records the exporter's own metrics (`otel.sdk.exporter.*`, semantic conventions for SDK components) with this
   * provider. For a provider that is made after the exporter, because it exports through it.
   */
  setSelfObsMeterProvider(provider: MeterProvider): void {
    this.#componentMetrics.setMeterProvider(provider);
  }

  /** Delta for counters and histograms, cumulative for up-down counters and gauges, unless `temporality` decides otherwise. */
  selectAggregationTemporality(instrumentType: InstrumentType): AggregationTemporality {
    return this.#options.temporality(instrumentType);
  }

  /** Exponential buckets where values are derived from histograms: their relative error is bounded at any scale. */
  selectAggregation(instrumentType: InstrumentType): AggregationOption {
    const { mode, percentiles } = this.#options.mapping.histograms;
    const wantsValues = mode === 'samples' || (mode === 'summary' && percentiles.length > 0);
    return wantsValues ? exponentialHistograms(instrumentType) : { type: AggregationType.DEFAULT };
  }

  /**
   * Queues the metrics and answers without waiting for delivery: SUCCESS when all were accepted, FAILED with the reason
   * when the queue had no room, or after shutdown. Calls may overlap; when more than four wait for another, the oldest are
   * merged.
   */
  export(metrics: ResourceMetrics, resultCallback: (result: ExportResult) => void): void {
    this.#shutdownDeadline.exported();
    this.#exports.add(metrics, resultCallback);
  }

  async #export(
    metrics: ResourceMetrics,
    accept: (metrics: ResourceMetrics) => Refusal | Promise<Refusal>,
  ): Promise<void> {
    if (!this.#options.enabled) return;
    const { droppedPoints } = this.#counters.counts();
    const points = this.#counters.received(metrics);
    const finished = this.#componentMetrics.started(points);
    const failed = (): Record<string, number> => this.#counters.droppedSince(droppedPoints);
    let refusal: Refusal;
    try {
      refusal = await accept(metrics);
    } catch (error) {
      const type = error instanceof Error ? error.name : 'unknown';
      finished({ failed: { ...failed(), [type]: points }, error: type });
      throw error;
    } finally {
      this.#counters.reportLosses();
    }
    const rejected = Object.values(refusal.lines).reduce((sum, lines) => sum + lines, refusal.points);
    finished({ failed: { ...failed(), rejected }, ...(rejected > 0 && { error: 'rejected' }) });
    if (rejected > 0) throw new Error(refusalText(refusal, this.#options));
  }

  /**
   * Waits until the server has confirmed (TCP) or the operating system has accepted (UDP) everything exported, for at
   * most `flushTimeoutMillis`. A missed deadline is counted and discards nothing. This does not collect: to send what
   * was recorded since the last interval, call `forceFlush()` of the reader or MeterProvider.
   */
  async forceFlush(): Promise<void> {
    await this.#shutdownDeadline.flush(async () => {
      const remaining = await this.#exportsWithin(this.#options.flushTimeoutMillis);
      const isFlushed = await this.#pipeline.flush(remaining);
      return isFlushed && remaining > 0;
    });
  }

  /**
   * Flushes for at most `shutdownTimeoutMillis`, counts the rest as lost, and leaves nothing open. After a `forceFlush()`
   * that missed its deadline, with nothing exported since, the time since that flush began counts towards it.
   */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#close();
    return this.#shutdown;
  }

  async #close(): Promise<void> {
    this.#exports.close();
    this.#stopWatching();
    const { shutdownTimeoutMillis } = this.#options;
    const remaining = await this.#exportsWithin(this.#shutdownDeadline.remaining(shutdownTimeoutMillis));
    await this.#pipeline.close(remaining);
    this.#counters.reportLosses();
  }

  /** Waits for exports in progress, which may wait for their resource for ever; returns the time that is left. */
  async #exportsWithin(millis: number): Promise<number> {
    const startedAt = systemClock.now();
    await withinDeadline(millis, this.#exports.settled, systemClock);
    return Math.max(0, millis - (systemClock.now() - startedAt));
  }

  /** A snapshot of what was exported, delivered, kept and lost so far. */
  stats(): StatsdExporterStats {
    return { ...this.#counters.counts(), ...this.#pipeline.stats() };
  }
}

function refusalText({ lines, points }: Refusal, { backlog, delivery }: ResolvedOptions): string {
  const where = formatDestination(delivery.destination);
  const { queue_full: overflow = 0, ...others } = lines;
  const texts = Object.entries(others).map(
    ([reason, count]) => `refused ${count} lines for ${where}: ${REFUSALS[reason] ?? reason}`,
  );
  const what = [overflow > 0 && `${overflow} lines`, points > 0 && `${points} data points`].filter(Boolean);
  if (what.length > 0) {
    texts.push(
      `refused ${what.join(' and ')} for ${where}: the queue has reached its limit of ${backlog.maxBytes} bytes ` +
        `(queue.maxBytes) or ${backlog.maxSeries} series (queue.maxSeries); is the server running?`,
    );
  }
  return texts.join('; ');
}

const REFUSALS: Readonly<Record<string, string>> = {
  stream_closed: 'it has ended or failed',
  shutdown: 'the exporter is shut down',
};
