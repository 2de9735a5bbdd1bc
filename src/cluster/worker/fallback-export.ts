// Exports through the worker's own exporter while there is no aggregator, one export at a time.

import { ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { countPoints } from '../../mapping/merge/count-points.js';

export class FallbackExport {
  readonly #exporter: PushMetricExporter;
  readonly #onExported: (points: number, failed: boolean) => void;
  #pending = 0;

  /** `onExported` is called with the number of points of each export when it has ended. */
  constructor(exporter: PushMetricExporter, onExported: (points: number, failed: boolean) => void) {
    this.#exporter = exporter;
    this.#onExported = onExported;
  }

  /** True while an export is pending. Further points should be merged until it has ended. */
  get isBusy(): boolean {
    return this.#pending > 0;
  }

  export(batch: ResourceMetrics): void {
    const points = countPoints(batch);
    this.#pending += 1;
    const finish = (failed: boolean): void => {
      this.#pending -= 1;
      this.#onExported(points, failed);
    };
    try {
      this.#exporter.export(batch, ({ code }) => finish(code !== ExportResultCode.SUCCESS));
    } catch {
      finish(true);
    }
  }

  async forceFlush(): Promise<void> {
    await ignoreRejection(() => this.#exporter.forceFlush());
  }

  async shutdown(): Promise<void> {
    await ignoreRejection(() => this.#exporter.shutdown());
  }
}

/** The exporter may be any implementation, and may throw or reject. */
async function ignoreRejection(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch {
    // The exporter reports its own failures.
  }
}
