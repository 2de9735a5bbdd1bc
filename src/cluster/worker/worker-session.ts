// The metrics of one worker: merged per series while they wait, then sent to the aggregator, or exported through the
// fallback while there is none.

import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { countPoints } from '../../mapping/merge/count-points.js';
import { PointAccumulator } from '../../mapping/merge/point-accumulator.js';
import type { Clock } from '../../runtime/clock.js';
import { withinDeadline } from '../../runtime/within-deadline.js';
import { yieldToEventLoop } from '../../runtime/yield.js';
import type { OpenChannel } from '../channel/channel.js';
import { decodeMetrics } from '../protocol/decode-metrics.js';
import { BatchEncoder, type EncodeDropReason, type EncodedBatch } from '../protocol/encode-metrics.js';
import { MAX_ATTRIBUTES, MAX_MESSAGE_BYTES } from '../protocol/limits.js';
import type { WorkerIdentity } from '../protocol/messages.js';
import { plainAttributes, plainResource, plainValue } from '../protocol/wire-attributes.js';
import type { WireMetrics } from '../protocol/wire-metrics.js';
import type { ClusterWorkerStats, WorkerDropReason } from '../stats.js';
import { BatchSender } from './batch-sender.js';
import { ExportIntervalEstimator } from './export-interval.js';
import { FallbackExport } from './fallback-export.js';
import { MetricsNormaliser } from './normalise-metrics.js';

export interface SessionOptions {
  readonly identity: WorkerIdentity;
  readonly openChannel: OpenChannel;
  readonly instance: string | undefined;
  readonly fallback: PushMetricExporter | 'merge' | 'drop';
  readonly fallbackAfterMillis: number;
  readonly collect: (() => Promise<void>) | undefined;
  readonly maxSeries: number;
  readonly maxBytes: number;
  readonly log: (message: string) => void;
}

/** Series taken at a time; encoded, they are one batch or a few. */
const SERIES_PER_TAKE = 500;

/**
 * The first answer of an aggregator takes milliseconds. After this time a flush or shutdown no longer waits for one: the
 * parent of the process may be none, as under pm2, which kills a process after 1.6 seconds.
 */
