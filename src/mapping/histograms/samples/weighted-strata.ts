// Samples for servers that weight a value by 1/rate: min and max themselves, and between them one sample per stratum,
// in its middle, with its size as weight.

import type { Distribution } from '../model/distribution.js';
import { RankCursor } from '../model/rank-cursor.js';
import { HistogramScratch, type SampleScratch } from '../scratch.js';
import { adjustSum } from './adjust-sum.js';
import { fullReplay } from './replay.js';
import type { WeightedSamples } from './weights.js';

/**
 * Count, sum, mean, min and max are exact.
 *
 * @param wanted strata of the body: 100 centres them on p1…p99, 20 on p5…p95. The tail adds about 4 per decade.
 */
export function weightedStrata(
  distribution: Distribution,
  wanted: number,
  scratch: SampleScratch = new HistogramScratch(),
): WeightedSamples {
  const { count, sum, min, max } = distribution;
  if (count <= wanted) return fullReplay(distribution, scratch);
  const { samples, strata } = scratch;
  const pinnedMin = min === undefined ? 0 : 1;
  const pinnedMax = max === undefined ? 0 : 1;
  const ranks = count - pinnedMin - pinnedMax;
  strata.divide(ranks, wanted, min === undefined);

  samples.reset(strata.length - 1 + pinnedMin + pinnedMax);
  if (min !== undefined) samples.pin(min, 1);
  for (let stratum = 1; stratum < strata.length; stratum++) {
    const first = strata.bounds[stratum - 1]!;
    const end = strata.bounds[stratum]!;
    samples.add(end - first, first, (first + end) / 2, end);
  }
  samples.place(distribution, new RankCursor(distribution, pinnedMin, pinnedMax));
  if (max !== undefined) samples.pin(max, 1);
  adjustSum(samples, sum, samples.weights);
  return samples.result();
}
