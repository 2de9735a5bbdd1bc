import { expect, test } from 'vitest';
import { PerSecondTotals } from '../../../src/mapping/state/per-second-totals.js';

test('counts of one series and second add up, and another second starts at zero', () => {
  const totals = new PerSecondTotals(10);
  expect([
    totals.add('a', 100, 5),
    totals.add('a', 100, 2),
    totals.add('b', 100, 1),
    totals.add('a', 101, 3),
    totals.add('a', 101, 1),
  ]).toEqual([5, 7, 1, 3, 4]);
});

test('the totals of the series last added to are kept, and those of the series longest unused are lost', () => {
  const totals = new PerSecondTotals(2);
  for (const key of ['a', 'b', 'c', 'd', 'e', 'd', 'e']) totals.add(key, 100, 1);
  expect(['d', 'e', 'a'].map((key) => totals.add(key, 100, 1))).toEqual([3, 3, 1]);
});

test('a series that is known takes no room from another', () => {
  const totals = new PerSecondTotals(2);
  for (const key of ['a', 'b', 'b']) totals.add(key, 100, 1);
  expect([totals.add('a', 100, 1), totals.add('b', 100, 1)]).toEqual([2, 3]);
});
