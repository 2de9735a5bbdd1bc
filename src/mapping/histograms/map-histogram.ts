// One histogram point, explicit or exponential, to lines in the mode that the options and the server allow.

import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import type { MetricContext } from '../metric-context.js';
import { isTimeUnit, timeFactor } from '../numbers/units.js';
import { writeFast } from './fast-path/fast-histograms.js';
import type { HistogramPoint } from './histogram-point.js';
import type { Distribution } from './model/distribution.js';
import { finiteExtremes, finitePart, isFinitePoint } from './model/infinite-recordings.js';
import { DEFAULT_BOUNDARIES } from './model/rebin.js';
import { isWellFormed } from './model/well-formed.js';
import { chooseSamples } from './samples/choose-samples.js';
import { type Summary, writeBuckets, writeSamples, writeSummary } from './write/write-modes.js';

export function mapHistogram(
  collected: HistogramPoint,
  temporality: AggregationTemporality,
  context: MetricContext,
): void {
  const isDelta = temporality === AggregationTemporality.DELTA;
  if (isDelta) {
    context.lines?.beginPoint(collected.attributes);
    if (writeFast(collected, context)) return;
  }
  if (!isWellFormed(collected)) return context.report.drop('unsupported', context.metric);
  const point = isDelta
    ? collected
    : context.state.histograms.growth(context.key(collected.attributes), collected);
  if (point === undefined) return context.report.drop('series_limit', context.metric);
  // A cumulative series without new recordings is collected again and again; that is no loss.
  if (!isDelta && point.value.count === 0) return;

  if (!isDelta) context.lines?.beginPoint(point.attributes);
  if (!isFinitePoint(point.value)) return mapFinitePart(point, context);

  const { mode, percentiles } = context.options.histograms;
  if (mode === 'samples' && mapSamples(point, context)) return;
  const { factor } = context.scale;
  const needsBins = mode === 'buckets' || percentiles.length > 0;
  const distribution = needsBins ? distributionOf(point, factor, context) : undefined;
  const totals = needsBins ? distribution : context.scratch.reader.totals(point, factor);
  if (totals === undefined) return context.report.drop('non_finite', context.metric);
  writeTotals(point, totals, distribution, context);
}

/** Sends what is true of a point in which infinite values were recorded, and counts the rest. */
function mapFinitePart(point: HistogramPoint, context: MetricContext): void {
  context.report.drop('non_finite', context.metric);
  const part = finitePart(point);
  const { mode } = context.options.histograms;
  if (part !== undefined && mode === 'samples' && mapSamples(part, context)) return;
  const { scale } = context;
  const distribution = part && distributionOf(part, scale.factor, context);
  const { count } = point.value;
  const extremes = finiteExtremes(point);
  const min = extremes.min && scale.of(extremes.min);
  const max = extremes.max && scale.of(extremes.max);
  const isWhole = distribution?.count === count;
  // Percentiles of a part of the recordings are not those of all.
  const summary = { count, sum: undefined, min, max };
  writeTotals(point, summary, mode === 'buckets' || isWhole ? distribution : undefined, context);
}

function writeTotals(
  point: HistogramPoint,
  summary: Summary,
  distribution: Distribution | undefined,
  context: MetricContext,
): void {
  const { mode } = context.options.histograms;
  const { attributes } = point;
  if (mode === 'buckets') {
    writeBuckets(summary, distribution, boundariesOf(point, context), attributes, context);
  } else {
    writeSummary(summary, distribution, mode === 'samples' ? 'summary' : '', attributes, context);
  }
}

/** Returns false when this server would read the samples wrongly or needs too many of them: a summary is sent. */
function mapSamples(point: HistogramPoint, context: MetricContext): boolean {
  const { dialect, histograms } = context.options;
  const kind = isTimeUnit(context.unit) ? 'timer' : 'histogram';
  const factor = dialect.types[kind] === 'ms' ? timeFactor(context.unit, 'ms') : context.scale.factor;
  const distribution = distributionOf(point, factor, context);
  if (distribution === undefined) return false;
  const samples = chooseSamples(distribution, dialect.samples, histograms, context.scratch);
  if (typeof samples === 'string') {
    context.report.summarise(samples, context.metric);
    return false;
  }
  const { maxSamples = Infinity } = histograms;
  if (histograms.sampleWeight === undefined && samples.values.length > maxSamples) {
    context.report.warn(
      `samples ${context.metric}`,
      `metric "${context.metric}": ${dialect.name} counts a sample at most ${dialect.samples.maxWeight} times, so that ` +
        `a data point takes more than ${maxSamples} samples (histograms.maxSamples)`,
    );
  }
  writeSamples(samples, distribution, kind, point.attributes, context);
  return true;
}

/**
 * In the unit of the lines. The point's own boundaries where it has any: the app, a view or the instrument's advice
 * chose them.
 */
function boundariesOf(point: HistogramPoint, { options, scale, scratch }: MetricContext): readonly number[] {
  const own = point.kind === 'explicit' ? point.value.buckets.boundaries : [];
  const { boundaries = own } = options.histograms;
  return boundaries.length > 0 ? scratch.reader.scaledBoundaries.of(boundaries, scale) : DEFAULT_BOUNDARIES;
}

function distributionOf(
  point: HistogramPoint,
  factor: number,
  { scratch }: MetricContext,
): Distribution | undefined {
  return point.kind === 'explicit'
    ? scratch.reader.explicit(point.value, factor)
    : scratch.reader.exponential(point.value, factor);
}
