import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../src/mapping/histograms/model/distribution.js';
import { rebin } from '../../src/mapping/histograms/model/rebin.js';
import { equalRanks } from '../../src/mapping/histograms/samples/equal-ranks.js';
import { fullReplay } from '../../src/mapping/histograms/samples/replay.js';
import { weightedStrata } from '../../src/mapping/histograms/samples/weighted-strata.js';
import {
  mergeEqualValues,
  sampleRate,
  type WeightedSamples,
} from '../../src/mapping/histograms/samples/weights.js';
import { fromExplicitBuckets } from '../support/metrics/distributions.js';
import {
  boundaries,
  cases,
  explicitCase,
  exponentialCase,
  factors,
  inventedDistributions,
  positiveValues,
  withheld,
  withhold,
  withoutTiny,
} from '../support/metrics/histogram-arbitraries.js';
import { explicitPoint, exponentialPoint, sdkPoints } from '../support/metrics/histogram-points.js';

type Profile = 'replay' | 'weighted strata' | 'equal ranks';
interface Choice {
  readonly profile: Profile;
  readonly size: number;
}

const choices: fc.Arbitrary<Choice> = fc.record({
  profile: fc.constantFrom<Profile>('replay', 'weighted strata', 'equal ranks'),
  size: fc.oneof(fc.constantFrom(20, 100, 101, 200), fc.integer({ min: 1, max: 300 })),
});

function take(distribution: Distribution, { profile, size }: Choice): WeightedSamples {
  if (profile === 'replay') return fullReplay(distribution);
  return profile === 'weighted strata' ? weightedStrata(distribution, size) : equalRanks(distribution, size);
}

function totalOf(array: Iterable<number>): number {
  let total = 0;
  for (const value of array) total += value;
  return total;
}

function weightedSum(
  { values, weights }: WeightedSamples,
  weigh: (value: number) => number = (v) => v,
): number {
  return totalOf(values.map((value, index) => weigh(value) * weights[index]!));
}

function expectWholeWeights({ weights }: WeightedSamples, count: number): void {
  expect(weights.every((weight) => Number.isInteger(weight) && weight >= 1)).toBe(true);
  const onServer = Array.from(weights, (weight) => 1 / sampleRate(weight));
  expect([weights, onServer.map(Math.trunc), onServer.map(Math.round)].map(totalOf)).toEqual([
    count,
    count,
    count,
  ]);
}

function expectOrderedWithin({ values }: WeightedSamples, low: number, high: number): void {
  expect(values.every((value) => Number.isFinite(value) && value >= low && value <= high)).toBe(true);
  expect(values.every((value, index) => index === 0 || value >= values[index - 1]!)).toBe(true);
}

/** A value in a bucket reaching from -50 to 1000 is computed from those, so it is only as exact as they are. */
function roundingOf({ bins, count }: Distribution): number {
  return 1e-14 * count * Math.max(Math.abs(bins.lo[0]!), Math.abs(bins.hi[bins.length - 1]!));
}

function lowestMean(recorded: readonly number[], count: number): number {
  return totalOf(recorded.slice(0, count)) / count;
}

/** The observations that sample `index` stands for, numbered in ascending order, both ends included. */
function stratumOf(samples: WeightedSamples, index: number, count: number, choice: Choice): [number, number] {
  const size = samples.values.length;
  if (choice.profile === 'equal ranks' && count > choice.size) {
    return [Math.floor((index * count) / size), Math.ceil(((index + 1) * count) / size) - 1];
  }
  const before = totalOf(samples.weights.subarray(0, index));
  return [before, before + samples.weights[index]! - 1];
}

const anyDistribution = fc.oneof(
  cases.map((it) => it.distribution),
  inventedDistributions,
);

describe('samples of any histogram point', () => {
  it('have integer weights that add up to the count, also as servers compute them from the rate', () => {
    fc.assert(
      fc.property(anyDistribution, choices, (distribution, choice) => {
        expectWholeWeights(take(distribution, choice), distribution.count);
      }),
    );
  });

  it('are finite, ascending and within min and max, also for contradictory points', () => {
    fc.assert(
      fc.property(anyDistribution, choices, (distribution, choice) => {
        const { floor, ceiling } = distribution;
        expectOrderedWithin(take(distribution, choice), floor, ceiling);
      }),
    );
  });

  it('are deterministic and leave the distribution unchanged', () => {
    fc.assert(
      fc.property(cases, choices, choices, ({ distribution }, choice, between) => {
        const before = structuredClone(distribution);
        const first = take(distribution, choice);
        take(distribution, between);
        expect({ distribution, samples: take(distribution, choice) }).toEqual({
          distribution: before,
          samples: first,
        });
      }),
    );
  });

  it('keep count and sum when equal values are merged', () => {
    fc.assert(
      fc.property(cases, ({ distribution }) => {
        const samples = weightedStrata(distribution, 100);
        const merged = mergeEqualValues(samples);
        expectWholeWeights(merged, distribution.count);
        expect(new Set(merged.values).size).toBe(merged.values.length);
        const tolerance = 1e-12 * weightedSum(samples, Math.abs);
        expect(Math.abs(weightedSum(merged) - weightedSum(samples))).toBeLessThanOrEqual(tolerance);
      }),
    );
  });
});

