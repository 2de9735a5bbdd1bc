import { expect, it } from 'vitest';
import { metricBytes, pointBytes, valueBytes } from '../../../src/mapping/merge/memory-size.js';
import type { AnyPoint } from '../../../src/mapping/merge/merge-points.js';

const pointOf = (value: unknown): AnyPoint =>
  ({ attributes: {}, startTime: [1, 0], endTime: [2, 0], value }) as AnyPoint;
const number = pointOf(5);
const explicit = pointOf({ buckets: { boundaries: [1, 2], counts: [1, 0, 2] }, count: 3 });
const exponential = pointOf({
  scale: 1,
  zeroCount: 0,
  positive: { offset: 0, bucketCounts: [1, 2] },
  negative: { offset: 0, bucketCounts: [3, 4, 5] },
  count: 15,
});

it('a metric takes 700 bytes, and two for each character beyond the usual texts', () => {
  const texts = [
    ['', ''],
    ['k'.repeat(100), 'd'.repeat(50)],
    ['k'.repeat(100), 'd'.repeat(51)],
    ['k'.repeat(1_000), ''],
  ] as const;
  expect(texts.map(([key, description]) => metricBytes(key, description))).toEqual([700, 700, 702, 2_400]);
});

it('a value takes as much as it has numbers', () => {
  expect([number, explicit, exponential].map(valueBytes)).toEqual([8, 200 + 3 * 8, 200 + 5 * 8]);
});

it('a point takes 400 bytes, its value and two for each character of its key', () => {
  expect([pointBytes('', number), pointBytes('abc', number), pointBytes('abc', explicit)]).toEqual([
    408, 414, 630,
  ]);
});
