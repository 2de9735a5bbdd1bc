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

/** How the points of one metric are mapped one by one. */
export interface SlowPath {
  readonly context: MetricContext;
  /** To be called before each point. */
  readonly begin: (point: DataPoint<unknown>) => void;
}

/** Yields whenever the step budget is used up. Most metrics need no `slowPath()`, which is made when it is needed. */
export function* mapPoints(
  metric: MetricData,
  slowPath: () => SlowPath,
  fastPath: FastPath | undefined,
  budget: StepBudget,
  set?: SetOptions | undefined,
): Generator<void, void> {
  const { aggregationTemporality: temporality } = metric;
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      return yield* mapNumbers(metric.dataPoints, slowPath, fastPath, budget, (point, context) => {
        if (set === undefined) mapSum(point, temporality, metric.isMonotonic, context);
        else mapSetMember(point, temporality, set, context);
      });
    case DataPointType.GAUGE:
      return yield* mapNumbers(metric.dataPoints, slowPath, fastPath, budget, mapGauge);
    case DataPointType.HISTOGRAM:
      return yield* mapEach(metric.dataPoints, slowPath(), budget, (point, context) => {
        const { attributes, startTime, endTime, value } = point;
        mapHistogram({ kind: 'explicit', attributes, startTime, endTime, value }, temporality, context);
      });
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return yield* mapEach(metric.dataPoints, slowPath(), budget, (point, context) => {
        const { attributes, startTime, endTime, value } = point;
        mapHistogram({ kind: 'exponential', attributes, startTime, endTime, value }, temporality, context);
      });
    default: {
      // A kind of data that came into the SDK after this was written.
      const { report, metric: name } = slowPath().context;
      for (const _ of (metric as MetricData).dataPoints) report.drop('unsupported', name);
    }
  }
}

function* mapNumbers(
  points: readonly DataPoint<number>[],
  slowPath: () => SlowPath,
  fastPath: FastPath | undefined,
  budget: StepBudget,
  map: (point: DataPoint<number>, context: MetricContext) => void,
): Generator<void, void> {
  let index = 0;
  while (index < points.length) {
    const end = Math.min(points.length, index + budget.left);
    const start = index;
    if (fastPath !== undefined) index = fastPath.write(points, start, end);
    let cost = index - start;
    if (index < end) {
      mapSafely(points[index]!, slowPath(), map);
      index += 1;
      cost += SLOW_POINT_COST;
    }
    if (budget.consume(cost)) yield;
  }
}

function* mapEach<T>(
  points: readonly DataPoint<T>[],
  slowPath: SlowPath,
  budget: StepBudget,
  map: (point: DataPoint<T>, context: MetricContext) => void,
): Generator<void, void> {
  for (const point of points) {
    mapSafely(point, slowPath, map);
    if (budget.consume(HISTOGRAM_POINT_COST)) yield;
  }
}

/** A point that cannot be read or sent is dropped and counted; the others are still mapped. */
function mapSafely<P extends DataPoint<unknown>>(
  point: P,
  { context, begin }: SlowPath,
  map: (point: P, context: MetricContext) => void,
): void {
  try {
    begin(point);
    map(point, context);
  } catch (error) {
    context.report.drop(error instanceof PointDropped ? error.reason : 'unreadable', context.metric);
  }
}
