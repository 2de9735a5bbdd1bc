// What the exporter counts about its own work.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { countPoints } from '../../mapping/merge/count-points.js';
import type { PointDropReason, SummaryReason } from '../../mapping/report.js';
import type { TransportStats } from '../../transport/transport.js';
import type { BacklogStats, PointLossReason, PointReport, StatsdExporterStats } from './stats.js';

/** Bounds the memory for warnings that were logged; so many show that something is wrong. */
const MAX_WARNINGS = 1_000;

const DROP_TEXT: Readonly<Record<PointDropReason, string>> = {
  non_finite: 'has values that are not finite numbers; they are not sent',
  empty_name: 'has a name with no legal character in it; it is not sent',
  unsupported: 'holds a kind of data that cannot be sent to StatsD; use delta temporality for it',
  unreadable: 'has attributes that throw when they are read; such points are not sent',
  too_long: 'has names or tags longer than the server takes whole; they are not sent',
  out_of_range: 'has values larger than the server can hold; they are not sent',
  series_limit: 'has more cumulative series than are kept in memory; the excess is not sent',
};

const SUMMARY_TEXT: Readonly<Record<SummaryReason, string>> = {
  negative_values: 'holds values below zero, which the server rejects in a histogram',
  too_many_samples:
    'was recorded so often that the server would need more samples than are sent for one data point',
  too_many_recordings: 'was recorded more often than the server can count',
};

export class ExporterCounters implements PointReport {
  readonly #log: (message: string) => void;
  readonly #warned = new Set<string>();
  readonly #dropped: Partial<Record<PointLossReason, number>> = {};
  readonly #summarised: Partial<Record<SummaryReason, number>> = {};
  #exports = 0;
  #points = 0;

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  /** Counts an export; returns how many data points it has. */
  received(batch: ResourceMetrics): number {
    const points = countPoints(batch);
    this.#exports += 1;
    this.#points += points;
    return points;
  }

  /** Data points dropped since the counts were taken, by reason. */
  droppedSince(before: StatsdExporterStats['droppedPoints']): Record<string, number> {
    const added: Record<string, number> = {};
    for (const [reason, count] of Object.entries(this.#dropped)) {
      added[reason] = count - (before[reason as PointLossReason] ?? 0);
    }
    return added;
  }

  drop(reason: PointDropReason, metric: string): void {
    this.lose(reason, 1);
    this.warn(`${reason} ${metric}`, `metric "${metric}" ${DROP_TEXT[reason]}`);
  }

  summarise(reason: SummaryReason, metric: string): void {
    this.#summarised[reason] = (this.#summarised[reason] ?? 0) + 1;
    const text = `metric "${metric}" ${SUMMARY_TEXT[reason]}; it is sent as .count, .sum, .min and .max`;
    this.warn(`${reason} ${metric}`, text);
  }

  /** As `drop`, without a warning: the caller reports many points at once. */
  lose(reason: PointLossReason, points: number): void {
    if (points > 0) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + points;
  }

  warn(subject: string, message: string): void {
    if (this.#warned.has(subject) || this.#warned.size >= MAX_WARNINGS) return;
    this.#warned.add(subject);
    this.#log(message);
  }

  counts(): Omit<StatsdExporterStats, keyof (TransportStats & BacklogStats)> {
    return {
      exports: this.#exports,
      receivedPoints: this.#points,
      droppedPoints: { ...this.#dropped },
      summarisedPoints: { ...this.#summarised },
    };
  }
}
