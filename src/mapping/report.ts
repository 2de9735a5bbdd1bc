/** Why a data point, or part of it, did not become a line. */
export type PointDropReason =
  /** NaN, an infinity, or no value at all: StatsD has no text for it. */
  | 'non_finite'
  /** Nothing legal is left of the metric's name. */
  | 'empty_name'
  /** A kind of data that the mapping cannot express, or a histogram with counts or bounds that make no sense. */
  | 'unsupported'
  /** Its attributes throw when they are read. */
  | 'unreadable'
  /** A series beyond those that the bounded state for cumulative input holds, or the first point of a forgotten one. */
  | 'series_limit'
  /** A name, tag or line longer than the server takes whole. */
  | 'too_long'
  /** A number larger than the server can hold. */
  | 'out_of_range'
  /** A point of a set without the attribute whose values are counted. */
  | 'no_member';

/** Why a histogram in `samples` mode was sent as a summary. */
export type SummaryReason =
  /** The server rejects samples below zero. */
  | 'negative_values'
  /** The server would need more samples for it than are sent for one point. */
  | 'too_many_samples'
  /** More recordings than the server can count. */
  | 'too_many_recordings';

/** Receives what the mapping could not do. The mapping itself never throws. */
export interface MappingReport {
  drop(reason: PointDropReason, metric: string): void;
  /** A point was sent as a summary: its shape is lost, count and sum are kept. */
  summarise(reason: SummaryReason, metric: string): void;
  /** A warning for the user, to be logged once per subject. Nothing was lost. */
  warn(subject: string, message: string): void;
}

/** Ends the mapping of one data point. map-points.ts catches it and counts the point as dropped. */
export class PointDropped extends Error {
  readonly reason: PointDropReason;

  constructor(reason: PointDropReason) {
    super(reason);
    this.reason = reason;
  }
}
