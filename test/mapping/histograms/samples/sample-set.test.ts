import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleSet } from '../../../../src/mapping/histograms/samples/sample-set.js';
import { fromExplicitBuckets } from '../../../support/metrics/distributions.js';
import { cases } from '../../../support/metrics/histogram-arbitraries.js';
import { placedSamples } from '../../../support/metrics/sample-set.js';

const point = { buckets: { boundaries: [10, 20, 30], counts: [2, 4, 3, 1] }, count: 10 };

function boundsOf(samples: SampleSet): object[] {
  return Array.from(samples.result().values, (value, index) => ({
    value,
    weight: samples.weights[index],
    tight: [samples.tightLow[index], samples.tightHigh[index]],
    hull: [samples.hullLow(index), samples.hullHigh(index)],
  }));
}

function sumsOf({ total, roomUp, roomDown }: SampleSet): number[] {
  return [total, roomUp, roomDown];
}

describe('SampleSet', () => {
  it('bounds a sample by its own bin (tight) and by the bins of all its observations (hull)', () => {
    const distribution = fromExplicitBuckets({ ...point, min: 5, max: 35 }, 1)!;
    const samples = new SampleSet();
    samples.reset(3, distribution);
    samples.pin(5, 1);
    samples.add(6, 1, 4, 7);
    samples.add(3, 7, 9, 10);
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

  it('adds strata and equal ranks as it adds single samples, with the same sums', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 40 }), fc.boolean(), ({ distribution }, size, hasMin) => {
        const { count, min } = distribution;
        fc.pre(Number.isInteger(count) && count > size);
        const [inOneGo, singly] = [new SampleSet(), new SampleSet()];
        const pinned = hasMin && min !== undefined && size > 1;
        for (const samples of [inOneGo, singly]) {
          samples.reset(size, distribution);
          if (pinned) samples.pin(min, Math.floor(count / size));
        }
        inOneGo.addEqualRanks(size, count);
        for (let index = pinned ? 1 : 0; index < size; index++) {
          const [from, to] = [(index * count) / size, ((index + 1) * count) / size];
          const rank = (size === 1 ? 0.5 : index / (size - 1)) * (count - 1) + 0.5;
          singly.add(Math.floor(to) - Math.floor(from), Math.floor(from), rank, Math.ceil(to));
        }
        for (const samples of [inOneGo, singly]) samples.sumUp(samples.ones);
        expect([boundsOf(inOneGo), sumsOf(inOneGo)]).toEqual([boundsOf(singly), sumsOf(singly)]);

        const bounds = Float64Array.from({ length: size + 1 }, (_, index) =>
          index === size ? count : Math.floor((index * count) / size),
        );
        for (const samples of [inOneGo, singly]) samples.reset(size, distribution);
        inOneGo.addStrata(bounds, size);
        bounds.subarray(0, size).forEach((first, index) => {
          const end = bounds[index + 1]!;
          singly.add(end - first, first, (first + end) / 2, end);
        });
        for (const samples of [inOneGo, singly]) samples.sumUp(samples.weights);
        expect([boundsOf(inOneGo), sumsOf(inOneGo)]).toEqual([boundsOf(singly), sumsOf(singly)]);
      }),
    );
  });
});
