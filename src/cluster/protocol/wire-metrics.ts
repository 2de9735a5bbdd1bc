// How metrics look on the way from a worker to the aggregator: arrays and plain values only, so that JSON and
// structured clones carry them unchanged. Metrics are shared by their points, and attributes are flat lists, which
// keeps keys such as `__proto__` from meaning anything.

/** A number, or the name of one that JSON does not have. */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity' | '-0';

/** Key, value, key, value … */
export type WireAttributes = readonly unknown[];

export type WireTime = readonly [seconds: number, nanoseconds: number];

/** `null` where the SDK knows no such total. */
export type WireTotals = readonly [
  count: number,
  sum: WireNumber | null,
  min: WireNumber | null,
  max: WireNumber | null,
];

export type WireHistogram = readonly [
  totals: WireTotals,
  boundaries: readonly WireNumber[],
  counts: readonly number[],
];

export type WireBuckets = readonly [offset: number, counts: readonly number[]];

export type WireExponentialHistogram = readonly [
  totals: WireTotals,
  scale: number,
  zeroCount: number,
  positive: WireBuckets,
  negative: WireBuckets,
];

export type WireValue = WireNumber | WireHistogram | WireExponentialHistogram;

export type WirePoint = readonly [
  attributes: WireAttributes,
  startTime: WireTime,
  endTime: WireTime,
  value: WireValue,
];

/** Sums that only rise and histograms are deltas, all else are current values: see `WorkerIntake`. */
export interface WireMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly valueType: number;
  readonly type: number;
  readonly isMonotonic: boolean;
  readonly points: readonly WirePoint[];
}

export interface WireScope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
  readonly metrics: readonly WireMetric[];
}

export interface WireMetrics {
  readonly resource: WireAttributes;
  readonly scopes: readonly WireScope[];
}
