// Buckets of an exponential histogram, taken apart for arithmetic and put together again.

import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics';

/** Bucket index to count, empty buckets left out: ranges far apart cost nothing before they are scaled down. */
export type SparseBuckets = ReadonlyMap<number, number>;

/** The buckets at a scale lower by `steps`. */
export function sparse(
  { offset, bucketCounts }: ExponentialHistogram['positive'],
  steps: number,
): SparseBuckets {
  // Bucket i covers (base^i, base^(i+1)]; a step squares the base, so that two neighbours become one.
  const width = 2 ** steps;
  const buckets = new Map<number, number>();
  bucketCounts.forEach((count, position) => {
    if (count === 0) return;
    const index = Math.floor((offset + position) / width);
    buckets.set(index, (buckets.get(index) ?? 0) + count);
  });
  return buckets;
}

export function addBuckets(a: SparseBuckets, b: SparseBuckets): SparseBuckets {
  const merged = new Map(a);
  for (const [index, count] of b) merged.set(index, (merged.get(index) ?? 0) + count);
  return merged;
}

/** From the lowest to the highest bucket, how many there are. */
export function span(buckets: SparseBuckets): number {
  if (buckets.size === 0) return 0;
  const indexes = [...buckets.keys()];
  return Math.max(...indexes) - Math.min(...indexes) + 1;
}

export function dense(buckets: SparseBuckets): ExponentialHistogram['positive'] {
  if (buckets.size === 0) return { offset: 0, bucketCounts: [] };
  const offset = Math.min(...buckets.keys());
  const bucketCounts = new Array<number>(span(buckets)).fill(0);
  for (const [index, count] of buckets) bucketCounts[index - offset] = count;
  return { offset, bucketCounts };
}
