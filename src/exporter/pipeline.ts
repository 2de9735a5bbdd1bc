// The way of an export through the house: backlog, mapping, packing, transport. What the contracts of an
// exporter ask for on top of that is statsd-exporter.ts's.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { MetricsMapper } from '../mapping/map-metrics.js';
import type { MappingReport } from '../mapping/report.js';
import type { Clock } from '../transport/clock.js';
import { createTransport } from '../transport/create-transport.js';
import type { TransportOptions } from '../transport/options.js';
import { ChunkPacker } from '../transport/payloads.js';
import type { Transport, TransportStats } from '../transport/transport.js';
import { Backlog } from './backlog.js';
import type { ResolvedOptions } from './resolve-options.js';
import type { PointLossReason } from './self-telemetry.js';

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
export type Surroundings = Pick<TransportOptions, 'clock' | 'random' | 'isolate' | 'onEvent'>;

export class Pipeline {
  readonly #clock: Clock;
  readonly #mapper: MetricsMapper;
  readonly #packer: ChunkPacker;
  readonly #transport: Transport;
  readonly #backlog: Backlog;
  readonly #report: PointReport;
  #slicesSent = 0;

  constructor(options: ResolvedOptions, surroundings: Surroundings, report: PointReport) {
    this.#clock = surroundings.clock;
    this.#report = report;
    this.#mapper = new MetricsMapper(options.mapping);
    this.#transport = createTransport({
      ...options.delivery,
      ...surroundings,
      onCaughtUp: () => this.#drain(),
    });
    this.#packer = new ChunkPacker(options.payloads, (reason, lines, bytes) =>
      this.#transport.refuse(reason, lines, bytes),
    );
    this.#backlog = new Backlog(options.backlog, this.#transport);
  }

  /** Takes a batch: as lines if the transport keeps up, else merged into what waits. */
  accept(batch: ResourceMetrics): Refusal {
    if (this.#backlog.isClear) return { lines: this.#send(batch), points: 0 };
    const points = this.#backlog.add(batch);
    this.#report.lose('series_limit', points);
    return { lines: this.#drain(), points };
  }

  /** True once all that was accepted is off our hands; false at the deadline. */
  async flush(deadlineMillis: number): Promise<boolean> {
    const end = this.#clock.now() + deadlineMillis;
    let sent: number;
    do {
      this.#drain();
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
    this.#report.lose('shutdown', this.#backlog.discard());
  }

  stats(): TransportStats & BacklogStats {
    return {
      ...this.#transport.stats(),
      coalescedPoints: this.#backlog.coalescedPoints,
      backlogSeries: this.#backlog.series,
    };
  }

  /** Sends what waited, for as long as the transport keeps up. */
  #drain(): number {
    let refused = 0;
    for (const slice of this.#backlog.drain()) {
      this.#slicesSent += 1;
      refused += this.#send(slice);
    }
    return refused;
  }

  /** Answers how many lines were refused. */
  #send(batch: ResourceMetrics): number {
    this.#mapper.map(batch, this.#packer, this.#report);
    let refused = 0;
    for (const chunk of this.#packer.take()) {
      if (!this.#transport.send(chunk)) refused += chunk.lines;
    }
    return refused;
  }
}
