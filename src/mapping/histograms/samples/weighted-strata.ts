// Samples for servers that weight a value by 1/rate: min and max as themselves, a body of equal strata
// centred on the percentiles and ever finer strata towards the top, each one sample with its size as weight.

import type { Distribution } from '../model/distribution.js';
import { RankCursor } from '../model/rank-cursor.js';
import { SampleMemory } from '../sample-memory.js';
import { adjustSum } from './adjust-sum.js';
import { fullReplay } from './replay.js';
import type { WeightedSamples } from './weights.js';

/**
 * Count, sum, mean, min and max are exact.
 *
 * @param strata of the body: 100 centres them on p1…p99, 20 on p5…p95. The tail adds about 4 per decade.
 */
export function tieredSamples(
  distribution: Distribution,
  strata: number,
  memory = new SampleMemory(),
): WeightedSamples {
  const { count, sum, min, max } = distribution;
  if (count <= strata) return fullReplay(distribution, memory);
  const { samples, cuts } = memory;
  const pinnedMin = min === undefined ? 0 : 1;
  const pinnedMax = max === undefined ? 0 : 1;
  const ranks = count - pinnedMin - pinnedMax;
  cuts.begin(ranks, strata, min === undefined);

  samples.begin(cuts.length - 1 + pinnedMin + pinnedMax);
  if (min !== undefined) samples.pin(min, 1);
  for (let stratum = 1; stratum < cuts.length; stratum++) {
    const first = cuts.at[stratum - 1]!;
    const end = cuts.at[stratum]!;
    samples.add(end - first, first, (first + end) / 2, end);
  }
  samples.place(distribution, new RankCursor(distribution, pinnedMin, pinnedMax));
  if (max !== undefined) samples.pin(max, 1);
  adjustSum(samples, sum, samples.weights);
  return samples.result();
}
