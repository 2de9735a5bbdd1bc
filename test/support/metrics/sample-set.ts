// Samples of all observations of a distribution, none of which is spoken for.

import type { Distribution } from '../../../src/mapping/histograms/model/distribution.js';
import { SampleSet } from '../../../src/mapping/histograms/samples/sample-set.js';

/** What one sample stands for, as `SampleSet.add` takes it. */
export type Stratum = readonly [weight: number, first: number, rank: number, end: number];

export function placedSamples(distribution: Distribution, strata: readonly Stratum[]): SampleSet {
  const samples = new SampleSet();
  samples.reset(strata.length, distribution);
  for (const stratum of strata) samples.add(...stratum);
  return samples;
}
