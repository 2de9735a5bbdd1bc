import { expect, it } from 'vitest';
import { StrataBounds } from '../../../../src/mapping/histograms/samples/strata.js';

const strata = new StrataBounds();

function boundsOf(count: number, wanted: number, singleAtBottom = false): number[] {
  strata.divide(count, wanted, singleAtBottom);
  return Array.from(strata.bounds.subarray(0, strata.length));
}

it('StrataBounds shifts the body by half a stratum and divides the topmost one, and the topmost part of that again', () => {
  expect(boundsOf(1000, 4)).toEqual([0, 125, 375, 625, 875, 913, 938, 963, 988, 991, 994, 996, 999, 1000]);
});

it('StrataBounds makes the lowest observation a stratum of its own on request', () => {
  expect(boundsOf(10, 2, true)).toEqual([0, 1, 3, 8, 9, 10]);
});

it('StrataBounds makes no empty stratum', () => {
  expect(boundsOf(3, 2)).toEqual([0, 1, 2, 3]);
});

it('StrataBounds has room for any number of strata', () => {
  const body = Array.from({ length: 1_000 }, (_, stratum) => 100 * stratum + 50);
  const tail = [99_965, 99_975, 99_985, 99_995, 99_997, 99_998, 99_999, 100_000];
  expect(boundsOf(100_000, 1_000)).toEqual([0, ...body, ...tail]);
});

it('StrataBounds divides no observations into no strata', () => {
  expect([boundsOf(0, 4), boundsOf(0, 4, true)]).toEqual([[0], [0]]);
});

it('StrataBounds leaves all observations in one stratum where the body has none', () => {
  expect(boundsOf(10, 0)).toEqual([0, 10]);
});
