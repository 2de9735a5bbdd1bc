// What every exporter here owes its caller: one answer per export, in the order of the calls, and no exception.

import type { DiagLogger } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

type ResultCallback = (result: ExportResult) => void;

export class ExportSequence {
  readonly #export: (metrics: ResourceMetrics) => void | Promise<void>;
  readonly #logger: Pick<DiagLogger, 'error'>;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** `exportOne` throws or rejects with the reason when an export fails. */
  constructor(
    exportOne: (metrics: ResourceMetrics) => void | Promise<void>,
    logger: Pick<DiagLogger, 'error'>,
  ) {
    this.#export = exportOne;
    this.#logger = logger;
  }

  /** Runs an export after those before it, and answers FAILED if it fails or the sequence is closed. */
  add(metrics: ResourceMetrics, resultCallback: ResultCallback): void {
    if (this.#isClosed) {
      const error = new Error('the exporter is shut down');
      this.answer(resultCallback, { code: ExportResultCode.FAILED, error });
      return;
    }
    this.#last = this.#last
      .then(() => this.#run(metrics))
      .then((result) => this.answer(resultCallback, result));
  }

  /** Settles when every export added so far has been answered. */
  get settled(): Promise<void> {
    return this.#last;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** A callback that throws must not keep later exports from running. */
  answer(resultCallback: ResultCallback, result: ExportResult): void {
    try {
      resultCallback(result);
    } catch (error) {
      this.#logger.error('the result callback of export() threw', error);
    }
  }

  async #run(metrics: ResourceMetrics): Promise<ExportResult> {
    try {
      // PeriodicExportingMetricReader has waited for these already; other callers may not have.
      if (metrics.resource.asyncAttributesPending) await metrics.resource.waitForAsyncAttributes?.();
      await this.#export(metrics);
      return { code: ExportResultCode.SUCCESS };
    } catch (error) {
      return { code: ExportResultCode.FAILED, error: asError(error) };
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