describe('samples of what an aggregator recorded', () => {
  it('begin with min and end with max', () => {
    fc.assert(
      fc.property(cases, choices, ({ distribution, recorded }, choice) => {
        fc.pre(distribution.min !== undefined && (choice.profile !== 'equal ranks' || choice.size > 1));
        const { values } = take(distribution, choice);
        const replayed = choice.profile !== 'equal ranks' || recorded.length <= choice.size;
        expect([values[0], replayed ? values.at(-1) : recorded.at(-1)]).toEqual([
          recorded[0],
          recorded.at(-1),
        ]);
      }),
    );
  });

  it('have the recorded sum on servers that weight it', () => {
    fc.assert(
      fc.property(
        cases,
        choices.filter(({ profile }) => profile !== 'equal ranks'),
        ({ distribution }, choice) => {
          fc.pre(distribution.sum !== undefined);
          const samples = take(distribution, choice);
          const tolerance = 1e-9 * weightedSum(samples, Math.abs) + roundingOf(distribution);
          expect(Math.abs(weightedSum(samples) - distribution.sum!)).toBeLessThanOrEqual(tolerance);
        },
      ),
    );
  });

  it('have the recorded mean on servers that ignore weights, as far as min leaves room for it', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 300 }), ({ distribution, recorded }, size) => {
        fc.pre(distribution.sum !== undefined);
        const { values } = equalRanks(distribution, size);
        const tolerance =
          1e-9 * (totalOf(values.map(Math.abs)) / values.length) +
          roundingOf(distribution) / distribution.count;
        const error = totalOf(values) / values.length - distribution.sum! / distribution.count;
        // The lowest sample is min, though it stands for the lowest `size`-th part of the observations.
        const given =
          distribution.min === undefined || size === 1
            ? 0
            : lowestMean(recorded, Math.ceil(recorded.length / size)) - recorded[0]!;
        expect(error).toBeLessThanOrEqual(tolerance);
        expect(error).toBeGreaterThanOrEqual(-tolerance - (recorded.length <= size ? 0 : given / size));
      }),
    );
  });

  it('lie between the buckets of the first and the last observation that each represents', () => {
    fc.assert(
      fc.property(cases, choices, ({ distribution, recorded, bucketOf }, choice) => {
        const samples = take(distribution, choice);
        const outside = Array.from(samples.values, (value, index) => {
          const [first, last] = stratumOf(samples, index, recorded.length, choice);
          const [low] = bucketOf(recorded[first]!);
          const [, high] = bucketOf(recorded[last]!);
          return { value, low, high };
        }).filter(({ value, low, high }) => value < low || value > high);
        expect(outside).toEqual([]);
      }),
    );
  });

  it('are the recorded values themselves for up to three recordings', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 3 })
          .map(withoutTiny),
        fc.boolean(),
        fc.constantFrom<Profile>('replay', 'weighted strata', 'equal ranks'),
        (values, exponential, profile) => {
          const { distribution, recorded } = exponential
            ? exponentialCase(values, exponentialPoint(values), 1)
            : explicitCase(values, explicitPoint(values), 1);
          const samples = take(distribution, { profile, size: 100 });
          expect(samples.weights).toEqual(new Float64Array(values.length).fill(1));
          const ulps = 4 * Number.EPSILON * recorded.at(-1)!;
          const wrong = recorded.filter(
            (value, index) => !(Math.abs(samples.values[index]! - value) <= ulps),
          );
          expect(wrong).toEqual([]);
        },
      ),
    );
  });

  it('have these properties for points of the SDK as for points of the model', async () => {
    await fc.assert(
      fc.asyncProperty(positiveValues, factors, choices, async (values, factor, choice) => {
        const { explicit, exponential } = await sdkPoints(values);
        for (const { distribution, recorded, bucketOf } of [
          explicitCase(values, explicit, factor),
          exponentialCase(values, exponential, factor),
        ]) {
          const samples = take(distribution, choice);
          expectWholeWeights(samples, values.length);
          expectOrderedWithin(samples, recorded[0]!, recorded.at(-1)!);
          for (const [index, value] of samples.values.entries()) {
            const [first, last] = stratumOf(samples, index, recorded.length, choice);
            expect(value).toBeGreaterThanOrEqual(bucketOf(recorded[first]!)[0]);
            expect(value).toBeLessThanOrEqual(bucketOf(recorded[last]!)[1]);
          }
          if (choice.profile === 'equal ranks') continue;
          const tolerance = 1e-9 * weightedSum(samples, Math.abs);
          expect(Math.abs(weightedSum(samples) - distribution.sum!)).toBeLessThanOrEqual(tolerance);
        }
      }),
      // Each run sets up two MeterProviders.
      { numRuns: 40 },
    );
  });
});

describe('counts in fixed buckets', () => {
  it('are never negative and add up to the count', () => {
    fc.assert(
      fc.property(anyDistribution, boundaries, (distribution, bounds) => {
        const counts = rebin(distribution, bounds);
        expect(counts.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
        expect({ buckets: counts.length, total: totalOf(counts) }).toEqual({
          buckets: bounds.length + 1,
          total: distribution.count,
        });
      }),
    );
  });

  it('are the point’s own counts at its own boundaries', () => {
    fc.assert(
      fc.property(positiveValues, boundaries, withheld, (values, bounds, missing) => {
        const point = withhold(explicitPoint(values, bounds), missing);
        expect(rebin(fromExplicitBuckets(point, 1)!, bounds)).toEqual(point.buckets.counts);
      }),
    );
  });

  it('differ from the true count below a boundary by at most the count of one bucket', () => {
    fc.assert(
      fc.property(cases, boundaries, ({ distribution, recorded, bucketOf }, bounds) => {
        const counts = rebin(distribution, bounds);
        let below = 0;
        const wrong = bounds.filter((bound, index) => {
          below += counts[index]!;
          const surely = recorded.filter((value) => bucketOf(value)[1] <= bound).length;
          const possibly = recorded.filter((value) => bucketOf(value)[0] <= bound).length;
          return below < surely || below > possibly;
        });
        expect(wrong).toEqual([]);
      }),
    );
  });
});
