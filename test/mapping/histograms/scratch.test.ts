// Reused readers and scratch memory give the same results as new ones.

import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Distribution, DistributionReader } from '../../../src/mapping/histograms/model/distribution.js';

import { equalRanks } from '../../../src/mapping/histograms/samples/equal-ranks.js';
import { weightedStrata } from '../../../src/mapping/histograms/samples/weighted-strata.js';
import { HistogramScratch } from '../../../src/mapping/histograms/scratch.js';
import { plain } from '../../support/metrics/bins.js';
import { fromExplicitBuckets, fromExponentialBuckets } from '../../support/metrics/distributions.js';
import { factors, inventedDistributions } from '../../support/metrics/histogram-arbitraries.js';
import { explicitPoint, exponentialPoint } from '../../support/metrics/histogram-points.js';
import { shapes, valuesOf } from '../../support/metrics/random-values.js';

const plainly = (distribution: Distribution | undefined) => distribution && plain(distribution);

const recorded = fc
  .record({ shape: fc.constantFrom(...shapes), count: fc.integer({ min: 1, max: 400 }), seed: fc.nat() })
  .map(({ shape, count, seed }) => valuesOf(shape, count, seed));

it('a reused DistributionReader reads each point as a new one does', () => {
  const points: fc.Arbitrary<[Histogram | ExponentialHistogram, number]> = fc.tuple(
    fc.oneof(
      recorded.map((values) => explicitPoint(values)),
      // So few buckets that many points have scale and offset in common, and some are negative.
      fc.tuple(recorded, fc.constantFrom(2, 8, 160)).map(([values, size]) => exponentialPoint(values, size)),
      recorded.map((values) => exponentialPoint(values.map((value) => -value))),
    ),
    factors,
  );
  const reader = new DistributionReader();
  fc.assert(
    fc.property(fc.array(points, { minLength: 1, maxLength: 10 }), (many) => {
      for (const [point, factor] of many) {
        const [read, fresh] =
          'buckets' in point
            ? [reader.explicit(point, factor), fromExplicitBuckets(point, factor)]
            : [reader.exponential(point, factor), fromExponentialBuckets(point, factor)];
        expect(plainly(read)).toEqual(plainly(fresh));
      }
    }),
  );
});

it('samples made in reused scratch memory equal those made in new memory', () => {
  const scratch = new HistogramScratch();
  fc.assert(
    fc.property(inventedDistributions, fc.constantFrom(1, 5, 100, 700), (distribution, wanted) => {
      expect(weightedStrata(distribution, wanted, scratch)).toEqual(weightedStrata(distribution, wanted));
      expect(equalRanks(distribution, wanted, scratch)).toEqual(equalRanks(distribution, wanted));
    }),
  );
});
