import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../../../src/mapping/histograms/model/distribution.js';
import { equalRanks } from '../../../../src/mapping/histograms/samples/equal-ranks.js';
import { fullReplay } from '../../../../src/mapping/histograms/samples/replay.js';
import { fromExplicitBuckets, fromExponentialBuckets } from '../../../support/metrics/distributions.js';
import { explicitPoint, exponentialPoint } from '../../../support/metrics/histogram-points.js';
import { valuesOf } from '../../../support/metrics/random-values.js';

function evenly(count: number, facts: { min?: number; max?: number; sum?: number } = {}): Distribution {
  return fromExplicitBuckets({ buckets: { boundaries: [count], counts: [count, 0] }, count, ...facts }, 1)!;
}

describe('equalRanks', () => {
  it.each([1, 5, 101])('replays %i observations as they are for 101 samples', (count) => {
    const distribution = fromExponentialBuckets(exponentialPoint(valuesOf('lognormal', count, 1)), 1)!;
    expect(equalRanks(distribution, 101)).toEqual(fullReplay(distribution));
  });

  it('spaces samples evenly from the first to the last observation', () => {
    expect(equalRanks(evenly(1001), 11)).toEqual({
      values: Float64Array.of(0.5, 100.5, 200.5, 300.5, 400.5, 500.5, 600.5, 700.5, 800.5, 900.5, 1000.5),
      weights: Float64Array.of(91, 91, 91, 91, 91, 91, 91, 91, 91, 91, 91),
    });
  });

  it('gives weights that differ by 1 at most where the count is not divisible', () => {
    expect(equalRanks(evenly(14), 4).weights).toEqual(Float64Array.of(3, 4, 3, 4));
  });

  it('begins with min and corrects the mean by the highest sample', () => {
    const { values, weights } = equalRanks(evenly(1001, { min: 0, max: 1001, sum: 1001 * 499 }), 11);
    expect(weights).toEqual(new Float64Array(11).fill(91));
    expect(Array.from(values)).toEqual([
      0, 100.5, 200.5, 300.5, 400.5, 500.5, 600.5, 700.5, 800.5, 900.5, 984.5,
    ]);
  });

  it('corrects the mean by all samples where the highest alone cannot', () => {
    const { values } = equalRanks(evenly(1001, { min: 0, max: 1001, sum: 1001 * 600 }), 11);
    expect([values[0], values.at(-1)]).toEqual([0, 1001]);
    expect(values.reduce((total, value) => total + value, 0) / 11).toBeCloseTo(600, 9);
  });

  it('lowers the highest sample to its neighbour, then all of them, where the mean is below that of the ranks', () => {
    const { values } = equalRanks(evenly(1001, { min: 0, max: 1001, sum: 1001 * 400 }), 11);
    const fraction = 4_400 / 5_405;
    expect(Array.from(values)).toEqual(
      [0, 100.5, 200.5, 300.5, 400.5, 500.5, 600.5, 700.5, 800.5, 900.5, 900.5].map((rank) =>
        expect.closeTo(rank * fraction, 3),
      ),
    );
  });

  it('keeps min and misses the mean where one low value among equal ones leaves no room for both', () => {
    const recorded = [0, ...new Array<number>(999).fill(10)];
    const { values } = equalRanks(fromExplicitBuckets(explicitPoint(recorded, [5]), 1)!, 101);
    expect(values).toEqual(Float64Array.of(0, ...new Array<number>(100).fill(10)));
  });

  it.each([{ min: 0, max: 1000 }, {}])('is the mean where there is one sample only, knowing %o', (facts) => {
    expect(equalRanks(evenly(1000, { ...facts, sum: 300_000 }), 1)).toEqual({
      values: Float64Array.of(300),
      weights: Float64Array.of(1000),
    });
  });

  it('moves a sample within the bins of all observations it stands for', () => {
    // Each sample stands for one and a half of 9, 19 and 20: the one in the middle belongs to both.
    const point = { buckets: { boundaries: [0, 10, 20], counts: [0, 1, 2, 0] }, count: 3, sum: 48 };
    const { values } = equalRanks(fromExplicitBuckets(point, 1)!, 2);
    expect((values[0]! + values[1]!) / 2).toBeCloseTo(16, 12);
    expect(values[0]).toBeGreaterThan(10);
  });

  it('returns the mean as a single sample, also below and above all boundaries', () => {
    const below = { buckets: { boundaries: [10, 20], counts: [1, 9, 0] }, count: 10, sum: -1000 };
    const above = { buckets: { boundaries: [10, 20], counts: [0, 9, 1] }, count: 10, sum: 1000 };
    expect([below, above].map((point) => equalRanks(fromExplicitBuckets(point, 1)!, 1).values)).toEqual([
      Float64Array.of(-100),
      Float64Array.of(100),
    ]);
  });

  it('returns the median as a single sample where the sum is unknown', () => {
    expect(equalRanks(evenly(1000), 1).values).toEqual(Float64Array.of(500));
  });
});
