// What the SDK hands over becomes what processes can add up: counters and histograms as deltas, everything else as
// its current value. Values that would spoil a sum with others are left out here, each counted.

import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { AnyPoint } from '../../mapping/merge/merge-points.js';
import type { PointDropReason } from '../../mapping/report.js';
import { metricKey, seriesKey } from '../../mapping/state/series-key.js';
import { SeriesState } from '../../mapping/state/series-state.js';
import { sharedTemporality } from '../protocol/shared-temporality.js';
import { plainAttributes } from '../protocol/wire-attributes.js';

/** Why a point goes no further. */
export type IntakeDropReason = Extract<
  PointDropReason,
  'non_finite' | 'unsupported' | 'unreadable' | 'series_limit'
>;

export class WorkerIntake {
  readonly #state: SeriesState;
  readonly #drop: (reason: IntakeDropReason) => void;

  /** `maxSeries` of those that arrive in the other temporality, and have to be remembered for that. */
  constructor(maxSeries: number, drop: (reason: IntakeDropReason) => void) {
    this.#state = new SeriesState(maxSeries);
    this.#drop = drop;
  }

  /** A copy that shares nothing with the caller. */
  take({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
    return {
      resource,
      scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({
        scope,
        metrics: metrics.map((metric) => this.#metric(metricKey(scope, metric), metric)),
      })),
    };
  }

  #metric(key: string, metric: MetricData): MetricData {
    const dataPoints: AnyPoint[] = [];
    for (const point of metric.dataPoints) {
      try {
        const value = this.#value(key, metric, point);
        if (typeof value === 'string') this.#drop(value);
        else if (value !== undefined) {
          dataPoints.push({ ...point, attributes: plainAttributes(point.attributes), value } as AnyPoint);
        }
      } catch {
        this.#drop('unreadable');
      }
    }
    return { ...metric, aggregationTemporality: sharedTemporality(metric), dataPoints } as MetricData;
  }

  /** Undefined when there is nothing to say, a reason when nothing can be said. */
  #value(key: string, metric: MetricData, point: AnyPoint): AnyPoint['value'] | IntakeDropReason | undefined {
    const isDelta = metric.aggregationTemporality === AggregationTemporality.DELTA;
    switch (metric.dataPointType) {
      case DataPointType.GAUGE:
        return Number.isFinite(point.value) ? point.value : 'non_finite';
      case DataPointType.SUM: {
        const { startTime, value } = point as DataPoint<number>;
        if (!Number.isFinite(value)) return 'non_finite';
        if (isDelta === metric.isMonotonic) return value;
        const series = seriesKey(key, point.attributes);
        const turned = isDelta
          ? this.#state.total(series, value)
          : this.#state.growth(series, startTime, value);
        return turned ?? 'series_limit';
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
  ): AnyPoint['value'] | IntakeDropReason | undefined {
    const grown = isDelta ? point : this.#state.histograms.growth(seriesKey(key, point.attributes), point);
    if (grown === undefined) return 'series_limit';
    const { value } = grown;
    if (!Number.isSafeInteger(value.count)) return 'non_finite';
    if (value.count === 0) return undefined;
    // An infinite sum would make everybody's unknown; the counts are good all the same.
    return withFiniteTotals(value);
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
