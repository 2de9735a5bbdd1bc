// Normalises the metrics of the SDK so that the aggregator can add them up: counters and histograms as deltas,
// everything else as its current value. Values that would make a sum unusable are dropped and counted.

import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import type { AnyPoint } from '../../mapping/merge/merge-points.js';
import type { PointDropReason } from '../../mapping/report.js';
import { metricKey, seriesKey } from '../../mapping/state/series-key.js';
import { SeriesState } from '../../mapping/state/series-state.js';
import { wireTemporality } from '../protocol/wire-metrics.js';

/** Why a point was dropped. */
export type NormaliseDropReason = Extract<
  PointDropReason,
  'non_finite' | 'unsupported' | 'unreadable' | 'series_limit'
>;

export class MetricsNormaliser {
  readonly #state: SeriesState;
  readonly #drop: (reason: NormaliseDropReason) => void;

  /** `maxSeries`: limit of each kind of series that needs conversion, whose last value is remembered. */
  constructor(maxSeries: number, drop: (reason: NormaliseDropReason) => void) {
    this.#state = new SeriesState(maxSeries);
    this.#drop = drop;
  }

  /** Shares attributes and values with the original: they must be copied before the app goes on. */
  normalise({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
    this.#state.beginExport();
    return {
      resource,
      scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({
        scope,
        metrics: metrics.map((metric) => this.#metric(scope, metric)),
      })),
    };
  }

  #metric(scope: ScopeMetrics['scope'], metric: MetricData): MetricData {
    const aggregationTemporality = wireTemporality(metric);
    if (needsNoConversion(metric, aggregationTemporality)) {
      return { ...metric, aggregationTemporality } as MetricData;
    }
    const key = metricKey(scope, metric);
    const dataPoints: AnyPoint[] = [];
    for (const point of metric.dataPoints) {
      try {
        const value = this.#value(key, metric, point);
        if (typeof value === 'string') this.#drop(value);
        else if (value !== undefined) {
          dataPoints.push({ ...point, value } as AnyPoint);
        }
      } catch {
        this.#drop('unreadable');
      }
    }
    return { ...metric, aggregationTemporality, dataPoints } as MetricData;
  }

  /** The value to send; undefined when there is none; a reason when the point is dropped. */
  #value(
    key: string,
    metric: MetricData,
    point: AnyPoint,
  ): AnyPoint['value'] | NormaliseDropReason | undefined {
    const isDelta = metric.aggregationTemporality === AggregationTemporality.DELTA;
    switch (metric.dataPointType) {
      case DataPointType.GAUGE:
        return Number.isFinite(point.value) ? point.value : 'non_finite';
      case DataPointType.SUM: {
        const sum = point as DataPoint<number>;
        const { value } = sum;
        if (!Number.isFinite(value)) return 'non_finite';
        if (isDelta === metric.isMonotonic) return value;
        const series = seriesKey(key, point.attributes);
        const converted = isDelta ? this.#state.total(series, value) : this.#state.growth(series, sum);
        return converted ?? 'series_limit';
      }
      case DataPointType.HISTOGRAM:
        return this.#histogram(key, isDelta, { kind: 'explicit', ...(point as DataPoint<Histogram>) });
      case DataPointType.EXPONENTIAL_HISTOGRAM:
        return this.#histogram(key, isDelta, {
          kind: 'exponential',
          ...(point as DataPoint<ExponentialHistogram>),
        });
      default:
        return 'unsupported';
    }
  }

  #histogram(
    key: string,
    isDelta: boolean,
    point: Parameters<SeriesState['histograms']['growth']>[1],
  ): AnyPoint['value'] | NormaliseDropReason | undefined {
    const grown = isDelta ? point : this.#state.histograms.growth(seriesKey(key, point.attributes), point);
    if (grown === undefined) return 'series_limit';
    const { value } = grown;
    if (!Number.isSafeInteger(value.count)) return 'non_finite';
    if ('buckets' in value && !value.buckets.boundaries.every(Number.isFinite)) return 'non_finite';
    if (value.count === 0) return undefined;
    // An infinite sum would make the sum of all workers infinite. The counts are usable without it.
    return withFiniteTotals(value);
  }
}

/** True for counters, up-down counters and gauges whose values can be sent as they are. */
function needsNoConversion(
  { dataPointType, aggregationTemporality, dataPoints }: MetricData,
  wanted: AggregationTemporality,
): boolean {
  const isGauge = dataPointType === DataPointType.GAUGE;
  const isSum = dataPointType === DataPointType.SUM && aggregationTemporality === wanted;
  if (!isGauge && !isSum) return false;
  try {
    for (const { value } of dataPoints) if (!Number.isFinite(value)) return false;
    return true;
  } catch {
    return false;
  }
}

function withFiniteTotals<H extends Histogram | ExponentialHistogram>(value: H): H {
  const { sum, min, max, ...rest } = value;
  return {
    ...rest,
    ...(Number.isFinite(sum) && { sum }),
    ...(Number.isFinite(min) && { min }),
    ...(Number.isFinite(max) && { max }),
  } as H;
}
