import { type AggregationOption, AggregationType, InstrumentType } from '@opentelemetry/sdk-metrics';

/** Exponential buckets for histograms: their relative error is bounded at any scale, and any two of them merge. */
export function exponentialHistograms(instrumentType: InstrumentType): AggregationOption {
  return instrumentType === InstrumentType.HISTOGRAM
    ? { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 160, recordMinMax: true } }
    : { type: AggregationType.DEFAULT };
}
