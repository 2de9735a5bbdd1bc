// A histogram point as one counter per bucket: what the server can add up over processes and time.

import { writeCounter } from '../../lines/write-line.js';
import type { MetricContext } from '../../metric-context.js';
import { formatNumber } from '../../numbers/format-number.js';
import type { AttributeRecord } from '../../tags/tags.js';
import type { Distribution } from '../model/distribution.js';
import { rebin } from '../model/rebin.js';

/**
 * Counters `<name>.bucket` with a tag `le`, the bucket's upper bound (`inf` for the last), each with the
 * recordings in that bucket alone; `.count` and `.sum` beside them. Empty buckets send nothing.
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
    const le = boundary === undefined ? 'inf' : formatNumber(boundary);
    writeCounter(context.series({ ...attributes, le }, 'bucket'), count, context);
  });
  const { count, sum } = distribution;
  writeCounter(context.series(attributes, 'count'), count, context);
  if (sum !== undefined) writeCounter(context.series(attributes, 'sum'), sum, context);
}
