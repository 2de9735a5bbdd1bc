/**
 * How one StatsD server wants lines written, and what it does with them. Dialects are data: the code
 * that maps and writes asks the record, never its name, so a record of your own works like a built-in
 * one: `{ ...dialects.statsd, name: 'mine', negativeGauge: 'absolute' }`.
 */
export interface Dialect {
  /** The server this record describes; shown in messages, never compared. */
  readonly name: string;
  /** Port used when the endpoint names none. */
  readonly defaultPort: number;
  /** Where tags stand in a line and how they are joined. */
  readonly tags: TagSyntax;
  /** Characters that are replaced by `_`; each expression matches one illegal character, globally. */
  readonly illegal: {
    readonly name: RegExp;
    readonly tagKey: RegExp;
    readonly tagValue: RegExp;
  };
  /** StatsD type of each kind of observation. A `ms` value is sent in milliseconds. */
  readonly types: {
    readonly counter: string;
    readonly gauge: string;
    /** Histograms whose unit is a time. */
    readonly timer: string;
    /** All other histograms. */
    readonly histogram: string;
  };
  /**
   * How a gauge below zero is written. Most servers read a leading sign as "add to the gauge":
   * `zero-first` sends `n:0|g` and `n:-5|g` as neighbours in one payload, `absolute` only `n:-5|g`.
   */
  readonly negativeGauge: 'zero-first' | 'absolute';
  /** What the server makes of a histogram sample that stands for several recordings. */
  readonly samples: SampleRules;
  /** Resource attributes that are tags by default, with their tag names. */
  readonly resourceTags: Readonly<Record<string, string>>;
  /** True when `DD_ENV`, `DD_SERVICE`, `DD_VERSION`, `DD_TAGS` and `DD_ENTITY_ID` describe this process to the server. */
  readonly readsDatadogEnvironment: boolean;
}

export interface TagSyntax {
  /** `name`: between the metric name and the value. `end`: after the type (and sample rate). */
  readonly place: 'name' | 'end';
  /** Text before the first tag, between key and value, and between tags. */
  readonly open: string;
  readonly assign: string;
  readonly separator: string;
}

export interface SampleRules {
  /**
   * `weighted`: count, sum and percentiles honour `|@rate`. `count-only`: just the count does, so the
   * samples themselves must be spread evenly over the ranks.
   */
  readonly rate: 'weighted' | 'count-only';
  /** True when several values may share a line: `name:1:2:3|d`. */
  readonly packed: boolean;
  /** True when the server accepts values below zero. */
  readonly negative: boolean;
  /** Evenly weighted samples (`count-only`) or body strata (`weighted`) per data point. */
  readonly perPoint: number;
}
