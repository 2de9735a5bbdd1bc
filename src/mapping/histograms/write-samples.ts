// Representative samples as lines: packed where the server takes several values in one, else a line each.

import type { MetricContext } from '../context.js';
import { type SeriesText, writeCounter } from '../lines.js';
import { formatNumber } from '../numbers.js';
import type { AttributeRecord } from '../tags.js';
import { spreadOrder } from './emission-order.js';
import { rateSection, type WeightedSamples } from './weights.js';

export function writeSamples(
  samples: WeightedSamples,
  sum: number | undefined,
  type: string,
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  const { dialect, histograms } = context.options;
  const { packed, rate } = dialect.samples;
  const series = context.series(attributes);
  if (packed) context.packed.write(samples, series, type, context);
  else writeSingly(samples, series, type, context);
  // Where the rate weighs only the count, the server's sum of sampled values is not the sum of all.
  if (rate !== 'weighted' && histograms.exactSum && sum !== undefined) {
    writeCounter(context.series(attributes, 'sum'), sum, context);
  }
}

function writeSingly(
  { values, weights }: WeightedSamples,
  { head, tail }: SeriesText,
  type: string,
  { sink }: MetricContext,
): void {
  // The order is spread out, so that a lost datagram thins the distribution instead of cutting off one end.
  for (const index of spreadOrder(values.length)) {
    const value = formatNumber(values[index]!);
    sink.write(`${head}:${value}|${type}${rateSection(weights[index]!)}${tail}\n`, 1, 'additive');
  }
}
