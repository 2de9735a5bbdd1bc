// Which samples stand for a distribution, given what the server makes of them and what the user asked for.

import type { SampleRules } from '../../dialects/dialect.js';
import type { HistogramRules } from '../../options.js';
import type { Distribution } from '../model/distribution.js';
import type { SampleMemory } from '../sample-memory.js';
import { uniformSamples } from './equal-ranks.js';
import { tieredSamples } from './weighted-strata.js';
import { mergeEqualValues, splitWeight, type WeightedSamples } from './weights.js';

/**
 * Values in one data point beyond which a summary says more per byte, and which a server with a small
 * `maxWeight` would otherwise be sent: 200,000 recordings are 2000 values on netdata.
 */
export const MAX_VALUES = 2_000;

/**
 * Samples of equal value become one, so that more may be made than are sent, but not without end: a `sampleWeight` of 1
 * asks for as many as there are recordings.
 */
const MAX_MADE = 10 * MAX_VALUES;

/** Undefined when it would take more than `MAX_VALUES` values. */
export function chooseSamples(
  distribution: Distribution,
  { rate, maxWeight, perPoint }: SampleRules,
  { maxSamples, sampleWeight }: Pick<HistogramRules, 'maxSamples' | 'sampleWeight'>,
  memory?: SampleMemory,
): WeightedSamples | undefined {
  const wanted =
    sampleWeight === undefined ? (maxSamples ?? perPoint) : samplesOfWeight(distribution, sampleWeight);
  if (rate !== 'weighted') {
    return wanted > MAX_VALUES ? undefined : uniformSamples(distribution, wanted, memory);
  }
  if (wanted > MAX_MADE) return undefined;
  const samples = mergeEqualValues(tieredSamples(distribution, wanted, memory));
  return repeatHeavy(samples, maxWeight);
}

/**
 * The same weight for every sample of every client: on servers that do not weight percentiles, series that
 * several clients share then merge rightly. Fewer than two such samples are one.
 */
function samplesOfWeight({ count }: Distribution, sampleWeight: number): number {
  return count < 2 * sampleWeight ? 1 : Math.round(count / sampleWeight);
}

/** A value heavier than the server can take is sent several times, with its weight shared out. */
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
