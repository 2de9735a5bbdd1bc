// One histogram point, explicit or exponential, to lines in the mode that the options and the server allow.

import {
  AggregationTemporality,
  type DataPoint,
  type ExponentialHistogram,
  type Histogram,
} from '@opentelemetry/sdk-metrics';
import type { MetricContext } from '../context.js';
import { millisecondsPer } from '../units.js';
import { type Distribution, fromExplicitBuckets, fromExponentialBuckets } from './distribution.js';
import { writeSamples } from './write-samples.js';
import { writeSummary } from './write-summary.js';

export type HistogramPoint =
  | ({ readonly kind: 'explicit' } & DataPoint<Histogram>)
  | ({ readonly kind: 'exponential' } & DataPoint<ExponentialHistogram>);

export function mapHistogram(
  collected: HistogramPoint,
  temporality: AggregationTemporality,
  context: MetricContext,
): void {
  const isDelta = temporality === AggregationTemporality.DELTA;
  const point = isDelta
    ? collected
    : context.state.histograms.growth(context.key(collected.attributes), collected);
  if (point === undefined) return context.report.drop('series_limit', context.metric);
  // A cumulative series that nobody recorded to is sent again and again; nothing is wrong with it.
  if (!isDelta && point.value.count === 0) return;
  const { dialect, histograms } = context.options;
  const milliseconds = millisecondsPer(context.unit);
  const type = milliseconds === undefined ? dialect.types.histogram : dialect.types.timer;

  if (histograms.mode === 'samples') {
    // Only the type `ms` fixes a unit; `h` and `d` keep the instrument's own.
    const factor = type === 'ms' ? (milliseconds ?? 1) : 1;
    const distribution = distributionOf(point, factor);
    if (distribution === undefined) return context.report.drop('non_finite', context.metric);
    if (dialect.samples.negative || lowest(distribution) >= 0) {
      return writeSamples(distribution, type, point.attributes, context);
    }
    context.report.warn(
      `negative ${context.metric}`,
      `${context.metric} holds values below zero, which ${dialect.name} rejects in a histogram; ` +
        'it is sent as .count, .sum, .min and .max instead',
    );
  }
  // A summary is in the instrument's own unit.
  const distribution = distributionOf(point, 1);
  if (distribution === undefined) return context.report.drop('non_finite', context.metric);
  writeSummary(distribution, point.attributes, context);
}

function distributionOf(point: HistogramPoint, factor: number): Distribution | undefined {
  return point.kind === 'explicit'
    ? fromExplicitBuckets(point.value, factor)
    : fromExponentialBuckets(point.value, factor);
}

function lowest({ cells, min }: Distribution): number {
  return min ?? cells[0]?.lo ?? 0;
}
