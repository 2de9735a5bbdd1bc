// The metric pipeline: a periodic reader with a StatsdExporter behind the global MeterProvider.

import { createNoopMeter, metrics } from '@opentelemetry/api';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from '../index.js';
import type { Resource } from './resource.js';
import type { RegisterSettings } from './settings.js';

export interface StartedMetrics {
  /** Collects and hands the points to the exporter, which delivers them in the background. */
  handOver(): Promise<void>;
  /** Collects for the last time and delivers within the exporter's shutdown deadline. */
  shutdown(): Promise<void>;
}

/**
 * Every flush of a reader waits for delivery too. Ours must not: shutdown() waits for it anyway, and an absent
 * server would use up both deadlines one after the other.
 */
class HandOverExporter extends StatsdExporter {
  #handOvers = 0;

  override forceFlush(): Promise<void> {
    return this.#handOvers > 0 ? Promise.resolve() : super.forceFlush();
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

/** Throws when the app has a MeterProvider already: instruments made of it would never reach this one. */
export function startMetrics(settings: RegisterSettings, resource: Resource | undefined): StartedMetrics {
  if (hasGlobalMeterProvider()) {
    throw new Error(
      'another MeterProvider is registered already; load opentelemetry-exporter-statsd/register before ' +
        'anything else of OpenTelemetry and no other register beside it',
    );
  }
  const { exportIntervalMillis, exportTimeoutMillis } = settings;
  const exporter = new HandOverExporter();
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis, exportTimeoutMillis });
  const provider = new MeterProvider({ readers: [reader], ...(resource && { resource }) });
  if (!metrics.setGlobalMeterProvider(provider)) {
    void provider.shutdown();
    throw new Error('the installed copies of @opentelemetry/api differ; let npm install just one');
  }
  return {
    handOver: () => exporter.handOver(() => provider.forceFlush()),
    shutdown: () => exporter.handOver(() => provider.shutdown()),
  };
}

/** The API tells only by its behaviour: without a provider every meter is the one no-op meter. */
function hasGlobalMeterProvider(): boolean {
  return metrics.getMeterProvider().getMeter('opentelemetry-exporter-statsd/register') !== createNoopMeter();
}
