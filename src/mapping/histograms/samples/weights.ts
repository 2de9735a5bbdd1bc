// Weights of samples that stand for several observations: as sample rates, split, and merged.

/** Ascending by value. Weights are integers of at least 1 and add up to the number of observations. */
export interface WeightedSamples {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/**
 * A sample rate r from which every server gets exactly `weight`, be it by trunc(1/r), by round(1/r) or by 1/r itself.
 * The nearest double to 1/weight fails with trunc for 93, 99, 105 and 8 % of all weights below a million. At most two
 * doubles further down none does, and 1/r stays within an ulp of `weight`.
 */
export function sampleRate(weight: number): number {
  let rate = 1 / weight;
  while (1 / rate < weight) rate *= NEXT_DOUBLE_DOWN;
  return rate;
}

/** A normal double times this rounds to the next lower double. */
const NEXT_DOUBLE_DOWN = 1 - 2 ** -53;

/** Splits a weight into as few and as equal parts as possible, each at most `maxWeight`. */
export function splitWeight(weight: number, maxWeight: number): number[] {
  const parts = Math.max(1, Math.ceil(weight / maxWeight));
  const smaller = Math.floor(weight / parts);
  const larger = weight - smaller * parts;
  return Array.from({ length: parts }, (_, part) => (part < larger ? smaller + 1 : smaller));
}

/**
 * One sample per distinct value. Only for servers that weight percentiles by the rate: others derive percentiles from
 * the number of samples.
 */
export function mergeEqualValues(samples: WeightedSamples): WeightedSamples {
  if (areDistinct(samples)) return samples;
  const { values, weights } = samples;
  const mergedValues = new Float64Array(values.length);
  const mergedWeights = new Float64Array(values.length);
  let length = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (length === 0 || value !== mergedValues[length - 1]) mergedValues[length++] = value;
    mergedWeights[length - 1]! += weights[index]!;
  }
  return { values: mergedValues.subarray(0, length), weights: mergedWeights.subarray(0, length) };
}

function areDistinct({ values }: WeightedSamples): boolean {
  for (let index = 1; index < values.length; index++) {
    if (values[index] === values[index - 1]) return false;
  }
  return true;
}
