// One sample per observation, for small counts on any server.

import type { Distribution } from '../model/distribution.js';
import { HistogramScratch, type SampleScratch } from '../scratch.js';
import { adjustSum } from './adjust-sum.js';
import type { WeightedSamples } from './weights.js';

/** Every sample has weight 1. Up to three observations are determined exactly by min, max and sum. */
export function fullReplay(
  distribution: Distribution,
  { samples }: SampleScratch = new HistogramScratch(),
): WeightedSamples {
  const { count, sum, min, max } = distribution;
  samples.reset(count, distribution);
  if (min !== undefined) samples.pin(min, 1);
  const end = max === undefined ? count : count - 1;
  while (samples.length < end) {
    const observation = samples.length;
    samples.add(1, observation, observation + 0.5, observation + 1);
  }
  if (max !== undefined && samples.length < count) samples.pin(max, 1);
  adjustSum(samples, sum, samples.weights);
  return samples.result();
}
