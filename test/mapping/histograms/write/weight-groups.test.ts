import { expect, it } from 'vitest';
import { WeightGroups } from '../../../../src/mapping/histograms/write/weight-groups.js';

function listsOf(groups: WeightGroups): [weight: number, samples: number[]][] {
  return groups.inOrder.map((group) => {
    const samples: number[] = [];
    for (let sample = groups.first(group); sample >= 0; sample = groups.next(sample)) samples.push(sample);
    return [groups.weights[group]!, samples];
  });
}

it('WeightGroups lists the samples of each weight in the given order, the weight of the first sample first', () => {
  const groups = new WeightGroups();
  groups.assign(Float64Array.of(1, 9, 10, 9, 10, 1));
  groups.link(Int32Array.of(4, 3, 2, 5, 1, 0), 6);
  expect(listsOf(groups)).toEqual([
    [10, [4, 2]],
    [9, [3, 1]],
    [1, [5, 0]],
  ]);
});

it('WeightGroups keeps nothing of the previous samples', () => {
  const groups = new WeightGroups();
  groups.assign(Float64Array.of(1, 2, 3, 4));
  groups.link(Int32Array.of(0, 1, 2, 3), 4);
  groups.assign(Float64Array.of(7, 2));
  groups.link(Int32Array.of(1, 0, 2, 3), 2);
  expect(listsOf(groups)).toEqual([
    [2, [1]],
    [7, [0]],
  ]);
});
