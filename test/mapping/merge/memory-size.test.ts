import { expect, it } from 'vitest';
import { metricBytes, pointBytes, valueBytes } from '../../../src/mapping/merge/memory-size.js';

const explicit = { buckets: { boundaries: [1, 2], counts: [1, 0, 2] }, count: 3 };
const exponential = {
  scale: 1,
  zeroCount: 0,
  positive: { offset: 0, bucketCounts: [1, 2] },
  negative: { offset: 0, bucketCounts: [3, 4, 5] },
  count: 15,
};

it('a metric takes 1,900 bytes, and two for each character beyond the usual texts', () => {
  const texts = [
    ['', ''],
    ['k'.repeat(100), 'd'.repeat(50)],
    ['k'.repeat(100), 'd'.repeat(51)],
    ['k'.repeat(1_000), ''],
  ] as const;
  expect(texts.map(([key, description]) => metricBytes(key, description))).toEqual([
    1_900, 1_900, 1_902, 3_600,
  ]);
});

it('a value takes as much as it has numbers', () => {
  expect([5, explicit, exponential].map((value) => valueBytes(value))).toEqual([8, 200 + 3 * 8, 200 + 5 * 8]);
});

it('a point takes 400 bytes, its attributes and its value', () => {
  expect([pointBytes(0, 5), pointBytes(6, 5), pointBytes(6, explicit)]).toEqual([408, 414, 630]);
});
