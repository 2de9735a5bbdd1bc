// One histogram point as lines, in each of the three modes.

import type { NumberKind } from '../../lines/line-syntax.js';
import { writeCounter, writeGauge } from '../../lines/write-line.js';
import type { MetricContext } from '../../metric-context.js';
import { formatNumber } from '../../numbers/format-number.js';
import type { UnitScale } from '../../numbers/unit-scale.js';
import type { AttributeRecord } from '../../tags/tags.js';
import type { Distribution } from '../model/distribution.js';
import { quantile } from '../model/rank-cursor.js';
import { rebin } from '../model/rebin.js';
import type { WeightedSamples } from '../samples/weights.js';

/** Samples, and a counter of the exact sum on servers that cannot compute it from the samples. */
export function writeSamples(
  samples: WeightedSamples,
  sum: number | undefined,
  kind: NumberKind,
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  const { options, scratch, sink, syntax } = context;
  const { dialect, histograms, maxLineBytes } = options;
  const { packed, rate } = dialect.samples;
  scratch.writer.write(samples, context.series(attributes), kind, { sink, syntax, packed, maxLineBytes });
  // A server that applies the rate to the count alone adds up the samples, not the recordings.
  if (rate !== 'weighted' && histograms.exactSum && sum !== undefined) {
    writeCounter(context.series(attributes, 'sum'), sum, context);
  }
}

/**
 * Counters `.count` and `.sum`, and gauges `.min`, `.max` and `.p<percentile>`, computed here: right on any server,
 * but a server cannot merge the gauges of several processes.
 */
export function writeSummary(
  distribution: Distribution,
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  const { percentiles } = context.options.histograms;
  const { min, max } = distribution;
  const gauge = (suffix: string, value: number): void =>
    writeGauge(context.series(attributes, suffix), value, context);

  writeTotals(distribution, attributes, context);
  if (min !== undefined) gauge('min', min);
  if (max !== undefined) gauge('max', max);
  for (const percentile of percentiles) {
    gauge(`p${formatNumber(percentile).replace('.', '_')}`, quantile(distribution, percentile / 100));
  }
}

/**
 * Counters `<name>.bucket` with a tag `le`, the bucket's upper bound (`inf` for the last), each with the recordings
 * in that bucket alone, and counters `.count` and `.sum`. Servers can add these up over processes and time. Empty
 * buckets send nothing.
 */
export function writeBuckets(
  distribution: Distribution,
  boundaries: readonly number[],
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  rebin(distribution, boundaries).forEach((count, index) => {
    if (count === 0) return;
    const boundary = boundaries[index];
    const le = boundary === undefined ? 'inf' : boundaryText(boundary, context.scale);
    writeCounter(context.series({ ...attributes, le }, 'bucket'), count, context);
  });
  writeTotals(distribution, attributes, context);
}

/** 0.07 s is 70.00000000000001 ms, but no such bucket. */
function boundaryText(boundary: number, { factor }: UnitScale): string {
  return formatNumber(factor === 1 ? boundary : Number(boundary.toPrecision(15)));
}

function writeTotals(
  { count, sum }: Distribution,
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  writeCounter(context.series(attributes, 'count'), count, context);
  if (sum !== undefined) writeCounter(context.series(attributes, 'sum'), sum, context);
}
