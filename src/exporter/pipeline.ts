// The way of an export through the house: backlog, mapping, packing, transport. What the contracts of an
// exporter ask for on top of that is statsd-exporter.ts's.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { MetricsMapper } from '../mapping/metrics-mapper.js';
import type { MappingReport } from '../mapping/report.js';
import type { Clock } from '../runtime/clock.js';
import { withinDeadline } from '../runtime/within-deadline.js';
import { createTransport } from '../transport/create-transport.js';
import type { TransportOptions } from '../transport/options.js';
import type { Chunk } from '../transport/packing/chunk.js';
import { ChunkPacker } from '../transport/packing/chunk-packer.js';
import type { Transport, TransportStats } from '../transport/transport.js';
import { Backlog } from './backlog.js';
import type { ResolvedOptions } from './options/resolve-options.js';
import type { PointLossReason } from './telemetry/exporter-counters.js';

/** What of an export was turned away. */
export interface Refusal {
  readonly lines: number;
  /** Data points that would have been merged into the backlog. */
  readonly points: number;
}

export interface BacklogStats {
  /** Data points merged into others of their series while the transport was behind. */
  readonly coalescedPoints: number;
  /** Series that wait to become lines. */
  readonly backlogSeries: number;
}

/** Hears of every data point that does not become a line. */
export interface PointReport extends MappingReport {
  lose(reason: PointLossReason, points: number): void;
}

/** What a pipeline gets from outside the configuration. */
export type Surroundings = Pick<TransportOptions, 'clock' | 'random' | 'withoutTracing' | 'onEvent'>;

/**
 * A long export gives way to what else the app has to do after this time. Steps of the mapping are much shorter;
 * a pause costs about a microsecond.
 */
const SLICE_MILLIS = 1;

export class Pipeline {
  readonly #clock: Clock;
  readonly #mapper: MetricsMapper;
  readonly #packer: ChunkPacker;
  readonly #transport: Transport;
  readonly #backlog: Backlog;
  readonly #report: PointReport;
  #slicesSent = 0;
  #isClosed = false;
  /** Settles when all begun so far is done: mapping and packing are for one batch at a time. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: ResolvedOptions, surroundings: Surroundings, report: PointReport) {
    this.#clock = surroundings.clock;
    this.#report = report;
    this.#mapper = new MetricsMapper(options.mapping);
    this.#transport = createTransport({
      ...options.delivery,
      ...surroundings,
      onBelowSoftLimit: () => void this.#drain(Infinity),
    });
    this.#packer = new ChunkPacker(options.payloads, (reason, lines, bytes) =>
      this.#transport.reject(reason, lines, bytes),
    );
    this.#backlog = new Backlog(options.backlog, this.#transport);
  }

  /** Takes a batch: as lines if the transport keeps up, else merged into what waits. Batches stay in their order. */
  accept(batch: ResourceMetrics): Promise<Refusal> {
    return this.#inTurn(async () => {
      if (this.#backlog.isClear) return { lines: await this.#send(batch), points: 0 };
      const points = await this.#inSlices(this.#backlog.steps(batch), giveWay);
      this.#report.lose('series_limit', points);
      // Closed meanwhile, and what came after that will never be sent.
      if (this.#isClosed) this.#report.lose('shutdown', this.#backlog.discard());
      return { lines: await this.#sendBacklog(Infinity), points };
    });
  }

  /** True once all that was accepted is off our hands; false at the deadline. */
  async flush(deadlineMillis: number): Promise<boolean> {
    const end = this.#clock.now() + deadlineMillis;
    let sent: number;
    do {
      if (!(await withinDeadline(end - this.#clock.now(), this.#drain(end), this.#clock))) return false;
      sent = this.#slicesSent;
      if (!(await this.#transport.flush(Math.max(0, end - this.#clock.now())))) return false;
      // The transport may have caught up meanwhile and been given more of what waited.
    } while (this.#backlog.series > 0 || this.#slicesSent !== sent);
    return true;
  }

  /** Flushes until the deadline, counts what is left, and leaves nothing open. */
  async close(deadlineMillis: number): Promise<void> {
    const end = this.#clock.now() + deadlineMillis;
    await this.flush(deadlineMillis);
    await this.#transport.close(Math.max(0, end - this.#clock.now()));
    this.#isClosed = true;
    this.#report.lose('shutdown', this.#backlog.discard());
  }

  stats(): TransportStats & BacklogStats {
    return {
      ...this.#transport.stats(),
      coalescedPoints: this.#backlog.coalescedPoints,
      backlogSeries: this.#backlog.series,
    };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    // Whoever waits for the result hears of a failure; what comes after it goes on.
    this.#work = result.catch(() => {});
    return result;
  }

  /** Sends what waited, after all that is under way. */
  #drain(until: number): Promise<number> {
    return this.#inTurn(() => this.#sendBacklog(until));
  }

  /** Sends what waited, for as long as the transport keeps up and there is time; answers how many lines were refused. */
  async #sendBacklog(until: number): Promise<number> {
    let refused = 0;
    for (const slice of this.#backlog.drain()) {
      this.#slicesSent += 1;
      refused += await this.#send(slice);
      if (this.#clock.now() >= until) break;
    }
    return refused;
  }

  /** Answers how many lines were refused. */
  async #send(batch: ResourceMetrics): Promise<number> {
    let refused = 0;
    await this.#inSlices(this.#mapper.steps(batch, this.#packer, this.#report), () => {
      // What the transport has already, it can deliver in the pause, and make room for the rest.
      refused += this.#handOver(this.#packer.takeFull());
      return this.#catchUp();
    });
    return refused + this.#handOver(this.#packer.take());
  }

  /** Takes steps for as long as it may hold the app up, pauses, and goes on. */
  async #inSlices<T>(steps: Generator<void, T>, pause: () => Promise<void>): Promise<T> {
    let sliceEnd = this.#clock.now() + SLICE_MILLIS;
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (this.#clock.now() < sliceEnd) continue;
      await pause();
      sliceEnd = this.#clock.now() + SLICE_MILLIS;
    }
  }

  /** Gives way once, and again for as long as a transport that is behind catches up. */
  async #catchUp(): Promise<void> {
    let queued: number;
    do {
      queued = this.#transport.heldBytes();
      await giveWay();
    } while (this.#transport.isOverSoftLimit() && this.#transport.heldBytes() < queued);
  }

  #handOver(chunks: readonly Chunk[]): number {
    let refused = 0;
    for (const chunk of chunks) {
      if (!this.#transport.send(chunk)) refused += chunk.lines;
    }
    return refused;
  }
}

/** Lets all else that is due have its turn. */
function giveWay(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
