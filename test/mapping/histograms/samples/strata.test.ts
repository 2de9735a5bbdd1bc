import { expect, it } from 'vitest';
import { StrataBounds } from '../../../../src/mapping/histograms/samples/strata.js';

const cuts = new StrataBounds();

function cutsOf(count: number, strata: number, aloneAtBottom = false): number[] {
  cuts.begin(count, strata, aloneAtBottom);
  return Array.from(cuts.at.subarray(0, cuts.length));
}

it('cuts half a stratum off, then at parts of the topmost stratum, and of its own topmost part', () => {
  expect(cutsOf(1000, 4)).toEqual([0, 125, 375, 625, 875, 913, 938, 963, 988, 991, 994, 996, 999, 1000]);
});

it('leaves the lowest observation alone on demand', () => {
  expect(cutsOf(10, 2, true)).toEqual([0, 1, 3, 8, 9, 10]);
});

it('makes no empty stratum', () => {
  expect(cutsOf(3, 2)).toEqual([0, 1, 2, 3]);
});

it('has room for any number of strata', () => {
  const body = Array.from({ length: 1_000 }, (_, stratum) => 100 * stratum + 50);
  const tail = [99_965, 99_975, 99_985, 99_995, 99_997, 99_998, 99_999, 100_000];
  expect(cutsOf(100_000, 1_000)).toEqual([0, ...body, ...tail]);
});
