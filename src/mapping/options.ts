// What a mapper is made with.

import type { Dialect } from './dialects/dialect.js';
import type { NamingRules } from './naming/naming-rules.js';

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
