import { describe, expect, it } from 'vitest';
import { fullReplay } from '../../../../src/mapping/histograms/samples/replay.js';
import { fromExplicitBuckets, fromExponentialBuckets } from '../../../support/metrics/distributions.js';
import { explicitPoint, exponentialPoint } from '../../../support/metrics/histogram-points.js';

describe('fullReplay', () => {
  it.each([
    [[7.5]],
    [[0.1, 0.35]],
    [[0.1, 0.2, 0.35]],
    [[3, 3, 3]],
    [[0, 0, 12]],
    [[1.23456789, 4.56789123, 99.99]],
  ])('is %j again', (values) => {
    const samples = { values: Float64Array.from(values), weights: new Float64Array(values.length).fill(1) };
    expect(fullReplay(fromExplicitBuckets(explicitPoint(values), 1)!)).toEqual(samples);
    expect(fullReplay(fromExponentialBuckets(exponentialPoint(values), 1)!)).toEqual(samples);
  });

  it('finds two values by their sum and buckets where min and max are unknown', () => {
    const point = { buckets: { boundaries: [10], counts: [1, 1] }, count: 2, sum: 22 };
    expect(fullReplay(fromExplicitBuckets(point, 1)!).values).toEqual(Float64Array.of(5, 17));
  });

  it('finds a single value, and the one between min and max, with all digits that the sum has', () => {
    const single = { buckets: { boundaries: [100], counts: [1, 0] }, count: 1, sum: 12.3456789012345 };
    const three = explicitPoint([0.001, 0.1234567890123, 1000]);
    expect([single, three].map((point) => [...fullReplay(fromExplicitBuckets(point, 1)!).values])).toEqual([
      [12.3456789012345],
      [0.001, expect.closeTo(0.1234567890123, 12), 1000],
    ]);
  });

  it('finds a value above the last boundary by the sum, also where four times the boundary is no number', () => {
    const point = { buckets: { boundaries: [1e308], counts: [0, 1] }, count: 1, sum: 1.5e308 };
    expect(fullReplay(fromExplicitBuckets(point, 1)!).values).toEqual(Float64Array.of(1.5e308));
  });

  it('keeps samples in order that differ by less than the rounding error of their movement', () => {
    const min = -1.755662582526967e-59;
    const facts = { min, max: 1.2272733663244319e-90, sum: min };
    const point = { buckets: { boundaries: [], counts: [6] }, count: 6, ...facts };
    const { values } = fullReplay(fromExplicitBuckets(point, 1)!);
    expect(values).toEqual(values.toSorted());
  });

  it('spaces the observations of a bucket evenly around their mean', () => {
    const point = { buckets: { boundaries: [100], counts: [5, 0] }, count: 5, min: 0, max: 100, sum: 250 };
    expect(fullReplay(fromExplicitBuckets(point, 1)!).values).toEqual(Float64Array.of(0, 30, 50, 70, 100));
  });
});
