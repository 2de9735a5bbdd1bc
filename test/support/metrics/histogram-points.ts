// Histogram points as an aggregator makes them of recorded values: a small model of one, and the SDK's own.

import {
  AggregationTemporality,
  AggregationType,
  type ExponentialHistogram,
  type Histogram,
  MeterProvider,
  MetricReader,
} from '@opentelemetry/sdk-metrics';

/** The SDK's default boundaries, which suit milliseconds. */
export const DEFAULT_EXPLICIT_BOUNDARIES: readonly number[] = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000,
];

export function explicitPoint(
  values: readonly number[],
  boundaries: readonly number[] = DEFAULT_EXPLICIT_BOUNDARIES,
): Histogram {
  const counts = new Array<number>(boundaries.length + 1).fill(0);
  for (const value of values) {
    const bucket = boundaries.findIndex((boundary) => value <= boundary);
    counts[bucket < 0 ? boundaries.length : bucket]! += 1;
  }
  return { buckets: { boundaries: [...boundaries], counts }, ...totals(values) };
}

/** At the highest scale, 20 at most, at which both sides fit into `maxSize` buckets. */
export function exponentialPoint(values: readonly number[], maxSize = 160): ExponentialHistogram {
  const positive = values.filter((value) => value > 0);
  const negative = values.filter((value) => value < 0).map((value) => -value);
  let scale = 20;
  while (Math.max(spanAt(positive, scale), spanAt(negative, scale)) > maxSize) scale--;
  return {
    ...totals(values),
    scale,
    zeroCount: values.length - positive.length - negative.length,
    positive: bucketsAt(positive, scale),
    negative: bucketsAt(negative, scale),
  };
}

function totals(values: readonly number[]): { count: number; sum: number; min: number; max: number } {
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { count: values.length, sum, min, max };
}

function indexAt(value: number, scale: number): number {
  return Math.ceil(Math.log2(value) * 2 ** scale) - 1;
}

function indexRange(values: readonly number[], scale: number): { lowest: number; size: number } {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    const index = indexAt(value, scale);
    lowest = Math.min(lowest, index);
    highest = Math.max(highest, index);
  }
  return { lowest, size: highest - lowest + 1 };
}

function spanAt(values: readonly number[], scale: number): number {
  return values.length === 0 ? 0 : indexRange(values, scale).size;
}

function bucketsAt(values: readonly number[], scale: number): ExponentialHistogram['positive'] {
  if (values.length === 0) return { offset: 0, bucketCounts: [] };
  const { lowest, size } = indexRange(values, scale);
  const bucketCounts = new Array<number>(size).fill(0);
  for (const value of values) bucketCounts[indexAt(value, scale) - lowest]! += 1;
  return { offset: lowest, bucketCounts };
}

class CollectingReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

export interface SdkPoints {
  readonly explicit: Histogram;
  readonly exponential: ExponentialHistogram;
}

/** What two readers of a real MeterProvider collect for one histogram instrument. */
export async function sdkPoints(values: readonly number[]): Promise<SdkPoints> {
  return {
    explicit: (await collect(values, AggregationType.EXPLICIT_BUCKET_HISTOGRAM)) as Histogram,
    exponential: (await collect(values, AggregationType.EXPONENTIAL_HISTOGRAM)) as ExponentialHistogram,
  };
}

async function collect(
  values: readonly number[],
  type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM | AggregationType.EXPONENTIAL_HISTOGRAM,
): Promise<unknown> {
  const boundaries = [...DEFAULT_EXPLICIT_BOUNDARIES];
  const reader = new CollectingReader({
    aggregationTemporalitySelector: () => AggregationTemporality.DELTA,
    aggregationSelector: () =>
      type === AggregationType.EXPONENTIAL_HISTOGRAM
        ? { type, options: { maxSize: 160, recordMinMax: true } }
        : { type, options: { boundaries, recordMinMax: true } },
  });
  const provider = new MeterProvider({ readers: [reader] });
  const histogram = provider.getMeter('test').createHistogram('recorded');
  for (const value of values) histogram.record(value);
  const { resourceMetrics } = await reader.collect();
  await provider.shutdown();
  return resourceMetrics.scopeMetrics[0]!.metrics[0]!.dataPoints[0]!.value;
}
