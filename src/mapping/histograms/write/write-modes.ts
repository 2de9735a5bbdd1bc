// One histogram point as lines, in each of the three modes.

import { boundText } from '../../fast-path/point-lines.js';
import type { NumberKind } from '../../lines/line-syntax.js';
import { writeCounter, writeGauge } from '../../lines/write-line.js';
import type { MetricContext } from '../../metric-context.js';
import { formatNumber } from '../../numbers/format-number.js';
import { roundToDigits } from '../../numbers/rounding.js';
import { PointDropped } from '../../report.js';
import type { AttributeRecord } from '../../tags/tags.js';
import type { Distribution } from '../model/distribution.js';
import { quantile } from '../model/rank-cursor.js';
import { rebin } from '../model/rebin.js';
import { ESTIMATE_DIGITS } from '../samples/round-samples.js';
import type { WeightedSamples } from '../samples/weights.js';

/** Samples, and beside them what servers cannot compute from samples whose rate affects the count alone. */
export function writeSamples(
  samples: WeightedSamples,
  { sum, max }: Distribution,
  kind: NumberKind,
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  const { options, report } = context;
  const { dialect } = options;
  // The last gate: no text of a number that is not finite reaches a line.
  if (!writeValues(samples, '', kind, attributes, context)) return report.drop('non_finite', context.metric);
  if (dialect.samples.rate !== 'weighted') writeExtremes({ sum, max }, kind, attributes, context);
}

/** What servers that apply the rate to the count alone cannot compute from the samples. */
export function writeExtremes(
  { sum, max }: Pick<Summary, 'sum' | 'max'>,
  kind: NumberKind,
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  const { histograms } = context.options;
  if (histograms.exactSum && sum !== undefined) counter('sum', sum, attributes, context);
  if (histograms.exactMax && max !== undefined && Number.isFinite(max)) {
    const single = { values: Float64Array.of(max), weights: Float64Array.of(1) };
    writeValues(single, 'max', kind, attributes, context);
  }
}

/** Returns false when a value is not finite. */
function writeValues(
  samples: WeightedSamples,
  suffix: string,
  kind: NumberKind,
  attributes: AttributeRecord,
  context: MetricContext,
): boolean {
  const { lines, options, scratch, sink, syntax } = context;
  const { dialect, maxLineBytes } = options;
  const { lineBytes } = dialect.limits;
  const { packed } = dialect.samples;
  const { writer } = scratch;
  if (!writer.setValues(samples.values, syntax)) return false;
  const isCopied = lines !== undefined && writer.copySeries(lines, suffix);
  if (!isCopied) writer.setSeries(context.series(attributes, suffix || undefined));
  const isWritten = writer.write(samples, kind, { sink, syntax, packed, maxLineBytes, lineBytes });
  if (!isWritten) throw new PointDropped('too_long');
  return true;
}

/** What is known of a point in other modes than samples. */
export interface Summary {
  /** Recordings of any value, infinite ones included. */
  readonly count: number;
  readonly sum: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/**
 * Counters `.count` and `.sum`, and gauges `.min`, `.max` and `.p<percentile>`, computed here: right on any server,
 * but a server cannot merge the gauges of several processes.
 *
 * @param place what precedes these suffixes: `summary` where the metric is sent as samples otherwise, because servers
 * report `.count`, `.sum` and others of a timer themselves (statsd_exporter, Vector, veneur, brubeck), and refuse or mix
 * up a second series of that name
 * @param distribution undefined where percentiles are not known
 */
export function writeSummary(
  { count, sum, min, max }: Summary,
  distribution: Distribution | undefined,
  place: SummaryPlace,
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  const suffixes = SUMMARY_SUFFIXES[place];
  counter(suffixes.count, count, attributes, context);
  if (sum !== undefined) counter(suffixes.sum, sum, attributes, context);
  if (min !== undefined) gauge(suffixes.min, min, attributes, context);
  if (max !== undefined) gauge(suffixes.max, max, attributes, context);
  if (distribution === undefined) return;
  for (const percentile of context.options.histograms.percentiles) {
    const estimate = roundToDigits(quantile(distribution, percentile / 100), ESTIMATE_DIGITS);
    const value = Math.min(Math.max(estimate, min ?? -Infinity), max ?? Infinity);
    const suffix = `p${formatNumber(percentile).replace('.', '_')}`;
    gauge(place === '' ? suffix : `${place}.${suffix}`, value, attributes, context);
  }
}

export type SummaryPlace = '' | 'summary';

const SUMMARY_SUFFIXES = {
  '': { count: 'count', sum: 'sum', min: 'min', max: 'max' },
  summary: { count: 'summary.count', sum: 'summary.sum', min: 'summary.min', max: 'summary.max' },
} as const;

/**
 * Counters `<name>.bucket` with a tag `le`, the bucket's upper bound (`inf` for the last), each with the recordings
 * in that bucket alone, and counters `.count` and `.sum`. Servers can add these up over processes and time. Empty
 * buckets send nothing.
 */
export function writeBuckets(
  { count, sum }: Summary,
  distribution: Distribution | undefined,
  boundaries: readonly number[],
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  const counts = distribution === undefined ? [] : rebin(distribution, boundaries);
  for (let index = 0; index < counts.length; index++) {
    const inBucket = counts[index]!;
    if (inBucket === 0) continue;
    const bound = boundaries[index] ?? Infinity;
    if (context.lines?.bucket('bucket', bound, inBucket)) continue;
    writeCounter(context.bucketSeries(attributes, boundText(bound)), inBucket, context);
  }
  counter('count', count, attributes, context);
  if (sum !== undefined) counter('sum', sum, attributes, context);
}

function counter(suffix: string, value: number, attributes: AttributeRecord, context: MetricContext): void {
  if (context.lines?.counter(suffix, value)) return;
  writeCounter(context.series(attributes, suffix), value, context);
}

function gauge(suffix: string, value: number, attributes: AttributeRecord, context: MetricContext): void {
  if (context.lines?.gauge(suffix, value)) return;
  writeGauge(context.series(attributes, suffix), value, context);
}
