// The form in which metrics travel from a worker to the aggregator: arrays and plain values only, so that JSON and
// structured clones carry them unchanged. Points are grouped by metric. Attributes are flat lists, so that keys such as
// `__proto__` have no meaning. What many points have in common is sent once, and points refer to it by number: lists of
// small numbers are the fastest to write and to read.

import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';

/** A finite number. JSON cannot represent -0. */
export type WireNumber = number | '-0';

/** Key, value, key, value … */
export type WireAttributes = readonly unknown[];

/** Of the times of a point: seconds and nanoseconds of the start, then of the end. */
export const NUMBERS_OF_TIMES = 4;

/** `null` where the SDK has no such total, or where it is not finite. */
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

/** Monotonic sums and histograms are deltas, everything else is a current value: see `wireTemporality`. */
export interface WireMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly valueType: number;
  readonly type: number;
  readonly isMonotonic: boolean;
  /**
   * For each point: its place in `times`, the number of its attributes, and their places in `attributes`, one after the
   * other.
   */
  readonly points: readonly number[];
  /** One for each point. */
  readonly values: readonly WireValue[];
}

export interface WireScope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
  readonly metrics: readonly WireMetric[];
}

export interface WireMetrics {
  readonly resource: WireAttributes;
  /** The attributes of all points. */
  readonly attributes: WireAttributes;
  /** The times of all points, NUMBERS_OF_TIMES for each place. */
  readonly times: readonly number[];
  readonly scopes: readonly WireScope[];
}

/**
 * The temporality of a metric on the wire. Values that add up over time are deltas: each is added once and stays. State
 * (gauges and up-down counters) is the current value: it is replaced, and removed when its process ends.
 */
export function wireTemporality(metric: {
  readonly dataPointType: DataPointType;
  readonly isMonotonic?: boolean;
}): AggregationTemporality {
  const isState =
    metric.dataPointType === DataPointType.GAUGE ||
    (metric.dataPointType === DataPointType.SUM && metric.isMonotonic !== true);
  return isState ? AggregationTemporality.CUMULATIVE : AggregationTemporality.DELTA;
}
