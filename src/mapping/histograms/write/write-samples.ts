// Representative samples, and where the server cannot make their exact sum of them, a counter of it.

import { writeCounter } from '../../lines/write-line.js';
import type { MetricContext } from '../../metric-context.js';
import type { AttributeRecord } from '../../tags/tags.js';
import type { WeightedSamples } from '../samples/weights.js';

export function writeSamples(
  samples: WeightedSamples,
  sum: number | undefined,
  type: string,
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  const { dialect, histograms } = context.options;
  context.samples.lines.write(samples, context.series(attributes), type, context);
  // Where the rate weighs only the count, the server's sum of sampled values is not the sum of all.
  if (dialect.samples.rate !== 'weighted' && histograms.exactSum && sum !== undefined) {
    writeCounter(context.series(attributes, 'sum'), sum, context);
  }
}
