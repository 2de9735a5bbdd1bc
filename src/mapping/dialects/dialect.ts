import type { TimeUnit } from '../numbers/units.js';

/**
 * How one StatsD server wants lines written, and how it reads them. Dialects are data: the code that maps and writes
 * uses the fields of the record, never its name, so a custom record works like a built-in one: `{ ...dialects.statsd, name: 'mine', negativeGauge: 'absolute' }`.
 */
export interface Dialect {
  /** The server this record describes; shown in messages, never compared. */
  readonly name: string;
  /** Used when neither the endpoint nor `protocol` names one. */
  readonly defaultProtocol: 'udp' | 'tcp';
  /** Port used when the endpoint names none. */
  readonly defaultPort: number;
  /** `statsd`: `name:value|type`. `plaintext`: Graphite's `path value timestamp`, without types. */
  readonly line: 'statsd' | 'plaintext';
  /** The position of tags in a line and how they are joined. */
  readonly tags: TagSyntax;
  /** What is replaced by `_`, match by match; each expression has the flag `g`. */
  readonly illegal: {
    readonly name: RegExp;
    readonly tagKey: RegExp;
    readonly tagValue: RegExp;
  };
  /**
   * Put before a metric name (with its prefix) and a tag key that does not begin with a letter, where the server requires
   * one. Default: nothing.
   */
  readonly leadingLetter?: string | undefined;
  /**
   * Tag keys that the server reserves. An attribute with such a key is renamed by `rename`, a replacement as in
   * `String.replace`; tags that the user configured are sent unchanged.
   */
  readonly reservedTags: { readonly keys: RegExp; readonly rename: string } | undefined;
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
   * The unit in which the server shows timers: all times are sent so that they are shown in it. `instrument`: timers
   * have no unit of their own. Values of the type `ms` are sent in milliseconds, whatever the server makes of them.
   */
  readonly timeUnit: TimeUnit;
  /** Types that the server reads as what they mean. None where lines have no type. */
  readonly acceptedTypes: readonly StatsdType[];
  /**
   * How the server treats the other types that it does not drop, as the rest of a sentence that begins with the type.
   * Default none.
   */
  readonly misreadTypes?: Readonly<Partial<Record<StatsdType, string>>> | undefined;
  /**
   * How a gauge below zero is written. Most servers read a leading sign as "add to the gauge":
   * `zero-first` sends `n:0|g` and `n:-5|g` as neighbours in one payload, `single-line` sends `n:0|g:-5|g`,
   * `absolute` only `n:-5|g`.
   */
  readonly negativeGauge: 'zero-first' | 'absolute' | 'single-line';
  /**
   * Decimal places of a counter that the server keeps; `Infinity` for all. Smaller fractions are carried over to the
   * next export of the series.
   */
  readonly counterDecimals: number;
  /** False when the server rejects a counter below zero. */
  readonly negativeCounter: boolean;
  /** The default mode of histograms. */
  readonly histograms: 'samples' | 'summary';
  /** How the server reads a histogram sample with a sample rate, which represents several recordings. */
  readonly samples: SampleRules;
  /** How the server counts distinct values, `name:member|s`; undefined when it has no sets. */
  readonly sets: SetRules | undefined;
  /**
   * Whether a line says when it was measured. `optional`: counters and gauges may end in `|T<seconds>`, if the
   * user wants them to. `required`: every line ends in a space and seconds. A later line for the same series and
   * second replaces the earlier one.
   */
  readonly timestamps: 'never' | 'optional' | 'required';
  readonly limits: DialectLimits;
  /**
   * How the server finds the end of a payload on a unix stream socket. `length-prefixed`: by its length, a 32-bit
   * little-endian number before it. Default `newline`.
   */
  readonly unixStreamFraming?: 'newline' | 'length-prefixed' | undefined;
  /**
   * False when a connection reset can stop the server. Connections are then closed with FIN instead, so the server
   * reads everything in flight and more lines may be counted twice. Default true.
   */
  readonly toleratesConnectionReset?: boolean | undefined;
  /** Names that are one to the server. Used to detect metrics that it does not tell apart. */
  readonly nameCollisions: {
    readonly ignoreCase: boolean;
    /** The server does not distinguish the matches from one another. */
    readonly equivalentCharacters: RegExp | undefined;
    /** Types that share names. Default: the server tells metrics of different types apart. */
    readonly betweenTypes?: readonly TypeCollisions[] | undefined;
    /** Names that the server makes of a metric's, such as `latency.upper`, and that other metrics can have. Default: none. */
    readonly derivedNames?: readonly DerivedNames[] | undefined;
  };
  /** Resource attributes that are tags by default, with their tag names. */
  readonly resourceTags: Readonly<Record<string, string>>;
  /** Sections of a line that identify its origin, by the key before their `:`. Default none. */
  readonly originFields?: readonly string[] | undefined;
  /** True when `DD_ENV`, `DD_SERVICE`, `DD_VERSION`, `DD_TAGS` and `DD_ENTITY_ID` become tags or fields of every line. */
  readonly readsDatadogEnvironment: boolean;
}

