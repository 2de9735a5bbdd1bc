// What the mapping of one data point gets to know.

import type { Dialect } from './dialects/dialect.js';
import type { Sampling } from './histograms/scratch.js';
import type { LineSink, SeriesText } from './lines/lines.js';
import type { NamingRules } from './naming/naming-rules.js';
import type { MappingReport } from './report.js';
import type { SeriesState } from './state/series-state.js';
import type { AttributeRecord } from './tags/tags.js';

export interface MappingOptions {
  readonly dialect: Dialect;
  /** May hold `{resource.attribute}` placeholders. */
  readonly prefix: string;
  readonly names: NamingRules | undefined;
  /** Tags of every line. */
  readonly tags: Readonly<Record<string, string>>;
  /** Resource attribute to tag name. */
  readonly resourceTags: Readonly<Record<string, string>>;
  readonly histograms: HistogramRules;
  /** Whether counters and gauges say when they were measured, where the dialect leaves the choice. */
  readonly timestamps: boolean;
  /** What stands behind the tags of every line, where tags stand at the end: sections with their `|`. */
  readonly fields?: string | undefined;
  /** `sprockets`: a segment `counters`, `gauges` or `timers` between prefix and name. */
  readonly layout?: 'plain' | 'sprockets' | undefined;
  /** No group of lines is longer, in bytes, when it could be cut: packed values are split here. */
  readonly maxLineBytes: number;
  /** Bound of the state kept for cumulative input. */
  readonly maxSeries: number;
}

/**
 * `samples`: values the server takes its own statistics from. `summary`: count, sum, min and max (and
 * percentiles on request), computed here. `buckets`: a counter per bucket.
 */
export type HistogramMode = 'samples' | 'summary' | 'buckets';

export interface HistogramRules {
  readonly mode: HistogramMode;
  /** In `samples` mode: how many per point, instead of the dialect's own number. */
  readonly maxSamples?: number | undefined;
  /** In `samples` mode: what each sample stands for, whatever number of samples that takes. */
  readonly sampleWeight?: number | undefined;
  /** In `buckets` mode: upper bounds, ascending, instead of the point's own. */
  readonly boundaries?: readonly number[] | undefined;
  /** `<name>.sum` counter beside samples, where the server's own sum of them is not exact. */
  readonly exactSum: boolean;
  /** In `summary` mode: gauges `<name>.p<q>` for these percentiles (0 to 100). */
  readonly percentiles: readonly number[];
}

/** One metric on its way to lines. */
export interface MetricContext {
  /** Name as the app gave it, for messages. */
  readonly metric: string;
  readonly unit: string;
  readonly options: MappingOptions;
  readonly sink: LineSink;
  readonly report: MappingReport;
  readonly state: SeriesState;
  readonly samples: Sampling;
  /**
   * Rendered name and tags of the point that is being mapped; the suffix becomes part of the name. Throws
   * PointDropped, which ends the mapping of the point, when they are longer than the server takes.
   */
  series(attributes: AttributeRecord, suffix?: string): SeriesText;
  /** Identity of a point's series for `state`. */
  key(attributes: AttributeRecord): string;
}
