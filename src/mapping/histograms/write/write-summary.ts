// A histogram point as numbers computed here: right on any server, but not to be averaged or merged there.

import { writeCounter, writeGauge } from '../../lines/write-line.js';
import type { MetricContext } from '../../metric-context.js';
import { formatNumber } from '../../numbers/format-number.js';
import type { AttributeRecord } from '../../tags/tags.js';
import type { Distribution } from '../model/distribution.js';
import { quantile } from '../model/quantile.js';

export function writeSummary(
  distribution: Distribution,
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  const { histograms } = context.options;
  const { count, sum, min, max } = distribution;
  const gauge = (suffix: string, value: number): void =>
    writeGauge(context.series(attributes, suffix), value, context);

  writeCounter(context.series(attributes, 'count'), count, context);
  if (sum !== undefined) writeCounter(context.series(attributes, 'sum'), sum, context);
  if (min !== undefined) gauge('min', min);
  if (max !== undefined) gauge('max', max);
  for (const percentile of histograms.percentiles) {
    gauge(`p${formatNumber(percentile).replace('.', '_')}`, quantile(distribution, percentile / 100));
  }
}
