import type { DataPoint, ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';

/** A data point with the kind of its buckets, which the SDK states once per metric. */
export type HistogramPoint =
  | ({ readonly kind: 'explicit' } & DataPoint<Histogram>)
  | ({ readonly kind: 'exponential' } & DataPoint<ExponentialHistogram>);
