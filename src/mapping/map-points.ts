// The points of one metric: on the fast path where it can write them, else on the slow path of their kind.

import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { FastPath } from './fast-path/fast-path.js';
import type { FastPathKind } from './fast-path/line-template.js';
import { mapHistogram } from './histograms/map-histogram.js';
import type { MetricContext } from './metric-context.js';
import { mapGauge } from './points/map-gauge.js';
import { mapSetMember, type SetOptions } from './points/map-set-member.js';
import { mapSum } from './points/map-sum.js';
import { PointDropped } from './report.js';
import { HISTOGRAM_POINT_COST, SLOW_POINT_COST, type StepBudget } from './step-budget.js';

/** What the fast path would write for a metric; undefined where something is remembered of each series. */
export function fastPathKind(metric: MetricData): FastPathKind | undefined {
  const isDelta = metric.aggregationTemporality === AggregationTemporality.DELTA;
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      if (metric.isMonotonic) return isDelta ? 'counter' : undefined;
      return isDelta ? undefined : 'gauge';
    case DataPointType.GAUGE:
      return 'gauge';
    default:
      return undefined;
  }
}

/** Calls `begin` before each point on the slow path. Yields whenever the step budget is used up. */
export function* mapPoints(
  metric: MetricData,
  context: MetricContext,
  begin: (point: DataPoint<unknown>) => void,
  fastPath: FastPath | undefined,
  budget: StepBudget,
  set?: SetOptions | undefined,
): Generator<void, void> {
  const { aggregationTemporality: temporality } = metric;
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      return yield* mapNumbers(metric.dataPoints, context, fastPath, budget, (point) => {
        begin(point);
        if (set === undefined) mapSum(point, temporality, metric.isMonotonic, context);
        else mapSetMember(point, temporality, set, context);
      });
    case DataPointType.GAUGE:
      return yield* mapNumbers(metric.dataPoints, context, fastPath, budget, (point) => {
        begin(point);
        mapGauge(point, context);
      });
    case DataPointType.HISTOGRAM:
      return yield* mapEach(metric.dataPoints, context, budget, (point) => {
        begin(point);
        const { attributes, startTime, endTime, value } = point;
        mapHistogram({ kind: 'explicit', attributes, startTime, endTime, value }, temporality, context);
      });
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return yield* mapEach(metric.dataPoints, context, budget, (point) => {
        begin(point);
        const { attributes, startTime, endTime, value } = point;
        mapHistogram({ kind: 'exponential', attributes, startTime, endTime, value }, temporality, context);
      });
    default:
      // A kind of data that came into the SDK after this was written.
      for (const _ of (metric as MetricData).dataPoints) context.report.drop('unsupported', context.metric);
  }
}

function* mapNumbers(
  points: readonly DataPoint<number>[],
  context: MetricContext,
  fastPath: FastPath | undefined,
  budget: StepBudget,
  mapSlowly: (point: DataPoint<number>) => void,
): Generator<void, void> {
  let index = 0;
  while (index < points.length) {
    const end = Math.min(points.length, index + budget.left);
    const start = index;
    if (fastPath !== undefined) index = fastPath.write(points, start, end);
    let cost = index - start;
    if (index < end) {
      mapSafely(points[index]!, context, mapSlowly);
      index += 1;
      cost += SLOW_POINT_COST;
    }
    if (budget.consume(cost)) yield;
  }
}

function* mapEach<T>(
  points: readonly DataPoint<T>[],
  context: MetricContext,
  budget: StepBudget,
  map: (point: DataPoint<T>) => void,
): Generator<void, void> {
  for (const point of points) {
    mapSafely(point, context, map);
    if (budget.consume(HISTOGRAM_POINT_COST)) yield;
  }
}

/** A point that cannot be read or sent is dropped and counted; the others are still mapped. */
function mapSafely<P>(point: P, { report, metric }: MetricContext, map: (point: P) => void): void {
  try {
    map(point);
  } catch (error) {
    report.drop(error instanceof PointDropped ? error.reason : 'unreadable', metric);
  }
}
