import { context, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, suppressTracing } from '@opentelemetry/core';
import {
  type AggregationOption,
  type AggregationTemporality,
  AggregationType,
  InstrumentType,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { MetricsMapper } from '../mapping/map-metrics.js';
import { systemClock } from '../transport/clock.js';
import { createTransport } from '../transport/create-transport.js';
import { formatDestination } from '../transport/destination.js';
import { ChunkPacker } from '../transport/payloads.js';
import type { Transport, TransportEvent } from '../transport/transport.js';
import { readEnvironment } from './env.js';
import { checkOptions } from './option-checks.js';
import type { StatsdExporterOptions } from './options.js';
import { type ResolvedOptions, resolveOptions } from './resolve-options.js';
import { ExporterTelemetry, type StatsdExporterStats } from './self-telemetry.js';
import { transportEventText } from './transport-event-text.js';

const logger = diag.createComponentLogger({ namespace: 'opentelemetry-exporter-statsd' });

/**
 * Exports OpenTelemetry metrics to a StatsD server. Use it with a `PeriodicExportingMetricReader`; ten
 * seconds, StatsD's own flush interval, suit as its export interval.
 *
 * Construction throws a `ConfigError` for mistakes in the options and opens nothing; a server that is away
 * neither throws nor delays anything. Afterwards nothing here throws or rejects.
 */
export class StatsdExporter implements PushMetricExporter {
  readonly #options: ResolvedOptions;
  readonly #mapper: MetricsMapper;
  readonly #packer: ChunkPacker;
  readonly #transport: Transport;
  readonly #telemetry = new ExporterTelemetry((message) => logger.warn(message));
  /** Settles when every export begun so far has handed over its lines; exports run in the order of their calls. */
  #exports: Promise<void> = Promise.resolve();
  #shutdown: Promise<void> | undefined;

  constructor(options: StatsdExporterOptions = {}) {
    checkOptions(options);
    const environment = readEnvironment(process.env, (message) => logger.warn(message));
    this.#options = resolveOptions(options, environment);
    this.#mapper = new MetricsMapper(this.#options.mapping);
    const { delivery } = this.#options;
    this.#transport = createTransport({
      ...delivery,
      clock: systemClock,
      random: Math.random,
      isolate: untraced,
      onEvent: (event) => logTransportEvent(event, formatDestination(delivery.destination)),
      onCaughtUp: () => {},
    });
    this.#packer = new ChunkPacker(this.#options.payloads, (reason, lines, bytes) =>
      this.#transport.refuse(reason, lines, bytes),
    );
  }

  /** Delta for counters and histograms, cumulative for up-down counters and gauges, unless `temporality` says else. */
  selectAggregationTemporality(instrumentType: InstrumentType): AggregationTemporality {
    return this.#options.temporality(instrumentType);
  }

  /** Exponential buckets for histograms sent as samples: their relative error is bounded at any scale. */
  selectAggregation(instrumentType: InstrumentType): AggregationOption {
    const wantsSamples = this.#options.mapping.histograms.mode === 'samples';
    return instrumentType === InstrumentType.HISTOGRAM && wantsSamples
      ? { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 160, recordMinMax: true } }
      : { type: AggregationType.DEFAULT };
  }

  /**
   * Queues everything and answers at once: SUCCESS when all of it was accepted, FAILED with the reason when
   * the queue had no room, or after shutdown. Calls may overlap.
   */
  export(metrics: ResourceMetrics, resultCallback: (result: ExportResult) => void): void {
    if (this.#shutdown !== undefined) {
      return resultCallback({ code: ExportResultCode.FAILED, error: new Error('the exporter is shut down') });
    }
    if (!this.#options.enabled) return resultCallback({ code: ExportResultCode.SUCCESS });
    const done = this.#exports.then(() => this.#export(metrics));
    this.#exports = done.then(
      () => resultCallback({ code: ExportResultCode.SUCCESS }),
      (error: Error) => resultCallback({ code: ExportResultCode.FAILED, error }),
    );
  }

  async #export(metrics: ResourceMetrics): Promise<void> {
    // The periodic reader has waited already; others may not have.
    if (metrics.resource.asyncAttributesPending) await metrics.resource.waitForAsyncAttributes?.();

    this.#telemetry.exported(metrics);
    this.#mapper.map(metrics, this.#packer, this.#telemetry);
    let lines = 0;
    let refused = 0;
    for (const chunk of this.#packer.take()) {
      lines += chunk.lines;
      if (!this.#transport.send(chunk)) refused += chunk.lines;
    }
    if (refused > 0) throw new Error(refusalText(refused, lines, this.#options));
  }

  /**
   * Waits until the server has confirmed (TCP) or the operating system has taken (UDP) all that was exported,
   * at most `flushTimeoutMillis`; a missed deadline is counted and discards nothing. This collects nothing: to
   * send what was recorded since the last interval, call `forceFlush()` of the reader or MeterProvider.
   */
  async forceFlush(): Promise<void> {
    await this.#exports;
    await this.#transport.flush(this.#options.flushTimeoutMillis);
  }

  /** Flushes for at most `shutdownTimeoutMillis`, counts what was not delivered, and leaves nothing open. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#exports.then(() => this.#close());
    return this.#shutdown;
  }

  async #close(): Promise<void> {
    await this.#transport.close(this.#options.shutdownTimeoutMillis);
    const lost = this.#transport.stats().droppedLines.shutdown ?? 0;
    if (lost > 0) {
      const { delivery, shutdownTimeoutMillis } = this.#options;
      logger.warn(
        `${lost} lines were not delivered to ${formatDestination(delivery.destination)} within ${shutdownTimeoutMillis} ms ` +
          'of shutdown and are lost',
      );
    }
  }

  /** A snapshot of what was exported, delivered, kept and lost so far. */
  stats(): StatsdExporterStats {
    return { ...this.#telemetry.counts(), ...this.#transport.stats() };
  }
}

/** Keeps our own sockets, look-ups and timers out of the app's traces. */
function untraced<T>(run: () => T): T {
  return context.with(suppressTracing(ROOT_CONTEXT), run);
}

function refusalText(refused: number, lines: number, { delivery }: ResolvedOptions): string {
  return (
    `refused ${refused} of ${lines} lines for ${formatDestination(delivery.destination)}: the queue holds its ` +
    `limit of ${delivery.maxQueueBytes} bytes (queue.maxBytes); is the server running?`
  );
}

function logTransportEvent(event: TransportEvent, destination: string): void {
  if (event.kind === 'recovered') {
    logger.info(`delivering to ${destination} again after ${Math.round(event.outageMillis / 1000)} s`);
  } else {
    logger.warn(transportEventText(event, destination));
  }
}