/** Counter, gauge, timer, histogram, distribution and set. */
export type StatsdType = 'c' | 'g' | 'ms' | 'h' | 'd' | 's';

export interface TypeCollisions {
  /** The types that cannot have one name. Default: all. */
  readonly types?: readonly StatsdType[] | undefined;
  /** What the server does, as the rest of a sentence. */
  readonly effect: string;
}

export interface DerivedNames {
  /** The types of the metrics from whose names these are derived. */
  readonly from: readonly StatsdType[];
  /** Matches a derived name as the server compares names. Its first group is the name that it is derived from. */
  readonly pattern: RegExp;
  /** The types of metrics that collide if they have a derived name. */
  readonly with: readonly StatsdType[];
  /** What the server does, as the rest of a sentence. */
  readonly effect: string;
}

export interface TagSyntax {
  /**
   * `folded`: into the name, for servers without tags. `name`: between the metric name and the value. `end`:
   * after the type (and sample rate).
   */
  readonly place: 'folded' | 'name' | 'end';
  /** Text before the first tag, between key and value, between tags, and after the last tag. */
  readonly open: string;
  readonly assign: string;
  readonly separator: string;
  readonly close: string;
}

export interface SampleRules {
  /**
   * `weighted`: count, sum and percentiles honour `|@rate`. `count-only`: just the count does, so the
   * samples themselves must be spread evenly over the ranks. `none`: a rate makes the values wrong, so the server
   * gets no samples.
   */
  readonly rate: 'weighted' | 'count-only' | 'none';
  /** The largest number of recordings that one sample may represent. */
  readonly maxWeight: number;
  /** The largest number of recordings of one data point that the server can add up. Default `Infinity`. */
  readonly maxCount?: number | undefined;
  /** True when several values may share a line: `name:1:2:3|d`. */
  readonly packed: boolean;
  /** True when the server accepts values below zero. */
  readonly negative: boolean;
  /**
   * False when a counter `<name>.sum` beside a timer would collide with a name under which the server reports the
   * timer itself. Default true.
   */
  readonly exactSum?: boolean | undefined;
  /** Evenly weighted samples (`count-only`) or body strata (`weighted`) per data point. */
  readonly perPoint: number;
}

export interface SetRules {
  /** Matches the members that the server takes as they are, each from begin to end. Others are sent as a hash. */
  readonly members: RegExp;
  /** True when the server estimates the number of many members instead of counting them. */
  readonly isEstimate: boolean;
}

/** Beyond these the server would cut, wrap or merge, so nothing beyond them is sent. `Infinity` where there is no limit. */
export interface DialectLimits {
  /** Largest datagram that the server reads whole. */
  readonly datagramBytes: number;
  /** Longest line, without its newline. */
  readonly lineBytes: number;
  /** Longest name in characters, with prefix, suffix and folded attributes. */
  readonly nameLength: number;
  /** Longest tag in characters: key, value and the text between them. */
  readonly tagLength: number;
  /** A counter's value is below this, whatever its sign. */
  readonly counter: number;
  /** A gauge's value is below this, whatever its sign. */
  readonly gauge: number;
}
