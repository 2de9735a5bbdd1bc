// An exporter that records its exports; the test controls its answers.
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { pointsOf } from './metrics.js';

export class FakeExporter implements PushMetricExporter {
  readonly exports: [string, unknown][][] = [];
  readonly batches: ResourceMetrics[] = [];
  readonly calls: string[] = [];
  /** False: answers wait for `answer()`. */
  answersAtOnce = true;
  code = ExportResultCode.SUCCESS;
  #unanswered: ((result: ExportResult) => void)[] = [];

  export(metrics: ResourceMetrics, resultCallback: (result: ExportResult) => void): void {
    this.batches.push(metrics);
    this.exports.push(pointsOf(metrics));
    if (this.answersAtOnce) resultCallback({ code: this.code });
    else this.#unanswered.push(resultCallback);
  }

  answer(): void {
    for (const callback of this.#unanswered.splice(0)) callback({ code: this.code });
  }

  async forceFlush(): Promise<void> {
    this.calls.push('forceFlush');
  }

  async shutdown(): Promise<void> {
    this.calls.push('shutdown');
  }
}
