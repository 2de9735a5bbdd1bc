// What property tests of histograms draw: points that an aggregator made of known values, with what is known
// about those values, and points that no aggregator makes.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import type { Distribution } from '../../../src/mapping/histograms/model/distribution.js';
import { unitScale } from '../../../src/mapping/numbers/unit-scale.js';
import { fromExplicitBuckets, fromExponentialBuckets } from './distributions.js';
import { DEFAULT_EXPLICIT_BOUNDARIES, explicitPoint, exponentialPoint } from './histogram-points.js';
import { seededRandom, shapes, valuesOf } from './random-values.js';

/** Values as an instrument records them: from one to three thousand, of any magnitude and in any mixture. */
export const positiveValues: fc.Arbitrary<number[]> = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 300 }),
  fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 300 }).map(withoutTiny),
  fc
    .record({ shape: fc.constantFrom(...shapes), count: fc.integer({ min: 1, max: 3000 }), seed: fc.nat() })
    .map(({ shape, count, seed }) => valuesOf(shape, count, seed)),
);

const signedValues: fc.Arbitrary<number[]> = fc.oneof(
  positiveValues,
  fc.record({ values: positiveValues, seed: fc.nat() }).map(({ values, seed }) => {
    const random = seededRandom(seed);
    return values.map((value) => (random() < 0.5 ? 0 - value : value));
  }),
);

export function withoutTiny(values: readonly number[]): number[] {
  return values.map((value) => (value < 1e-100 ? 0 : value));
}

export const boundaries: fc.Arbitrary<number[]> = fc.oneof(
  fc.constantFrom<number[]>([...DEFAULT_EXPLICIT_BOUNDARIES], [], [0]),
  fc
    .uniqueArray(fc.integer({ min: -50, max: 2000 }), { minLength: 1, maxLength: 20 })
    .map((bounds) => bounds.sort((a, b) => a - b)),
);

/** What a view may leave out of a point. */
export const withheld = fc.record({ extremes: fc.boolean(), sum: fc.boolean() });
export const factors = fc.constantFrom(1, 1000, 1e-3, 1e-6, 6e4);

export interface Case {
  /** Ascending and already converted: what the distribution stands for. */
  readonly recorded: readonly number[];
  readonly distribution: Distribution;
  /** Every real value of the bucket that a recorded value falls into is within these. */
  readonly bucketOf: (value: number) => readonly [low: number, high: number];
}

export function withhold<P extends Histogram | ExponentialHistogram>(
  point: P,
  { extremes, sum }: { extremes: boolean; sum: boolean },
): P {
  const { min: _min, max: _max, ...withoutExtremes } = point;
  const kept = extremes ? withoutExtremes : point;
  const { sum: _sum, ...withoutSum } = kept;
  return (sum ? withoutSum : kept) as P;
}

export function explicitCase(values: readonly number[], point: Histogram, factor: number): Case {
  const bounds = point.buckets.boundaries;
  return {
    recorded: converted(values, factor),
    distribution: fromExplicitBuckets(point, factor)!,
    bucketOf: (value) => {
      const scaled = bounds.map((bound) => convert(bound, factor));
      const above = scaled.findIndex((bound) => value <= bound);
      const upper = above < 0 ? scaled.length : above;
      return [scaled[upper - 1] ?? -Infinity, scaled[upper] ?? Infinity];
    },
  };
}

export function exponentialCase(
  values: readonly number[],
  point: ExponentialHistogram,
  factor: number,
): Case {
  const base = 2 ** (2 ** -point.scale) * (1 + 1e-9);
  return {
    recorded: converted(values, factor),
    distribution: fromExponentialBuckets(point, factor)!,
    bucketOf: (value) => [Math.min(value / base, value * base), Math.max(value / base, value * base)],
  };
}

function convert(value: number, factor: number): number {
  return unitScale(factor).of(value);
}

function converted(values: readonly number[], factor: number): number[] {
  return values.map((value) => convert(value, factor)).sort((a, b) => a - b);
}

export const cases: fc.Arbitrary<Case> = fc.oneof(
  fc
    .record({ values: signedValues, bounds: boundaries, missing: withheld, factor: factors })
    .map(({ values, bounds, missing, factor }) =>
      explicitCase(values, withhold(explicitPoint(values, bounds), missing), factor),
    ),
  fc
    .record({
      values: signedValues,
      maxSize: fc.integer({ min: 2, max: 160 }),
      missing: withheld,
      factor: factors,
    })
    .map(({ values, maxSize, missing, factor }) =>
      exponentialCase(values, withhold(exponentialPoint(values, maxSize), missing), factor),
    ),
);

/** Buckets that no aggregator makes: contradictory extremes, sums and counts, runs of zeros, any scale and offset. */
export const inventedDistributions: fc.Arbitrary<Distribution> = fc
  .oneof(
    fc
      .record({
        bounds: boundaries,
        counts: fc.array(fc.nat(200), { minLength: 21, maxLength: 21 }),
        facts: inventedFacts(),
      })
      .map(({ bounds, counts, facts }) =>
        fromExplicitBuckets(
          { buckets: { boundaries: bounds, counts: counts.slice(0, bounds.length + 1) }, ...facts },
          1,
        ),
      ),
    fc
      .record({
        scale: fc.integer({ min: -12, max: 20 }),
        positive: inventedBuckets(),
        negative: inventedBuckets(),
        zeroCount: fc.nat(50),
        facts: inventedFacts(),
      })
      .map(({ facts, ...buckets }) => fromExponentialBuckets({ ...buckets, ...facts }, 1)),
  )
  .filter((distribution) => distribution !== undefined);

function inventedFacts(): fc.Arbitrary<{ count: number; sum: number; min: number; max: number }> {
  const fact = fc.oneof(
    fc.constantFrom(undefined as unknown as number, Number.NaN, Infinity, -Infinity, 0, -0),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  );
  return fc.record({ count: fc.integer({ min: 1, max: 5000 }), sum: fact, min: fact, max: fact });
}

function inventedBuckets(): fc.Arbitrary<ExponentialHistogram['positive']> {
  return fc.record({
    offset: fc.oneof(fc.integer({ min: -200, max: 200 }), fc.integer({ min: -3_000_000, max: 3_000_000 })),
    bucketCounts: fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(300)), {
      maxLength: 160,
    }),
  });
}
