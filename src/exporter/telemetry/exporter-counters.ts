// What the exporter counts about its own work.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { countPoints } from '../../mapping/merge/count-points.js';
import type { PointDropReason, SummaryReason } from '../../mapping/report.js';
import type { Clock } from '../../runtime/clock.js';
import type { TransportStats } from '../../transport/transport.js';
import { MAX_SERIES } from '../options/defaults.js';
import type { EventLog } from './event-log.js';
import type { BacklogStats, PointLossReason, PointReport, StatsdExporterStats } from './stats.js';

/** Bounds the memory for what was reported; so many reports show that something is wrong. */
const MAX_REPORTS = 1_000;

/** Losses that concern no single metric are reported again after this time, if there are new ones. */
const REPORT_AGAIN_MILLIS = 600_000;

const DROP_TEXT: Readonly<Record<PointDropReason, string>> = {
  non_finite: 'has values that are not finite numbers; they are not sent',
  empty_name: 'has a name with no legal character in it; it is not sent',
  unsupported: 'holds a kind of data that cannot be sent to StatsD; use delta temporality for it',
  unreadable: 'has attributes that throw when they are read; such points are not sent',
  too_long:
    'has names longer than the server reads whole (limits of the dialect), even with shortened attributes; they are not sent',
  out_of_range: 'has values larger than the server can hold (limits of the dialect); they are not sent',
  no_member:
    'has points without the attribute that the option `sets` names; they are not sent. Beyond 2000 series per export the ' +
    'SDK takes it away: raise aggregationCardinalityLimit with a view',
  series_limit:
    `has cumulative series beyond the ${MAX_SERIES} that are kept in memory, or series that come back after they were ` +
    'forgotten, of which the first point is not sent. Use delta temporality for it',
};

const LOSS_TEXT: Partial<Record<PointLossReason, string>> = {
  series_limit:
    'the backlog has reached its limit (queue.maxSeries or queue.maxBytes); is the server running?',
  shutdown: 'the exporter was shut down before they were delivered (shutdownTimeoutMillis)',
};

const SUMMARY_TEXT: Readonly<Record<SummaryReason, string>> = {
  negative_values: 'holds values below zero, which the server rejects in a histogram',
  too_many_samples:
    'was recorded so often that the server would need more samples than are sent for one data point',
  too_many_recordings: 'was recorded more often than the server can count',
};

interface Loss {
  readonly reason: PointLossReason;
  /** Undefined for losses of many metrics at once. */
  readonly metric: string | undefined;
  /** Since the last report. */
  points: number;
  reportedAt: number | undefined;
}

export class ExporterCounters implements PointReport {
  readonly #events: EventLog;
  readonly #clock: Clock;
  readonly #reported = new Set<string>();
  readonly #losses = new Map<string, Loss>();
  #hasLosses = false;
  readonly #dropped: Partial<Record<PointLossReason, number>> = {};
  readonly #summarised: Partial<Record<SummaryReason, number>> = {};
  #exports = 0;
  #points = 0;

  constructor(events: EventLog, clock: Clock) {
    this.#events = events;
    this.#clock = clock;
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
    this.#count(reason, 1, metric);
  }

  lose(reason: PointLossReason, points: number): void {
    if (points > 0) this.#count(reason, points);
  }

  summarise(reason: SummaryReason, metric: string): void {
    this.#summarised[reason] = (this.#summarised[reason] ?? 0) + 1;
    if (!this.#isFirst(`${reason} ${metric}`)) return;
    const names = '.summary.count, .summary.sum, .summary.min and .summary.max';
    const message = `metric "${metric}" ${SUMMARY_TEXT[reason]}; it is sent as ${names}`;
    this.#events.emit({ kind: 'summarised', reason, metric, level: 'warn', message });
  }

  warn(subject: string, message: string): void {
    if (this.#isFirst(subject)) this.#events.warn(message);
  }

  /** Reports losses since the last call: each reason once per metric, those of many metrics every ten minutes. */
  reportLosses(): void {
    if (!this.#hasLosses) return;
    this.#hasLosses = false;
    const now = this.#clock.now();
    for (const loss of this.#losses.values()) {
      const { reason, metric, points, reportedAt } = loss;
      const isDue =
        reportedAt === undefined || (metric === undefined && now - reportedAt >= REPORT_AGAIN_MILLIS);
      if (points === 0 || !isDue) continue;
      loss.points = 0;
      loss.reportedAt = now;
      this.#events.emit({ kind: 'points-dropped', level: 'warn', reason, points, ...textOf(loss, points) });
    }
  }

  #count(reason: PointLossReason, points: number, metric?: string): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + points;
    this.#hasLosses = true;
    const key = metric === undefined ? reason : `${reason} ${metric}`;
    const known = this.#losses.get(key);
    if (known !== undefined) known.points += points;
    else if (this.#losses.size < MAX_REPORTS) {
      this.#losses.set(key, { reason, metric, points, reportedAt: undefined });
    }
  }

  #isFirst(subject: string): boolean {
    if (this.#reported.has(subject) || this.#reported.size >= MAX_REPORTS) return false;
    this.#reported.add(subject);
    return true;
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

function textOf({ reason, metric }: Loss, points: number): { message: string; metric?: string } {
  if (metric === undefined) {
    const what = points === 1 ? '1 data point is' : `${points} data points are`;
    return { message: `${what} lost: ${LOSS_TEXT[reason] ?? reason}` };
  }
  return { metric, message: `metric "${metric}" ${DROP_TEXT[reason as PointDropReason]}` };
}
