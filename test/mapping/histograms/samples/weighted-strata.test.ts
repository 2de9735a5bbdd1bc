import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../../../src/mapping/histograms/model/distribution.js';
import { fullReplay } from '../../../../src/mapping/histograms/samples/replay.js';
import { limitedStrata, weightedStrata } from '../../../../src/mapping/histograms/samples/weighted-strata.js';
import { fromExplicitBuckets, fromExponentialBuckets } from '../../../support/metrics/distributions.js';
import { inventedDistributions } from '../../../support/metrics/histogram-arbitraries.js';
import { exponentialPoint } from '../../../support/metrics/histogram-points.js';
import { valuesOf } from '../../../support/metrics/random-values.js';

/** `count` observations evenly from 0 to `count`, so that values are ranks. */
function evenly(count: number, facts: { min?: number; max?: number; sum?: number } = {}): Distribution {
  return fromExplicitBuckets({ buckets: { boundaries: [count], counts: [count, 0] }, count, ...facts }, 1)!;
}

describe('weightedStrata', () => {
  it.each([1, 5, 100])('replays %i observations as they are for 100 strata', (count) => {
    const distribution = fromExponentialBuckets(exponentialPoint(valuesOf('lognormal', count, 1)), 1)!;
    expect(weightedStrata(distribution, 100)).toEqual(fullReplay(distribution));
  });

  it('returns min and max themselves and a body of strata centred on the percentiles', () => {
    const { values, weights } = weightedStrata(evenly(1002, { min: 0, max: 1002 }), 10);
    // The strata end at 5 %, 15 % … 95 %, then at 96.5, 97.5, 98.5, 99.5 % and so on by tenths of the rest.
    expect(Array.from(weights)).toEqual([1, 50, ...new Array(9).fill(100), 15, 10, 10, 10, 2, 1, 1, 1, 1]);
    const centres = [
      0, 25, 100, 200, 300, 400, 500, 600, 700, 800, 900, 957.5, 970, 980, 990, 996, 997.5, 998.5, 999.5,
    ];
    expect(Array.from(values, (value) => Math.round(value * 100) / 100)).toEqual([
      ...centres.map((rank) => Math.round(rank * 1.002 * 100) / 100),
      1002,
    ]);
  });

  it('gives the observation at an unknown end a sample of weight 1', () => {
    const ends = Array.from({ length: 500 }, (_, index) => {
      const { weights } = weightedStrata(evenly(50 + 7 * index), 4 + (index % 40));
      return [weights[0], weights.at(-1)];
    });
    expect(ends.filter(([lowest, highest]) => lowest !== 1 || highest !== 1)).toEqual([]);
  });

  it('centres strata on integer percentiles', () => {
    const { values, weights } = weightedStrata(evenly(100_000), 100);
    let below = 0;
    const centres = Array.from(weights, (weight) => {
      below += weight;
      return below - weight / 2;
    });
    const missing = [...Array.from({ length: 99 }, (_, index) => index + 1), 99.8, 99.9, 99.98, 99.99].filter(
      (percentile) => !centres.includes(percentile * 1000),
    );
    expect(missing).toEqual([]);
    expect(Array.from(values)).toEqual(centres.map((rank) => Number(rank.toPrecision(7))));
  });

  it('adds about four samples per tenfold count', () => {
    const lengths = [1e3, 1e4, 1e6, 1e9].map((count) => weightedStrata(evenly(count), 100).values.length);
    expect(lengths).toEqual([105, 109, 117, 129]);
  });

  it('returns just min and max for two observations in one stratum', () => {
    expect(weightedStrata(evenly(2, { min: 0.5, max: 1.5, sum: 2 }), 1)).toEqual({
      values: Float64Array.of(0.5, 1.5),
      weights: Float64Array.of(1, 1),
    });
  });
});

describe('limitedStrata', () => {
  it('returns at most as many samples as asked for, with the exact count, and min and max from three on', () => {
    fc.assert(
      fc.property(inventedDistributions, fc.integer({ min: 1, max: 300 }), (distribution, limit) => {
        const { values, weights } = limitedStrata(distribution, limit);
        expect(values.length).toBeLessThanOrEqual(limit);
        expect(weights.reduce((total, weight) => total + weight, 0)).toBe(distribution.count);
        expect(weights.every((weight) => weight >= 1)).toBe(true);
        if (limit < 3 || values.length < 2) return;
        if (distribution.min !== undefined) expect(values[0] === distribution.min).toBe(true);
        if (distribution.max !== undefined) expect(values.at(-1) === distribution.max).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('replays no more observations than the limit', () => {
    const few = evenly(10, { min: 0, max: 10, sum: 50 });
    expect([10, 11, 100].map((limit) => limitedStrata(few, limit))).toEqual(
      [1, 2, 3].map(() => ({
        values: Float64Array.from(fullReplay(few).values),
        weights: new Float64Array(10).fill(1),
      })),
    );
  });

  it('has min and max as samples of their own from three samples on', () => {
    const known = evenly(1_000, { min: 0, max: 1_000 });
    const ends = [2, 3, 4].map((limit) => {
      const { values, weights } = limitedStrata(known, limit);
      return [values[0], weights[0], values.at(-1), weights.at(-1)];
    });
    expect(ends.slice(1)).toEqual([
      [0, 1, 1_000, 1],
      [0, 1, 1_000, 1],
    ]);
    expect(ends[0]![0]).toBeGreaterThan(0);
    expect(ends[0]![2]).toBeLessThan(1_000);
  });

  it('has the lowest observation as a sample of its own where min is unknown', () => {
    expect([2, 3, 10, 30].map((limit) => limitedStrata(evenly(1_000), limit).weights[0] === 1)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('keeps the sum for any limit', () => {
    const distribution = evenly(100_000, { min: 0, max: 100_000, sum: 4e9 });
    for (const limit of [1, 2, 3, 5, 20, 101, 1000, 2000]) {
      const { values, weights } = limitedStrata(distribution, limit);
      const sum = values.reduce((total, value, index) => total + value * weights[index]!, 0);
      expect(Math.abs(sum / 4e9 - 1)).toBeLessThan(1e-9);
      expect(values.length).toBeLessThanOrEqual(limit);
    }
  });

  it('centres strata on percentiles as far as the limit allows a tail', () => {
    const { values } = limitedStrata(evenly(1_000_000), 111);
    expect(values.length).toBeGreaterThan(100);
    expect(values.at(-1)).toBeGreaterThan(999_990);
  });
});
