// Arithmetic with the buckets of exponential histograms.

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

/** The number of buckets from the lowest to the highest. */
function span(buckets: SparseBuckets): number {
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

type Buckets = ExponentialHistogram['positive'];

/** The first and the last bucket that is not empty, at a scale lower by `steps`; undefined when all are. */
function range(
  { offset, bucketCounts }: Buckets,
  steps: number,
): readonly [first: number, last: number] | undefined {
  let first = 0;
  let last = bucketCounts.length - 1;
  while (first <= last && bucketCounts[first] === 0) first += 1;
  while (last >= first && bucketCounts[last] === 0) last -= 1;
  if (first > last) return undefined;
  const width = 2 ** steps;
  return [Math.floor((offset + first) / width), Math.floor((offset + last) / width)];
}

/** The sum of several sets of buckets, each with the number of steps by which its scale is lowered first. */
export class BucketSum {
  readonly #parts: readonly (readonly [buckets: Buckets, steps: number])[];
  readonly #first: number;
  /** The number of buckets from the lowest to the highest that is not empty. */
  readonly span: number;

  constructor(...parts: readonly (readonly [buckets: Buckets, steps: number])[]) {
    const ranges = parts.flatMap(([buckets, steps]) => range(buckets, steps) ?? []);
    this.#parts = parts;
    this.#first = ranges.length === 0 ? 0 : Math.min(...ranges);
    this.span = ranges.length === 0 ? 0 : Math.max(...ranges) - this.#first + 1;
  }

  /** The buckets added up; dense, as most histograms of one instrument cover about the same range. */
  total(): Buckets {
    const bucketCounts = new Array<number>(this.span).fill(0);
    for (const [{ offset, bucketCounts: counts }, steps] of this.#parts) {
      const width = 2 ** steps;
      for (let position = 0; position < counts.length; position += 1) {
        const count = counts[position]!;
        if (count !== 0) bucketCounts[Math.floor((offset + position) / width) - this.#first]! += count;
      }
    }
    return { offset: this.#first, bucketCounts };
  }
}
