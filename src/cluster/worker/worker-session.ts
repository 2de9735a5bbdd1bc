// A worker's metrics on their way: merged per series while they wait, then to the aggregator, or past it when there
// is none.

import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { countPoints } from '../../mapping/merge/count-points.js';
import { PointAccumulator } from '../../mapping/merge/point-accumulator.js';
import type { Clock } from '../../runtime/clock.js';
import { withinDeadline } from '../../runtime/within-deadline.js';
import type { OpenChannel } from '../channel/channel.js';
import { decodeMetrics } from '../protocol/decode-metrics.js';
import { encodeMetrics } from '../protocol/encode-metrics.js';
import { plainResource } from '../protocol/plain-resource.js';
import { plainAttributes } from '../protocol/wire-attributes.js';
import type { ClusterWorkerStats, WorkerDropReason } from '../stats.js';
import { BatchSender } from './batch-sender.js';
import { ExportIntervalEstimator } from './export-interval.js';
import { FallbackExport } from './fallback-export.js';
import { WorkerIntake } from './normalise-metrics.js';

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

/** Series in a batch: with histograms some 10 ms of the aggregator's time, else two or three. */
const BATCH_SERIES = 500;

const INSTANCE_ID = 'service.instance.id';

export class WorkerSession {
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #intake: WorkerIntake;
  readonly #waiting: PointAccumulator;
  readonly #outbox: BatchSender;
  readonly #direct: FallbackExport | undefined;
  readonly #rhythm: ExportIntervalEstimator;
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
  #watchers: (() => void)[] = [];

  constructor(options: SessionOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#rhythm = new ExportIntervalEstimator(clock);
    this.#intake = new WorkerIntake(options.maxSeries, (reason) => this.#drop(reason, 1));
    this.#waiting = new PointAccumulator(options.maxSeries, options.maxBytes);
    const { fallback } = options;
    this.#direct =
      typeof fallback === 'string'
        ? undefined
        : new FallbackExport(fallback, { onExported: (points, failed) => this.#exported(points, failed) });
    const owner = {
      next: () => this.#next(),
      everyMillis: () => this.#rhythm.everyMillis,
      onSettled: (points: number, accepted: boolean) => this.#settled(points, accepted),
      onChange: () => this.#move(),
      onFlushRequest: () => this.#collect(),
    };
    this.#outbox = new BatchSender(options.id, options.openChannel, owner, clock);
  }

  /** Answers why some of it was refused; undefined when all was accepted. */
  accept(metrics: ResourceMetrics): string | undefined {
    this.#rhythm.beat();
    this.#counts.exports += 1;
    this.#counts.receivedPoints += countPoints(metrics);
    const { merged, refused } = this.#waiting.add(this.#intake.take(metrics));
    this.#counts.coalescedPoints += merged;
    this.#drop('series_limit', refused);
    const lostBefore = this.#dropped.no_aggregator ?? 0;
    this.#move();
    const lost = (this.#dropped.no_aggregator ?? 0) - lostBefore;
    if (lost > 0) return `${lost} data points were dropped: there is no ClusterAggregator to take them`;
    if (refused === 0) return undefined;
    const { maxSeries, maxBytes } = this.#options;
    return (
      `refused ${refused} data points: what waits for the ClusterAggregator has reached its limit of ` +
      `${maxSeries} series (maxSeries) or ${maxBytes} bytes (maxBytes)`
    );
  }

  /** Waits for everything accepted so far, after `exports`, and gives up nothing. */
  async flush(millis: number, exports: Promise<void>): Promise<void> {
    const isDone = await withinDeadline(millis, this.#whenEmpty(exports), this.#clock);
    if (!isDone) this.#counts.flushDeadlinesMissed += 1;
  }

  async close(millis: number, exports: Promise<void>): Promise<void> {
    const end = this.#clock.now() + millis;
    // Part of the time belongs to the way past the aggregator.
    await withinDeadline(
      this.#direct === undefined ? millis : millis / 2,
      this.#whenEmpty(exports),
      this.#clock,
    );
    const rest = this.#waiting.take(Number.POSITIVE_INFINITY);
    if (rest !== undefined) {
      if (this.#direct === undefined) this.#drop('shutdown', countPoints(rest));
      else this.#direct.export(rest);
    }
    this.#isClosed = true;
    this.#counts.unacknowledgedPoints += this.#outbox.close();
    if (this.#direct !== undefined) {
      await withinDeadline(Math.max(0, end - this.#clock.now()), this.#direct.shutdown(), this.#clock);
    }
    this.#watchers = [];
  }

  stats(): ClusterWorkerStats {
    const open = this.#outbox.isConnected ? 'connected' : 'alone';
    return {
      state: this.#isClosed ? 'closed' : open,
      ...this.#counts,
      waitingSeries: this.#waiting.series,
      droppedPoints: { ...this.#dropped },
      ...this.#outbox.stats(),
    };
  }

  /** Decides which way what waits goes now. */
  #move(): void {
    const { fallbackAfterMillis, isConnected } = this.#outbox;
    if (isConnected) this.#outbox.pump();
    else if (fallbackAfterMillis >= this.#options.fallbackAfterMillis)
      this.#bypass(fallbackAfterMillis === Number.POSITIVE_INFINITY);
    if (this.#isEmpty) for (const watcher of this.#watchers.splice(0)) watcher();
  }

  #bypass(forGood: boolean): void {
    const { fallback } = this.#options;
    if (fallback === 'merge' && !forGood) return;
    const unsettled = decodeMetrics(this.#outbox.reclaim());
    if (unsettled !== undefined) this.#send({ ...unsettled, resource: plainResource(unsettled.resource) });
    if (this.#direct?.isBusy) return;
    const batch = this.#waiting.take(Number.POSITIVE_INFINITY);
    if (batch !== undefined) this.#send(batch);
  }

  #send(batch: ResourceMetrics): void {
    if (this.#direct === undefined) this.#drop('no_aggregator', countPoints(batch));
    else this.#direct.export(batch);
  }

  #next() {
    const batch = this.#waiting.take(BATCH_SERIES);
    if (batch === undefined) return undefined;
    const { instance } = this.#options;
    const resource = plainAttributes({
      ...batch.resource.attributes,
      ...(instance && { [INSTANCE_ID]: instance }),
    });
    return { metrics: encodeMetrics(batch, resource), points: countPoints(batch) };
  }

  #settled(points: number, accepted: boolean): void {
    if (accepted) this.#counts.acknowledgedPoints += points;
    else {
      this.#drop('rejected', points);
      this.#options.log(`the ClusterAggregator could make nothing of ${points} data points`);
    }
  }

  #exported(points: number, failed: boolean): void {
    if (failed) this.#drop('fallback', points);
    else this.#counts.fallbackPoints += points;
    this.#move();
  }

  async #collect(): Promise<void> {
    try {
      await this.#options.collect?.();
    } catch (error) {
      this.#options.log(`collect() failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  get #isEmpty(): boolean {
    return this.#waiting.isEmpty && !this.#outbox.isWaiting && this.#direct?.isBusy !== true;
  }

  async #whenEmpty(exports: Promise<void>): Promise<void> {
    await exports;
    this.#move();
    if (!this.#isEmpty) await new Promise<void>((resolve) => this.#watchers.push(resolve));
    // What went past the aggregator is not delivered yet.
    if (this.#counts.fallbackPoints > 0 && !this.#isClosed) await this.#direct?.forceFlush();
  }

  #drop(reason: WorkerDropReason, points: number): void {
    if (points > 0) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + points;
  }
}
