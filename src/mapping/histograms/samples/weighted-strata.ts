// Samples for servers that weight a value by 1/rate: min and max themselves, and between them one sample per stratum,
// in its middle, with its size as weight.

import type { Distribution } from '../model/distribution.js';
import { HistogramScratch, type SampleScratch } from '../scratch.js';
import { adjustSum } from './adjust-sum.js';
import { fullReplay } from './replay.js';
import type { WeightedSamples } from './weights.js';

/**
 * Count, sum, mean, min and max are exact.
 *
 * @param body strata of the body: 100 centre them on p1…p99, 20 on p5…p95. The tail adds about 4 per decade.
 */
export function weightedStrata(
  distribution: Distribution,
  body: number,
  scratch: SampleScratch = new HistogramScratch(),
): WeightedSamples {
  const { count, min, max } = distribution;
  if (count <= body) return fullReplay(distribution, scratch);
  const pinned = (min === undefined ? 0 : 1) + (max === undefined ? 0 : 1);
  scratch.strata.divide(count - pinned, body, min === undefined);
  return sampleStrata(distribution, min, max, scratch);
}

/**
 * The same with at most `limit` samples in all. With fewer than three, min and max are not exact: as samples of their
 * own they would leave none for what lies between.
 */
export function limitedStrata(
  distribution: Distribution,
  limit: number,
  scratch: SampleScratch = new HistogramScratch(),
): WeightedSamples {
  const { count } = distribution;
  if (count <= limit) return fullReplay(distribution, scratch);
  const { min, max } = limit < 3 ? { min: undefined, max: undefined } : distribution;
  const pinned = (min === undefined ? 0 : 1) + (max === undefined ? 0 : 1);
  scratch.strata.divideInto(limit - pinned, count - pinned, min === undefined);
  return sampleStrata(distribution, min, max, scratch);
}

function sampleStrata(
  distribution: Distribution,
  min: number | undefined,
  max: number | undefined,
  { samples, strata }: SampleScratch,
): WeightedSamples {
  samples.reset(strata.length + 1, distribution, min === undefined ? 0 : 1, max === undefined ? 0 : 1);
  if (min !== undefined) samples.pin(min, 1);
  samples.addStrata(strata.bounds, strata.length - 1);
  if (max !== undefined) samples.pin(max, 1);
  adjustSum(samples, distribution.sum, samples.weights);
  return samples.result();
}
