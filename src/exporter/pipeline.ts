// Runs one export through backlog, mapping, packing and transport. The contract of a PushMetricExporter is kept by
// statsd-exporter.ts.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { MetricsMapper } from '../mapping/metrics-mapper.js';
import type { Clock } from '../runtime/clock.js';
import { withinDeadline } from '../runtime/within-deadline.js';
import { yieldToEventLoop } from '../runtime/yield.js';
import { createTransport } from '../transport/create-transport.js';
import type { TransportOptions } from '../transport/options.js';
import type { Chunk } from '../transport/packing/chunk.js';
import { ChunkPacker } from '../transport/packing/chunk-packer.js';
import type { LineDropReason, Transport, TransportStats } from '../transport/transport.js';
import { Backlog } from './backlog.js';
import type { ResolvedOptions } from './options/resolve-options.js';
import type { BacklogStats, PointReport } from './telemetry/stats.js';

export type RefusedLines = Partial<Record<LineDropReason, number>>;

/** What of an export was refused. */
export interface Refusal {
  readonly lines: Readonly<RefusedLines>;
  /** Data points that would have been merged into the backlog. */
  readonly points: number;
}

/** What a pipeline needs besides its configuration. */
export type PipelineDependencies = Pick<TransportOptions, 'clock' | 'random' | 'withoutTracing' | 'onEvent'>;

/**
 * After this time a long export yields to the event loop. Steps of the mapping are much shorter; a pause costs about
 * a microsecond.
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
  /** Settles when all work started so far is done: mapper and packer serve one batch at a time. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: ResolvedOptions, dependencies: PipelineDependencies, report: PointReport) {
    this.#clock = dependencies.clock;
    this.#report = report;
    this.#mapper = new MetricsMapper(options.mapping, () => this.#clock.now());
    this.#transport = createTransport({
      ...options.delivery,
      ...dependencies,
      onBelowSoftLimit: () => void this.#drain(Infinity),
    });
    this.#packer = new ChunkPacker(options.payloads, (rejection) => this.#transport.reject(rejection));
    this.#backlog = new Backlog(options.backlog, this.#transport, (reason, metric) =>
      this.#report.drop(reason, metric),
    );
  }

  /** Sends a batch as lines if the transport keeps up, else merges it into the backlog. Batches stay in order. */
  accept(batch: ResourceMetrics): Promise<Refusal> {
    return this.#serialize(async () => {
      const lines: RefusedLines = {};
      if (this.#backlog.isClear) {
        await this.#send(batch, lines);
        return { lines, points: 0 };
      }
      const points = await this.#inSlices(this.#backlog.steps(batch), yieldToEventLoop);
      this.#report.lose('series_limit', points);
      // Closed in the meantime: series merged after that will never be sent.
      if (this.#isClosed) this.#report.lose('shutdown', this.#backlog.discard());
      await this.#sendBacklog(Infinity, lines);
      return { lines, points };
    });
  }

  /** Merges a batch into the backlog at once. Only before a call of `accept`, which sends it, and before `close`. */
  merge(batch: ResourceMetrics): Refusal {
    const points = this.#backlog.add(batch);
    this.#report.lose('series_limit', points);
    return { lines: {}, points };
  }

  /** Resolves to true when everything accepted has been delivered or dropped, to false at the deadline. */
  async flush(deadlineMillis: number): Promise<boolean> {
    const end = this.#clock.now() + deadlineMillis;
    let sent: number;
    do {
      if (!(await withinDeadline(end - this.#clock.now(), this.#drain(end), this.#clock))) return false;
      sent = this.#slicesSent;
      if (!(await this.#transport.flush(Math.max(0, end - this.#clock.now())))) return false;
      // The transport may have drained in the meantime and taken more of the backlog.
    } while (this.#backlog.isSendable || this.#slicesSent !== sent);
    return this.#backlog.series === 0;
  }

  /** Flushes until the deadline, counts the rest as lost, and leaves nothing open. */
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

  #serialize<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    // The caller gets a failure; later work still runs.
    this.#work = result.catch(() => {});
    return result;
  }

  /** Sends the backlog, after all work in progress. */
  #drain(until: number): Promise<void> {
    return this.#serialize(() => this.#sendBacklog(until, {}));
  }

  /** Sends the backlog while the transport keeps up and time is left; counts the lines that were refused. */
  async #sendBacklog(until: number, refused: RefusedLines): Promise<void> {
    for (const slice of this.#backlog.drain()) {
      this.#slicesSent += 1;
      await this.#send(slice, refused);
      if (this.#clock.now() >= until) break;
    }
  }

  async #send(batch: ResourceMetrics, refused: RefusedLines): Promise<void> {
    await this.#inSlices(this.#mapper.steps(batch, this.#packer, this.#report), () => {
      // During the pause the transport can deliver what it has and make room for the rest.
      this.#enqueue(this.#packer.takeFull(), refused);
      return this.#waitForTransport();
    });
    this.#enqueue(this.#packer.take(), refused);
  }

  /** Runs the steps in slices of SLICE_MILLIS, with a pause between slices. */
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

  /** Yields once, and again while a transport over its soft limit makes progress. */
  async #waitForTransport(): Promise<void> {
    let queued: number;
    do {
      queued = this.#transport.heldBytes();
      await yieldToEventLoop();
    } while (this.#transport.isOverSoftLimit() && this.#transport.heldBytes() < queued);
  }

  #enqueue(chunks: readonly Chunk[], refused: RefusedLines): void {
    for (const chunk of chunks) {
      const reason = this.#transport.send(chunk);
      if (reason !== undefined) refused[reason] = (refused[reason] ?? 0) + chunk.lines;
    }
  }
}
