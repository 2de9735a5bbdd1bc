// Every observation as a sample of its own: what small counts get on any server, and nothing is lost by it.

import type { Distribution } from '../model/distribution.js';
import { RankCursor } from '../model/rank-cursor.js';
import { SampleMemory } from '../sample-memory.js';
import { adjustSum } from './adjust-sum.js';
import type { WeightedSamples } from './weights.js';

/** One sample of weight 1 per observation; up to three are determined by min, max and sum alone. */
export function fullReplay(distribution: Distribution, { samples } = new SampleMemory()): WeightedSamples {
  const { count, sum, min, max } = distribution;
  samples.begin(count);
  if (min !== undefined) samples.pin(min, 1);
  const end = max === undefined ? count : count - 1;
  while (samples.length < end) {
    const observation = samples.length;
    samples.add(1, observation, observation + 0.5, observation + 1);
  }
  samples.place(distribution, new RankCursor(distribution));
  if (max !== undefined && samples.length < count) samples.pin(max, 1);
  adjustSum(samples, sum, samples.weights);
  return samples.result();
}
