// What the exporter counts, as plain data.

import type { MappingReport, PointDropReason, SummaryReason } from '../../mapping/report.js';
import type { TransportStats } from '../../transport/transport.js';

/** Why a data point became no line: it could not be expressed, or it still waited in the backlog at shutdown. */
export type PointLossReason = PointDropReason | 'shutdown';

export interface BacklogStats {
  /** Data points merged into others of their series: the transport was over its soft limit, or too many exports waited. */
  readonly coalescedPoints: number;
  /** Merged series that are not lines yet. */
  readonly backlogSeries: number;
}

/** Counts since construction, as plain data. */
export interface StatsdExporterStats extends TransportStats, BacklogStats {
  readonly exports: number;
  /** Data points received from the SDK, dropped ones included. */
  readonly receivedPoints: number;
  /** Data points that could not be expressed, by reason; each reason is logged once per metric. */
  readonly droppedPoints: Readonly<Partial<Record<PointLossReason, number>>>;
  /** Histogram points sent as count, sum, min and max instead of samples, by reason. */
  readonly summarisedPoints: Readonly<Partial<Record<SummaryReason, number>>>;
}

/** Receives every data point that does not become a line. */
export interface PointReport extends MappingReport {
  lose(reason: PointLossReason, points: number): void;
}
