// The metrics of one worker: merged per series while they wait, then sent to the aggregator, or exported through the
// fallback while there is none.

import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { countPoints } from '../../mapping/merge/count-points.js';
import { PointAccumulator } from '../../mapping/merge/point-accumulator.js';
import type { Clock } from '../../runtime/clock.js';
import { withinDeadline } from '../../runtime/within-deadline.js';
import type { OpenChannel } from '../channel/channel.js';
import { decodeMetrics } from '../protocol/decode-metrics.js';
import { encodeMetrics } from '../protocol/encode-metrics.js';
import { plainAttributes, plainResource } from '../protocol/wire-attributes.js';
import type { ClusterWorkerStats, WorkerDropReason } from '../stats.js';
import { type Batch, BatchSender } from './batch-sender.js';
import { ExportIntervalEstimator } from './export-interval.js';
import { FallbackExport } from './fallback-export.js';
import { MetricsNormaliser } from './normalise-metrics.js';

export interface SessionOptions {
  readonly id: string;
  readonly openChannel: OpenChannel;
  readonly instance: string | undefined;
  readonly fallback: PushMetricExporter | 'merge' | 'drop';
  readonly fallbackAfterMillis: number;
  readonly collect: (() => Promise<void>) | undefined;
  readonly maxSeries: number;
  readonly maxBytes: number;
  readonly log: (message: string) => void;
}

/** Series per batch. Histograms take about 10 ms of the aggregator's time, other metrics two or three. */
const BATCH_SERIES = 500;

const INSTANCE_ID = 'service.instance.id';

