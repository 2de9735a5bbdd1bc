// Samples for servers that compute percentiles, mean and max from the values and ignore the rate: equally spaced in
// rank, so the percentile of these few values is the percentile of all observations.

import type { Distribution } from '../model/distribution.js';
import { HistogramScratch, type SampleScratch } from '../scratch.js';
import { adjustSum } from './adjust-sum.js';
import { fullReplay } from './replay.js';
import type { SampleSet } from './sample-set.js';
import type { WeightedSamples } from './weights.js';

/**
 * Count, mean, min and percentiles are right. Max and the server's sum of the values cannot be right as well: among
 * few values an exact max would make the mean wrong.
 *
 * @param size 101 puts one sample on each of p0…p100
 */
export function equalRanks(
  distribution: Distribution,
  size: number,
  scratch: SampleScratch = new HistogramScratch(),
): WeightedSamples {
  const { count, sum, min } = distribution;
  if (count <= size) return fullReplay(distribution, scratch);
  const { samples } = scratch;
  samples.reset(size, distribution);
  // The lowest sample is min, unless it is the only one: that has to be the mean.
  if (min !== undefined && size > 1) samples.pin(min, Math.floor(count / size));
  samples.addEqualRanks(size, count);
  // The server averages the values without weights, so their mean must be the mean of all observations.
  const target = sum === undefined ? undefined : (sum / count) * size;
  if (target !== undefined) moveTop(samples, target);
  adjustSum(samples, target, samples.ones);
  return samples.result();
}

/** No percentile below p100 depends on the highest sample, so it is moved first, as far as the mean needs it. */
function moveTop(samples: SampleSet, target: number): void {
  const { values, tightLow, tightHigh, length } = samples;
  const top = length - 1;
  // The sum of all others.
  const others = samples.total;
  tightLow[top] = samples.hullLow(top);
  const lowest = Math.max(top === 0 ? -Infinity : values[top - 1]!, tightLow[top]!);
  values[top] = Math.max(lowest, Math.min(target - others, tightHigh[top]!));
}
