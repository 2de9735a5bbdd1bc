// The metric pipeline: a periodic reader with an exporter behind the global MeterProvider.

import { metrics } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import {
  type AggregationOption,
  type AggregationTemporality,
  type InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { ReadConfig } from '../exporter/options/config-file.js';
import { hasGlobalMeterProvider } from './api-copies.js';
import { type MetricsOutput, openMetricsOutput } from './metrics-output.js';
import type { Resource } from './resource.js';
import type { RegisterSettings } from './settings.js';

export interface StartedMetrics {
  /** Collects and passes the points to the exporter, which delivers them in the background. */
  handOver(): Promise<void>;
  /** Collects for the last time and delivers within the exporter's shutdown deadline. */
  shutdown(): Promise<void>;
}

/**
 * A reader's flush also waits for the exporter's forceFlush(). A hand-over must not: shutdown() waits for delivery
 * anyway, and with an absent server both deadlines would add up.
 */
class HandOverExporter implements PushMetricExporter {
  readonly #exporter: PushMetricExporter;
  readonly #output: MetricsOutput;
  #handOvers = 0;

  constructor(output: MetricsOutput) {
    this.#exporter = output.exporter;
    this.#output = output;
  }

  selectAggregationTemporality(instrumentType: InstrumentType): AggregationTemporality {
    return this.#exporter.selectAggregationTemporality!(instrumentType);
  }

  selectAggregation(instrumentType: InstrumentType): AggregationOption {
    return this.#exporter.selectAggregation!(instrumentType);
  }

  export(batch: ResourceMetrics, resultCallback: (result: ExportResult) => void): void {
    this.#exporter.export(batch, resultCallback);
  }

  forceFlush(): Promise<void> {
    return this.#handOvers > 0 ? Promise.resolve() : this.#exporter.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#output.shutdown();
  }

  async handOver(flush: () => Promise<void>): Promise<void> {
    this.#handOvers += 1;
    try {
      await flush();
    } finally {
      this.#handOvers -= 1;
    }
  }
}

/** Throws when a MeterProvider is already registered: its instruments would never reach this one. */
export function startMetrics(
  settings: RegisterSettings,
  config: Pick<ReadConfig, 'options' | 'views'>,
  resource: Resource | undefined,
): StartedMetrics {
  if (hasGlobalMeterProvider()) {
    throw new Error(
      'another MeterProvider is registered already; load opentelemetry-exporter-statsd/register before ' +
        'anything else of OpenTelemetry and no other register beside it',
    );
  }
  const { exportIntervalMillis, exportTimeoutMillis } = settings;
  // A MeterProvider that is shutting down collects by itself, and warns of a flush.
  let shutdown: Promise<void> | undefined;
  const output = openMetricsOutput(settings, config.options, () => shutdown ?? provider.forceFlush());
  const exporter = new HandOverExporter(output);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis, exportTimeoutMillis });
  const provider = new MeterProvider({
    readers: [reader],
    views: [...config.views],
    ...(resource && { resource }),
  });
  if (!metrics.setGlobalMeterProvider(provider)) {
    void provider.shutdown();
    throw new Error('the API refused the MeterProvider; OTEL_LOG_LEVEL=debug shows why');
  }
  return {
    async handOver() {
      await exporter.handOver(() => provider.forceFlush());
      output.forward();
    },
    shutdown() {
      shutdown ??= exporter.handOver(() => provider.shutdown());
      return shutdown;
    },
  };
}
