// Samples for servers that weight a value by 1/rate: min and max as themselves, a body of equal strata
// centred on the percentiles and ever finer strata towards the top, each one sample with its size as weight.

import { adjustSum } from './adjust-sum.js';
import { CellCursor } from './cell-cursor.js';
import type { Distribution } from './distribution.js';
import { fullReplay } from './full-replay.js';
import { MovableSamples } from './movable-samples.js';
import type { WeightedSamples } from './weights.js';

/**
 * Count, sum, mean, min and max are exact.
 *
 * @param strata of the body: 100 centres them on p1…p99, 20 on p5…p95. The tail adds about 4 per decade.
 */
export function tieredSamples(distribution: Distribution, strata: number): WeightedSamples {
  const { count, sum, min, max } = distribution;
  if (count <= strata) return fullReplay(distribution);
  const pinnedMin = min === undefined ? 0 : 1;
  const pinnedMax = max === undefined ? 0 : 1;
  const cuts = strataCuts(count - pinnedMin - pinnedMax, strata, min === undefined);

  const cursor = new CellCursor(distribution, pinnedMin, pinnedMax);
  const samples = new MovableSamples(distribution, cuts.length - 1 + pinnedMin + pinnedMax, cursor);
  if (min !== undefined) samples.pin(min, 1);
  for (let stratum = 1; stratum < cuts.length; stratum++) {
    const first = cuts[stratum - 1]!;
    const end = cuts[stratum]!;
    samples.add(end - first, first, (first + end) / 2, end);
  }
  if (max !== undefined) samples.pin(max, 1);
  adjustSum(samples, sum, samples.weights);
  return { values: samples.values, weights: samples.weights };
}

/**
 * Where the tail is cut within each decade of the topmost stratum, as a part of it still above the cut: the
 * strata between are centred on 0.2 and 0.1, which for 100 strata are p99.8 and p99.9, then p99.98 and p99.99.
 */
const TAIL_CUTS = [0.35, 0.25, 0.15, 0.05];

/**
 * Strictly ascending from 0 to `count`. The highest stratum is always a single observation, as the tail goes on
 * until it is; the lowest is one where that stands for an unknown min.
 */
function strataCuts(count: number, strata: number, aloneAtBottom: boolean): number[] {
  const cuts = [0];
  let last = 0;
  const cutAt = (rank: number): void => {
    if (rank <= last || rank > count) return;
    cuts.push(rank);
    last = rank;
  };
  if (aloneAtBottom) cutAt(1);
  // Half a stratum off, so that the centres, not the cuts, lie on the percentiles.
  for (let stratum = 0; stratum < strata; stratum++) cutAt(Math.round(((stratum + 0.5) / strata) * count));
  for (let decade = 1; decade * strata < count; decade *= 10) {
    for (const part of TAIL_CUTS) cutAt(Math.round((1 - part / decade / strata) * count));
  }
  cutAt(count);
  return cuts;
}