export class WorkerSession {
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #normaliser: MetricsNormaliser;
  readonly #waiting: PointAccumulator;
  readonly #sender: BatchSender;
  readonly #fallback: FallbackExport | undefined;
  readonly #interval: ExportIntervalEstimator;
  readonly #dropped: Partial<Record<WorkerDropReason, number>> = {};
  #counts = {
    exports: 0,
    receivedPoints: 0,
    coalescedPoints: 0,
    acknowledgedPoints: 0,
    fallbackPoints: 0,
    unacknowledgedPoints: 0,
    flushDeadlinesMissed: 0,
  };
  #isClosed = false;
  #emptyListeners: (() => void)[] = [];

  constructor(options: SessionOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#interval = new ExportIntervalEstimator(clock);
    this.#normaliser = new MetricsNormaliser(options.maxSeries, (reason) => this.#drop(reason, 1));
    this.#waiting = new PointAccumulator(options.maxSeries, options.maxBytes);
    const { fallback } = options;
    this.#fallback =
      typeof fallback === 'string'
        ? undefined
        : new FallbackExport(fallback, (points, failed) => this.#fallbackExported(points, failed));
    this.#sender = new BatchSender(
      {
        id: options.id,
        openChannel: options.openChannel,
        nextBatch: () => this.#nextBatch(),
        intervalMillis: () => this.#interval.intervalMillis,
        onAcknowledged: (points, accepted) => this.#acknowledged(points, accepted),
        onChange: () => this.#route(),
        onFlushRequest: () => this.#collect(),
      },
      clock,
    );
  }

  /** Returns why points were refused; undefined when all were accepted. */
  accept(metrics: ResourceMetrics): string | undefined {
    this.#interval.recordExport();
    this.#counts.exports += 1;
    this.#counts.receivedPoints += countPoints(metrics);
    const { merged, refused } = this.#waiting.add(this.#normaliser.normalise(metrics));
    this.#counts.coalescedPoints += merged;
    this.#drop('series_limit', refused);
    const lostBefore = this.#dropped.no_aggregator ?? 0;
    this.#route();
    const lost = (this.#dropped.no_aggregator ?? 0) - lostBefore;
    if (lost > 0) return `${lost} data points were dropped: no ClusterAggregator is reachable`;
    if (refused === 0) return undefined;
    const { maxSeries, maxBytes } = this.#options;
    return (
      `refused ${refused} data points: those waiting for the ClusterAggregator have reached the limit of ` +
      `${maxSeries} series (maxSeries) or ${maxBytes} bytes (maxBytes)`
    );
  }

  /** Waits for everything accepted so far, after `exports`; resolves to false at the deadline. Drops nothing. */
  async flush(millis: number, exports: Promise<void>): Promise<boolean> {
    const isDone = await withinDeadline(millis, this.#whenEmpty(exports), this.#clock);
    if (!isDone) this.#counts.flushDeadlinesMissed += 1;
    return isDone;
  }

  async close(millis: number, exports: Promise<void>): Promise<void> {
    const end = this.#clock.now() + millis;
    // Half of the time is for the fallback.
    await withinDeadline(
      this.#fallback === undefined ? millis : millis / 2,
      this.#whenEmpty(exports),
      this.#clock,
    );
    const rest = this.#waiting.take(Number.POSITIVE_INFINITY);
    if (rest !== undefined) {
      if (this.#fallback === undefined) this.#drop('shutdown', countPoints(rest));
      else this.#fallback.export(rest);
    }
    this.#isClosed = true;
    this.#counts.unacknowledgedPoints += this.#sender.close();
    if (this.#fallback !== undefined) {
      await withinDeadline(Math.max(0, end - this.#clock.now()), this.#fallback.shutdown(), this.#clock);
    }
    this.#emptyListeners = [];
  }

  stats(): ClusterWorkerStats {
    const open = this.#sender.isConnected ? 'connected' : 'disconnected';
    return {
      state: this.#isClosed ? 'closed' : open,
      ...this.#counts,
      waitingSeries: this.#waiting.series,
      droppedPoints: { ...this.#dropped },
      ...this.#sender.stats(),
    };
  }

  /** Passes waiting points to the aggregator or the fallback, whichever is due. */
  #route(): void {
    const { disconnectedMillis, isConnected } = this.#sender;
    if (isConnected) this.#sender.sendNext();
    else if (disconnectedMillis >= this.#options.fallbackAfterMillis)
      this.#useFallback(disconnectedMillis === Number.POSITIVE_INFINITY);
    if (this.#isEmpty) for (const notify of this.#emptyListeners.splice(0)) notify();
  }

  #useFallback(isPermanent: boolean): void {
    const { fallback } = this.#options;
    if (fallback === 'merge' && !isPermanent) return;
    const unacknowledged = decodeMetrics(this.#sender.reclaim());
    if (unacknowledged !== undefined) {
      this.#exportToFallback({ ...unacknowledged, resource: plainResource(unacknowledged.resource) });
    }
    if (this.#fallback?.isBusy) return;
    const batch = this.#waiting.take(Number.POSITIVE_INFINITY);
    if (batch !== undefined) this.#exportToFallback(batch);
  }

  #exportToFallback(batch: ResourceMetrics): void {
    if (this.#fallback === undefined) this.#drop('no_aggregator', countPoints(batch));
    else this.#fallback.export(batch);
  }

  #nextBatch(): Batch | undefined {
    const batch = this.#waiting.take(BATCH_SERIES);
    if (batch === undefined) return undefined;
    const { instance } = this.#options;
    const resource = plainAttributes({
      ...batch.resource.attributes,
      ...(instance && { [INSTANCE_ID]: instance }),
    });
    return { metrics: encodeMetrics(batch, resource), points: countPoints(batch) };
  }

  #acknowledged(points: number, accepted: boolean): void {
    if (accepted) this.#counts.acknowledgedPoints += points;
    else {
      this.#drop('rejected', points);
      this.#options.log(`the ClusterAggregator rejected a malformed batch of ${points} data points`);
    }
  }

  #fallbackExported(points: number, failed: boolean): void {
    if (failed) this.#drop('fallback', points);
    else this.#counts.fallbackPoints += points;
    this.#route();
  }

  async #collect(): Promise<void> {
    try {
      await this.#options.collect?.();
    } catch (error) {
      this.#options.log(`collect() failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  get #isEmpty(): boolean {
    return (
      this.#waiting.isEmpty && !this.#sender.isAwaitingAcknowledgement && this.#fallback?.isBusy !== true
    );
  }

  async #whenEmpty(exports: Promise<void>): Promise<void> {
    await exports;
    this.#route();
    if (!this.#isEmpty) await new Promise<void>((resolve) => this.#emptyListeners.push(resolve));
    // The fallback may not have delivered its exports yet.
    if (this.#counts.fallbackPoints > 0 && !this.#isClosed) await this.#fallback?.forceFlush();
  }

  #drop(reason: WorkerDropReason, points: number): void {
    if (points > 0) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + points;
  }
}
