// The way past a missing aggregator: a worker's own exporter, one export at a time.

import { ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { countPoints } from '../../mapping/merge/count-points.js';

/** What became of an export, in points. */
export interface DirectOwner {
  onExported(points: number, failed: boolean): void;
}

export class FallbackExport {
  readonly #exporter: PushMetricExporter;
  readonly #owner: DirectOwner;
  #underWay = 0;

  constructor(exporter: PushMetricExporter, owner: DirectOwner) {
    this.#exporter = exporter;
    this.#owner = owner;
  }

  /** While this is so, what is recorded had better go on merging. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  export(batch: ResourceMetrics): void {
    const points = countPoints(batch);
    this.#underWay += 1;
    const finish = (failed: boolean): void => {
      this.#underWay -= 1;
      this.#owner.onExported(points, failed);
    };
    try {
      this.#exporter.export(batch, ({ code }) => finish(code !== ExportResultCode.SUCCESS));
    } catch {
      finish(true);
    }
  }

  async forceFlush(): Promise<void> {
    await settled(() => this.#exporter.forceFlush());
  }

  async shutdown(): Promise<void> {
    await settled(() => this.#exporter.shutdown());
  }
}

/** Somebody else's exporter may do what ours never would. */
async function settled(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch {
    // Its own trouble; there is nothing left to do about it here.
  }
}
