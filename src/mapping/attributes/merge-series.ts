// Removes attributes from the points of a metric and merges series that become one by it, so that the metric looks as
// if it had been recorded without these attributes.

import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { type AnyPoint, type MergeKind, mergePoints } from '../merge/merge-points.js';
import type { MappingReport, PointDropReason } from '../report.js';
import { isBefore } from '../state/instant.js';
import { seriesKey } from '../state/series-key.js';
import type { SeriesState } from '../state/series-state.js';
import { SLOW_POINT_COST, type StepBudget } from '../step-budget.js';
import type { AttributeFilter } from './attribute-filter.js';

export interface MergeContext {
  /** Identity of the metric in `state`. */
  readonly key: string;
  readonly state: SeriesState;
  readonly report: Pick<MappingReport, 'drop'>;
  readonly budget: StepBudget;
}

/**
 * Cumulative counters and histograms become deltas first, each series by itself: totals of series that are reset at
 * different times have no meaningful sum. Yields whenever the step budget is used up.
 */
export function* mergeSeries(
  metric: MetricData,
  filter: AttributeFilter,
  context: MergeContext,
): Generator<void, MetricData> {
  const kind = mergeKindOf(metric);
  if (kind === undefined) return metric;
  const isTotal = isTotalSinceStart(metric);
  if (!isTotal && (yield* keepsAll(metric, filter, context.budget))) return metric;

  const { budget, report } = context;
  const { name } = metric.descriptor;
  const merged = new Map<string, AnyPoint[]>();
  for (const point of metric.dataPoints) {
    try {
      const value = isTotal ? increaseOf(metric, point, context) : point.value;
      const fault = faultOf(metric, value);
      // A cumulative histogram without new recordings is no loss.
      const isIdle = isTotal && isEmpty(value);
      if (fault === undefined) {
        add(merged, kind, { ...point, attributes: filter.apply(point.attributes), value } as AnyPoint);
      } else if (!isIdle) {
        report.drop(fault, name);
      }
    } catch {
      report.drop('unreadable', name);
    }
    if (budget.consume(SLOW_POINT_COST)) yield;
  }
  const aggregationTemporality = isTotal ? AggregationTemporality.DELTA : metric.aggregationTemporality;
  return { ...metric, aggregationTemporality, dataPoints: [...merged.values()].flat() } as MetricData;
}

/** Undefined for a kind of metric that this code does not know. */
function mergeKindOf({ dataPointType }: MetricData): MergeKind | undefined {
  switch (dataPointType) {
    case DataPointType.SUM:
      // Current totals of up-down counters add up over series just as deltas do.
      return 'delta-sum';
    case DataPointType.HISTOGRAM:
      return 'delta-histogram';
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return 'delta-exponential';
    case DataPointType.GAUGE:
      return 'last';
    default:
      return undefined;
  }
}

/** True for cumulative counters and histograms; the value of an up-down counter is a state, like that of a gauge. */
function isTotalSinceStart(metric: MetricData): boolean {
  if (metric.aggregationTemporality !== AggregationTemporality.CUMULATIVE) return false;
  return metric.dataPointType === DataPointType.SUM
    ? metric.isMonotonic
    : metric.dataPointType !== DataPointType.GAUGE;
}

function* keepsAll(
  { dataPoints }: MetricData,
  filter: AttributeFilter,
  budget: StepBudget,
): Generator<void, boolean> {
  for (const { attributes } of dataPoints) {
    try {
      if (!filter.keepsAll(attributes)) return false;
    } catch {
      return false;
    }
    if (budget.consume(1)) yield;
  }
  return true;
}

/** The increase since the series' previous point; undefined when it is not known. */
function increaseOf(
  { dataPointType }: MetricData,
  point: AnyPoint,
  { key, state }: MergeContext,
): AnyPoint['value'] | undefined {
  const series = seriesKey(key, point.attributes);
  switch (dataPointType) {
    case DataPointType.HISTOGRAM:
      return state.histograms.growth(series, { kind: 'explicit', ...(point as DataPoint<Histogram>) })?.value;
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return state.histograms.growth(series, {
        kind: 'exponential',
        ...(point as DataPoint<ExponentialHistogram>),
      })?.value;
    default: {
      const total = point as DataPoint<number>;
      // Not kept: the next increase is the one since the last finite value.
      return Number.isFinite(total.value) ? state.growth(series, total) : total.value;
    }
  }
}

/** Values that would spoil the sum with others. They are dropped for the same reasons when they are mapped alone. */
function faultOf(metric: MetricData, value: AnyPoint['value'] | undefined): PointDropReason | undefined {
  if (value === undefined) return 'series_limit';
  if (typeof value === 'object') return value.count > 0 ? undefined : 'non_finite';
  if (!Number.isFinite(value)) return 'non_finite';
  return metric.dataPointType === DataPointType.SUM && metric.isMonotonic && value < 0
    ? 'unsupported'
    : undefined;
}

function isEmpty(value: AnyPoint['value'] | undefined): boolean {
  return typeof value === 'object' && value.count === 0;
}

/** Points that cannot be merged, histograms of other boundaries, stay beside each other. */
function add(merged: Map<string, AnyPoint[]>, kind: MergeKind, point: AnyPoint): void {
  const key = seriesKey('', point.attributes);
  const points = merged.get(key);
  if (points === undefined) {
    merged.set(key, [point]);
    return;
  }
  for (const [index, earlier] of points.entries()) {
    // Of gauges the newest stays, and the later one of the same time.
    const isOlder = kind === 'last' && isBefore(point.endTime, earlier.endTime);
    const result = isOlder ? earlier : mergePoints(kind, earlier, point);
    if (result === undefined) continue;
    points[index] = result;
    return;
  }
  points.push(point);
}