const FIRST_ANSWER_MILLIS = 1_000;

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
  /** Batches taken out of `#waiting` and not sent yet. */
  readonly #encoded: EncodedBatch[] = [];
  #flushing: Promise<unknown> | undefined;
  #closing: Promise<void> | undefined;
  #isClosed = false;
  /** True while attributes of the waiting points' resource are not known yet. */
  #isResourcePending = false;
  #emptyListeners: (() => void)[] = [];

  constructor(options: SessionOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#interval = new ExportIntervalEstimator(clock);
    this.#normaliser = new MetricsNormaliser(options.maxSeries, (reason) => this.#drop(reason, 1));
    this.#waiting = new PointAccumulator({
      ...{ maxSeries: options.maxSeries, maxBytes: options.maxBytes, copyValue: plainValue },
      drop: (reason) => this.#drop(reason, 1),
    });
    const { fallback } = options;
    this.#fallback =
      typeof fallback === 'string'
        ? undefined
        : new FallbackExport(fallback, (points, failed) => this.#fallbackExported(points, failed));
    this.#sender = new BatchSender(
      {
        identity: options.identity,
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

  /**
   * Returns why points were refused; undefined when all were accepted. While the resource is pending they wait for the
   * next call.
   */
  accept(metrics: ResourceMetrics, isResourcePending = false): string | undefined {
    this.#isResourcePending = isResourcePending;
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

  /** Waits for `exports` and then for the delivery of everything accepted; false at the deadline. Drops nothing. */
  async flush(millis: number, exports: Promise<void>): Promise<boolean> {
    const flushing = this.#deliver(this.#clock.now() + millis, exports);
    this.#flushing = flushing;
    const isDone = await flushing;
    if (!isDone) this.#counts.flushDeadlinesMissed += 1;
    if (this.#flushing === flushing) this.#flushing = undefined;
    return isDone;
  }

  close(millis: number, exports: Promise<void>): Promise<void> {
    this.#closing ??= this.#close(millis, exports);
    return this.#closing;
  }

  async #close(millis: number, exports: Promise<void>): Promise<void> {
    const start = this.#clock.now();
    // Half of the time is for the fallback.
    await this.#deliver(start + (this.#fallback === undefined ? millis : millis / 2), exports);
    for (const rest of this.#takeAll()) {
      if (this.#fallback === undefined) this.#drop('shutdown', countPoints(rest));
      else this.#fallback.export(rest);
    }
    this.#isClosed = true;
    this.#counts.unacknowledgedPoints += this.#sender.close();
    if (this.#fallback !== undefined) await this.#within(start + millis, this.#fallback.shutdown());
    this.#emptyListeners = [];
  }

  /** True when everything accepted so far was delivered. Waits for no aggregator that has never answered. */
  async #deliver(deadline: number, exports: Promise<void>): Promise<boolean> {
    if (!(await this.#within(deadline, exports))) return false;
    const answerDeadline = this.#clock.now() + this.#firstAnswerMillis;
    if (answerDeadline > this.#clock.now()) {
      if (await this.#within(Math.min(deadline, answerDeadline), this.#whenEmpty())) return true;
    }
    if (this.#sender.unansweredMillis !== undefined) {
      if (this.#fallback === undefined) return this.#isEmpty;
      for (const batch of this.#takeAll()) this.#fallback.export(batch);
    }
    return this.#within(deadline, this.#whenEmpty());
  }

  /** How long the first answer of an aggregator is still waited for; infinite once there was one. */
  get #firstAnswerMillis(): number {
    const unanswered = this.#sender.unansweredMillis;
    return unanswered === undefined ? Number.POSITIVE_INFINITY : FIRST_ANSWER_MILLIS - unanswered;
  }

  #within(deadline: number, work: Promise<unknown>): Promise<boolean> {
    return withinDeadline(deadline - this.#clock.now(), work, this.#clock);
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
    for (const batch of decoded(this.#sender.reclaim())) this.#exportToFallback(batch);
    if (this.#fallback?.isBusy) return;
    for (const batch of this.#takeAll()) this.#exportToFallback(batch);
  }

  #exportToFallback(batch: ResourceMetrics): void {
    if (this.#fallback === undefined) this.#drop('no_aggregator', countPoints(batch));
    else this.#fallback.export(batch);
  }

  #nextBatch(): EncodedBatch | undefined {
    // All points of a take may be dropped.
    while (this.#encoded.length === 0 && this.#encode());
    return this.#encoded.shift();
  }

  /** False when no series waits that can be encoded. */
  #encode(): boolean {
    if (this.#waiting.isEmpty || this.#isResourcePending) return false;
    const { instance } = this.#options;
    const resource = plainAttributes({
      ...this.#waiting.resource?.attributes,
      ...(instance && { [INSTANCE_ID]: instance }),
    });
    const { attributes } = this.#waiting;
    const encoder = new BatchEncoder(attributes, resource, (reason) => this.#dropEncoded(reason));
    this.#waiting.takeInto(SERIES_PER_TAKE, encoder);
    this.#encoded.push(...encoder.finish());
    return true;
  }

  #dropEncoded(reason: EncodeDropReason): void {
    if (reason === 'too_large' && this.#dropped.too_large === undefined) {
      this.#options.log(
        `a data point is dropped: it has more than ${MAX_ATTRIBUTES} attributes, or more text or buckets than fit ` +
          `into a message of ${MAX_MESSAGE_BYTES} bytes; further ones are counted in droppedPoints.too_large`,
      );
    }
    this.#drop(reason, 1);
  }

  /** Everything that waits: encoded batches and waiting series. */
  #takeAll(): ResourceMetrics[] {
    const batches = this.#encoded.splice(0).flatMap(({ metrics }) => decoded(metrics));
    const rest = this.#waiting.take(Number.POSITIVE_INFINITY);
    return rest === undefined ? batches : [...batches, rest];
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

  /** For the aggregator's shutdown. A worker that shuts down, too, has collected already. */
  async #collect(): Promise<void> {
    if (this.#flushing !== undefined) {
      // MeterProvider.shutdown() flushes the exporter before it shuts it down; forceFlush() would be a mistake then.
      await this.#flushing;
      await yieldToEventLoop();
    }
    if (this.#closing !== undefined) return this.#closing;
    try {
      await this.#options.collect?.();
    } catch (error) {
      this.#options.log(`collect() failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  get #isEmpty(): boolean {
    const isWaiting = !this.#waiting.isEmpty || this.#encoded.length > 0;
    return !isWaiting && !this.#sender.isAwaitingAcknowledgement && this.#fallback?.isBusy !== true;
  }

  async #whenEmpty(): Promise<void> {
    this.#route();
    if (!this.#isEmpty) await new Promise<void>((resolve) => this.#emptyListeners.push(resolve));
    // The fallback may not have delivered its exports yet.
    if (this.#counts.fallbackPoints > 0 && !this.#isClosed) await this.#fallback?.forceFlush();
  }

  #drop(reason: WorkerDropReason, points: number): void {
    if (points > 0) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + points;
  }
}

/** An encoded batch, as it was before; empty without one. */
function decoded(metrics: WireMetrics | undefined): ResourceMetrics[] {
  const batch = decodeMetrics(metrics);
  return batch === undefined ? [] : [{ ...batch, resource: plainResource(batch.resource) }];
}
