import { expect, it } from 'vitest';
import { BucketBoundsCache } from '../../../../src/mapping/histograms/model/bucket-bounds-cache.js';
import { unitScale } from '../../../../src/mapping/numbers/unit-scale.js';

type Asked = [scale: number, offset: number, buckets: number, factor: number];

function boundsOf(cache: BucketBoundsCache, [scale, offset, buckets, factor]: Asked) {
  const { bounds, logWidths } = cache.of(scale, offset, buckets, unitScale(factor));
  return { bounds: [...bounds.subarray(0, buckets + 1)], logWidths: [...logWidths.subarray(0, buckets)] };
}

it('BucketBoundsCache gives the bounds of buckets whose logarithms are equally wide', () => {
  expect(boundsOf(new BucketBoundsCache(), [0, 1, 4, 1])).toEqual({
    bounds: [2, 4, 8, 16, 32],
    logWidths: new Array(4).fill(Math.log(2)),
  });
});

it('BucketBoundsCache gives bounds in the unit of the lines', () => {
  expect(boundsOf(new BucketBoundsCache(), [0, -1, 2, 1000]).bounds).toEqual([500, 1000, 2000]);
});

it('BucketBoundsCache gives a bucket that begins at 0 no width as a logarithm', () => {
  expect(boundsOf(new BucketBoundsCache(), [0, -1024, 3, 1])).toEqual({
    bounds: [0, 0, 2 ** -1022, 2 ** -1021],
    logWidths: [0, 0, Math.log(2)],
  });
});

it('BucketBoundsCache gives the bounds asked for, whatever was asked before', () => {
  // These pairs of scale and offset have the same place in the cache.
  const pairs = [
    [0, 0],
    [0, 128],
    [1, -41],
    [1, 87],
    [-64, 0],
    [64, 0],
  ] as const;
  const asked = [1, 1000].flatMap((factor) =>
    pairs.flatMap(([scale, offset]) => [5, 3].map((buckets): Asked => [scale, offset, buckets, factor])),
  );
  const cache = new BucketBoundsCache();
  for (const each of [
    ...asked,
    ...asked.toReversed(),
    [0, 0, 4, 1],
    [0, 0, 4, 1000],
    [64, 0, 4, 1000],
  ] as Asked[]) {
    expect(boundsOf(cache, each)).toEqual(boundsOf(new BucketBoundsCache(), each));
  }
});

it('BucketBoundsCache gives a bucket the same bounds whether its first neighbours are asked for before or not', () => {
  const cache = new BucketBoundsCache();
  const grown = [1, 5, 3, 17, 40, 100].map((buckets) => boundsOf(cache, [5, -30, buckets, 1]));
  const whole = boundsOf(new BucketBoundsCache(), [5, -30, 100, 1]);
  expect(grown).toEqual(
    [1, 5, 3, 17, 40, 100].map((buckets) => ({
      bounds: whole.bounds.slice(0, buckets + 1),
      logWidths: whole.logWidths.slice(0, buckets),
    })),
  );
});

it('BucketBoundsCache gives bounds that are off by a few rounding errors alone, however many buckets there are', () => {
  const buckets = 1_000;
  for (const scale of [5, 8, 12, 20]) {
    const { bounds } = boundsOf(new BucketBoundsCache(), [scale, 7, buckets, 1]);
    const errors = bounds.map((bound, bucket) => Math.abs(bound / 2 ** ((7 + bucket) / 2 ** scale) - 1));
    expect(Math.max(...errors)).toBeLessThan(20 * Number.EPSILON);
  }
});
