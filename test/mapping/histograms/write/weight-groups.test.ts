import { expect, it } from 'vitest';
import { WeightGroups } from '../../../../src/mapping/histograms/write/weight-groups.js';

function listsOf(groups: WeightGroups, weights: number[], order: number[]): [number, number[]][] {
  groups.assign(Float64Array.from(weights), Int32Array.from(order));
  groups.link(Int32Array.from(order), weights.length);
  return groups.weights.map((weight, group) => [
    weight,
    [...groups.sequence.subarray(groups.ends[group - 1] ?? 0, groups.ends[group])],
  ]);
}

it('WeightGroups lists the samples of each weight in the given order, the weight of the first sample first', () => {
  const groups = new WeightGroups();
  expect(listsOf(groups, [1, 9, 10, 9, 10, 1], [4, 3, 2, 5, 1, 0])).toEqual([
    [10, [4, 2]],
    [9, [3, 1]],
    [1, [5, 0]],
  ]);
  expect([...groups.groupAt.subarray(0, 6)]).toEqual([0, 1, 0, 2, 1, 2]);
});

it('WeightGroups groups weights that its table does not hold', () => {
  expect(
    listsOf(new WeightGroups(), [2 ** 40, 1023, 1024, 2 ** 40, 1024, 2.5, 2, 2.5], [0, 1, 2, 3, 4, 5, 6, 7]),
  ).toEqual([
    [2 ** 40, [0, 3]],
    [1023, [1]],
    [1024, [2, 4]],
    [2.5, [5, 7]],
    [2, [6]],
  ]);
});

it('WeightGroups keeps nothing of the previous samples', () => {
  const groups = new WeightGroups();
  listsOf(groups, [1, 2, 3, 4], [0, 1, 2, 3]);
  expect(listsOf(groups, [7, 2], [1, 0])).toEqual([
    [2, [1]],
    [7, [0]],
  ]);
});
