import { describe, expect, it } from 'vitest';
import { RankCursor } from '../../../../src/mapping/histograms/model/rank-cursor.js';
import { SampleSet } from '../../../../src/mapping/histograms/samples/sample-set.js';
import { fromExplicitBuckets } from '../../../support/metrics/distributions.js';
import { placedSamples } from '../../../support/metrics/sample-set.js';

const point = { buckets: { boundaries: [10, 20, 30], counts: [2, 4, 3, 1] }, count: 10 };

function boundsOf(samples: SampleSet): object[] {
  return Array.from(samples.result().values, (value, index) => ({
    value,
    weight: samples.weights[index],
    tight: [samples.tightLow[index], samples.tightHigh[index]],
    hull: [samples.hullLow[index], samples.hullHigh[index]],
  }));
}

describe('SampleSet', () => {
  it('bounds a sample by its own bin (tight) and by the bins of all its observations (hull)', () => {
    const distribution = fromExplicitBuckets({ ...point, min: 5, max: 35 }, 1)!;
    const samples = new SampleSet();
    samples.reset(3);
    samples.pin(5, 1);
    samples.add(6, 1, 4, 7);
    samples.add(3, 7, 9, 10);
    samples.place(distribution, new RankCursor(distribution));
    expect(boundsOf(samples)).toEqual([
      { value: 5, weight: 1, tight: [5, 5], hull: [5, 5] },
      { value: 15, weight: 6, tight: [10, 20], hull: [5, 30] },
      { value: 30, weight: 3, tight: [20, 30], hull: [20, 35] },
    ]);
  });

  it('gives samples of open bins, and the outermost ones, an infinite hull', () => {
    const samples = placedSamples(fromExplicitBuckets(point, 1)!, [
      [1, 0, 0.5, 1],
      [1, 1, 1.5, 2],
      [5, 2, 4, 7],
      [3, 7, 8.5, 10],
    ]);
    expect(boundsOf(samples)).toEqual([
      { value: 2.5, weight: 1, tight: [0, 10], hull: [-Infinity, 10] },
      { value: 7.5, weight: 1, tight: [0, 10], hull: [-Infinity, 10] },
      { value: 15, weight: 5, tight: [10, 20], hull: [10, 30] },
      { value: 20 + (10 * 2.5) / 3, weight: 3, tight: [20, 30], hull: [20, Infinity] },
    ]);
  });
});
