// The points of one metric, each on its way: as bytes where it is plain, else by the general way of its kind.

import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { FastPath } from './fast-path/fast-path.js';
import type { PlainKind } from './fast-path/line-template.js';
import { mapHistogram } from './histograms/map-histogram.js';
import type { MetricContext } from './metric-context.js';
import { mapGauge } from './points/map-gauge.js';
import { mapSum } from './points/map-sum.js';
import { PointDropped } from './report.js';

/** Of plain points, those of a step; the others take as long as about so many of them. */
const POINTS_OF_STEP = 256;
const GENERAL_POINT = 8;
const HISTOGRAM_POINT = 64;

/** What is left to do before the next step. */
export class StepBudget {
  left = POINTS_OF_STEP;

  /** True when the step is over. */
  spend(points: number): boolean {
    this.left -= points;
    if (this.left > 0) return false;
    this.left = POINTS_OF_STEP;
    return true;
  }
}

/** What the lines of a metric are if its points are plain; undefined where something is remembered of each series. */
export function plainKind(metric: MetricData): PlainKind | undefined {
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

/** `begin` hears of each point before it is mapped the general way. Ends a step whenever the effort is spent. */
export function* mapPoints(
  metric: MetricData,
  context: MetricContext,
  begin: (point: DataPoint<unknown>) => void,
  plain: FastPath | undefined,
  effort: StepBudget,
): Generator<void, void> {
  const { aggregationTemporality: temporality } = metric;
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      return yield* mapNumbers(metric.dataPoints, context, plain, effort, (point) => {
        begin(point);
        mapSum(point, temporality, metric.isMonotonic, context);
      });
    case DataPointType.GAUGE:
      return yield* mapNumbers(metric.dataPoints, context, plain, effort, (point) => {
        begin(point);
        mapGauge(point, context);
      });
    case DataPointType.HISTOGRAM:
      return yield* mapEach(metric.dataPoints, context, effort, (point) => {
        begin(point);
        mapHistogram({ kind: 'explicit', ...point }, temporality, context);
      });
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return yield* mapEach(metric.dataPoints, context, effort, (point) => {
        begin(point);
        mapHistogram({ kind: 'exponential', ...point }, temporality, context);
      });
    default:
      // A kind of data that came into the SDK after this was written.
      for (const _ of (metric as MetricData).dataPoints) context.report.drop('unsupported', context.metric);
  }
}

function* mapNumbers(
  points: readonly DataPoint<number>[],
  context: MetricContext,
  plain: FastPath | undefined,
  effort: StepBudget,
  mapGenerally: (point: DataPoint<number>) => void,
): Generator<void, void> {
  let index = 0;
  while (index < points.length) {
    const end = Math.min(points.length, index + effort.left);
    const start = index;
    if (plain !== undefined) index = plain.write(points, start, end);
    let spent = index - start;
    if (index < end) {
      mapSafely(points[index]!, context, mapGenerally);
      index += 1;
      spent += GENERAL_POINT;
    }
    if (effort.spend(spent)) yield;
  }
}

function* mapEach<T>(
  points: readonly DataPoint<T>[],
  context: MetricContext,
  effort: StepBudget,
  map: (point: DataPoint<T>) => void,
): Generator<void, void> {
  for (const point of points) {
    mapSafely(point, context, map);
    if (effort.spend(HISTOGRAM_POINT)) yield;
  }
}

/** One point that cannot be read or sent does not keep the others from it. */
function mapSafely<P>(point: P, { report, metric }: MetricContext, map: (point: P) => void): void {
  try {
    map(point);
  } catch (error) {
    report.drop(error instanceof PointDropped ? error.reason : 'unreadable', metric);
  }
}
