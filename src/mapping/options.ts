// The options of a mapper.

import type { AttributeRules } from './attributes/attribute-filter.js';
import type { Dialect } from './dialects/dialect.js';
import type { NamingRules } from './naming/naming-rules.js';
import type { TimeUnit } from './numbers/units.js';
import type { SetAttributes } from './sets.js';

export interface MappingOptions {
  readonly dialect: Dialect;
  /** A template. Its placeholders are `{type}` and resource attributes. */
  readonly prefix: string;
  readonly names: NamingRules | undefined;
  /** The attributes that stay, before names are made of them. */
  readonly attributes?: AttributeRules | undefined;
  /** Tags of every line. */
  readonly tags: Readonly<Record<string, string>>;
  /** Tag names by resource attribute. */
  readonly resourceTags: Readonly<Record<string, string>>;
  /** Whether the name of the scope is a tag. */
  readonly scopeTags: boolean;
  readonly sets: SetAttributes;
  /** What values of instruments in a unit of time are sent in, except those of the type `ms`. */
  readonly timeUnit: TimeUnit;
  readonly histograms: HistogramRules;
  /** Whether counters and gauges carry the time of measurement, where the dialect makes it optional. */
  readonly timestamps: boolean;
  /** Sections, each with its `|`, that follow the tags of every line. Only where tags are at the end. */
  readonly fields?: string | undefined;
  /** Lines with packed values are split so that none is longer than so many bytes. */
  readonly maxLineBytes: number;
  /** Bound of the state kept for each kind of cumulative input. At least 1. */
  readonly maxSeries: number;
}

/**
 * `samples`: values of which the server computes its own statistics. `summary`: count, sum, min and max (and
 * percentiles on request), computed here. `buckets`: a counter per bucket.
 */
export type HistogramMode = 'samples' | 'summary' | 'buckets';

export interface HistogramRules {
  readonly mode: HistogramMode;
  /** In `samples` mode: the number of samples per point, instead of the dialect's. */
  readonly maxSamples?: number | undefined;
  /** In `samples` mode: the number of recordings that each sample represents; it decides the number of samples. */
  readonly sampleWeight?: number | undefined;
  /** In `buckets` mode: upper bounds, ascending, instead of the point's own. */
  readonly boundaries?: readonly number[] | undefined;
  /** `<name>.sum` counter beside samples, where the server's own sum of them is not exact. */
  readonly exactSum: boolean;
  /** Timer `<name>.max` of one value per point beside samples, where the server's own maximum of them is not exact. */
  readonly exactMax?: boolean | undefined;
  /** In `summary` mode: gauges `<name>.p<q>` for these percentiles (0 to 100). */
  readonly percentiles: readonly number[];
}
