// Which samples stand for a distribution, given how the server reads them and what the user asked for.

import type { SampleRules } from '../../dialects/dialect.js';
import type { HistogramRules } from '../../options.js';
import type { SummaryReason } from '../../report.js';
import type { Distribution } from '../model/distribution.js';
import type { SampleScratch } from '../scratch.js';
import { equalRanks } from './equal-ranks.js';
import { limitedStrata, weightedStrata } from './weighted-strata.js';
import { mergeEqualValues, splitWeight, type WeightedSamples } from './weights.js';

/**
 * Values sent for one data point at most. A summary says more per byte than more values do. A small `maxWeight` leads
 * beyond it: 200,000 recordings are 2000 values on netdata.
 */
export const MAX_VALUES = 2_000;

/**
 * Samples computed at most. Samples of equal value become one, so more may be computed than are sent; a `sampleWeight`
 * of 1 asks for as many as there are recordings.
 */
const MAX_COMPUTED = 10 * MAX_VALUES;

/** Returns the reason for a summary where this server cannot take samples of the distribution. */
export function chooseSamples(
  distribution: Distribution,
  { rate, maxWeight, maxCount = Infinity, negative, perPoint }: SampleRules,
  { maxSamples, sampleWeight }: Pick<HistogramRules, 'maxSamples' | 'sampleWeight'>,
  scratch?: SampleScratch,
): WeightedSamples | SummaryReason {
  if (distribution.count > maxCount) return 'too_many_recordings';
  const wanted =
    sampleWeight === undefined ? (maxSamples ?? perPoint) : samplesOfWeight(distribution, sampleWeight);
  if (wanted > (rate === 'weighted' ? MAX_COMPUTED : MAX_VALUES)) return 'too_many_samples';
  let samples: WeightedSamples | undefined;
  if (rate === 'weighted') {
    const isLimit = sampleWeight === undefined && maxSamples !== undefined;
    const strata = isLimit ? limitedStrata : weightedStrata;
    samples = repeatHeavy(mergeEqualValues(strata(distribution, wanted, scratch)), maxWeight);
  } else {
    samples = equalRanks(distribution, wanted, scratch);
  }
  if (samples === undefined) return 'too_many_samples';
  return !negative && samples.values[0]! < 0 ? 'negative_values' : samples;
}

/**
 * The number of samples that gives each the same weight, whatever the process that sends them: servers that ignore
 * weights in percentiles then merge series of several processes correctly. Fewer than two such samples become one.
 */
function samplesOfWeight({ count }: Distribution, sampleWeight: number): number {
  return count < 2 * sampleWeight ? 1 : Math.round(count / sampleWeight);
}

/** Repeats a value whose weight is more than the server accepts, and shares its weight among the copies. */
function repeatHeavy(samples: WeightedSamples, maxWeight: number): WeightedSamples | undefined {
  let length = 0;
  for (let index = 0; index < samples.weights.length; index++) {
    const weight = samples.weights[index]!;
    length += weight > maxWeight ? Math.ceil(weight / maxWeight) : 1;
  }
  if (length > MAX_VALUES) return undefined;
  if (length === samples.values.length) return samples;
  const values = new Float64Array(length);
  const weights = new Float64Array(length);
  let filled = 0;
  samples.values.forEach((value, index) => {
    for (const part of splitWeight(samples.weights[index]!, maxWeight)) {
      values[filled] = value;
      weights[filled] = part;
      filled += 1;
    }
  });
  return { values, weights };
}
