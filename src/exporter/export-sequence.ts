// What every exporter here owes its caller: one answer per export, data in the order of the calls, no exception, and
// memory that is bounded though exports come faster than they can be processed.

import type { DiagLogger } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

type ResultCallback = (result: ExportResult) => void;

interface WaitingExport {
  readonly metrics: ResourceMetrics;
  readonly resultCallback: ResultCallback;
}

/**
 * Exports that wait for the one in progress, or for their resource. PeriodicExportingMetricReader stops waiting for an
 * answer after `exportTimeoutMillis` and exports again at its next interval, so on an overloaded machine there is no other
 * bound. Each holds a whole collection.
 */
const MAX_WAITING = 4;

export interface ExportSteps {
  /** Processes an export. Throws or rejects with the reason when it fails. */
  readonly export: (metrics: ResourceMetrics) => void | Promise<void>;
  /**
   * Merges an export that would wait for too long with what else waits to be sent, before it returns; its resource may
   * still be pending. Throws or rejects with the reason when it fails.
   */
  readonly merge: (metrics: ResourceMetrics) => void | Promise<void>;
}

export class ExportSequence {
  readonly #steps: ExportSteps;
  readonly #logger: Pick<DiagLogger, 'error'>;
  readonly #waiting: WaitingExport[] = [];
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(steps: ExportSteps, logger: Pick<DiagLogger, 'error'>) {
    this.#steps = steps;
    this.#logger = logger;
  }

  /**
   * Processes an export after those before it, and answers FAILED if it fails or the sequence is closed. When too many
   * wait, the oldest is merged and answered at once.
   */
  add(metrics: ResourceMetrics, resultCallback: ResultCallback): void {
    if (this.#isClosed) {
      const error = new Error('the exporter is shut down');
      this.answer(resultCallback, { code: ExportResultCode.FAILED, error });
      return;
    }
    this.#waiting.push({ metrics, resultCallback });
    // Each call of #next() processes one of those that wait, and a merge takes one of them away.
    if (this.#waiting.length > MAX_WAITING) void this.#finish(this.#waiting.shift()!, this.#steps.merge);
    else this.#last = this.#last.then(() => this.#next());
  }

  /** Settles when every export added so far has been processed or merged. */
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

  async #next(): Promise<void> {
    let oldest: WaitingExport;
    let failure: { readonly error: unknown } | undefined;
    do {
      oldest = this.#waiting[0]!;
      failure = await resourceFailure(oldest.metrics);
      // It may have been merged meanwhile.
    } while (oldest !== this.#waiting[0]);
    this.#waiting.shift();
    await this.#finish(oldest, (metrics) => {
      if (failure !== undefined) throw failure.error;
      return this.#steps.export(metrics);
    });
  }

  async #finish(
    { metrics, resultCallback }: WaitingExport,
    step: (metrics: ResourceMetrics) => void | Promise<void>,
  ): Promise<void> {
    let result: ExportResult = { code: ExportResultCode.SUCCESS };
    try {
      await step(metrics);
    } catch (error) {
      result = { code: ExportResultCode.FAILED, error: asError(error) };
    }
    this.answer(resultCallback, result);
  }
}

/** PeriodicExportingMetricReader has waited for the attributes of the resource already; other callers may not have. */
async function resourceFailure({
  resource,
}: ResourceMetrics): Promise<{ readonly error: unknown } | undefined> {
  try {
    if (resource.asyncAttributesPending) await resource.waitForAsyncAttributes?.();
    return undefined;
  } catch (error) {
    return { error };
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
