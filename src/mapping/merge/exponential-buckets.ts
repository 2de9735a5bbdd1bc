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

/** Buckets without the empty ones at both ends: positions, and the steps by which their scale is lowered first. */
interface Part {
  readonly buckets: Buckets;
  readonly steps: number;
  readonly first: number;
  readonly last: number;
}

/** The sum of several sets of buckets, each with the number of steps by which its scale is lowered first. */
export class BucketSum {
  readonly #parts: readonly Part[];

  constructor(...parts: readonly (readonly [buckets: Buckets, steps: number])[]) {
    this.#parts = parts.flatMap(([buckets, steps]) => withoutEmptyEnds(buckets, steps));
  }

  /** The number of buckets from the lowest to the highest that is not empty, at a scale lower by so many more steps. */
  span(moreSteps: number): number {
    const [first, last] = this.#range(moreSteps);
    return last - first + 1;
  }

  /** The buckets added up; dense, as most histograms of one instrument cover about the same range. */
  total(moreSteps: number): Buckets {
    const [first, last] = this.#range(moreSteps);
    const bucketCounts = new Array<number>(last - first + 1).fill(0);
    for (const { buckets, steps, ...positions } of this.#parts) {
      const width = 2 ** (steps + moreSteps);
      for (let position = positions.first; position <= positions.last; position += 1) {
        const count = buckets.bucketCounts[position]!;
        if (count !== 0) bucketCounts[Math.floor((buckets.offset + position) / width) - first]! += count;
      }
    }
    return { offset: first, bucketCounts };
  }

  /** The indexes of the lowest and the highest bucket; 0 and -1 without any. */
  #range(moreSteps: number): [first: number, last: number] {
    if (this.#parts.length === 0) return [0, -1];
    let [lowest, highest] = [Infinity, -Infinity];
    for (const { buckets, steps, first, last } of this.#parts) {
      const width = 2 ** (steps + moreSteps);
      lowest = Math.min(lowest, Math.floor((buckets.offset + first) / width));
      highest = Math.max(highest, Math.floor((buckets.offset + last) / width));
    }
    return [lowest, highest];
  }
}

/** By how many steps the scale must be lowered for no sum to span more buckets. */
export function stepsToSpan(maxBuckets: number, ...sums: readonly BucketSum[]): number {
  let steps = 0;
  for (;;) {
    const span = Math.max(...sums.map((sum) => sum.span(steps)));
    if (span <= maxBuckets) return steps;
    // A step leaves at least half of the distance from the first to the last.
    steps += Math.max(1, Math.ceil(Math.log2((span - 1) / maxBuckets)));
  }
}

/** None when all buckets are empty. */
function withoutEmptyEnds(buckets: Buckets, steps: number): Part[] {
  const { bucketCounts } = buckets;
  let first = 0;
  let last = bucketCounts.length - 1;
  while (first <= last && bucketCounts[first] === 0) first += 1;
  while (last >= first && bucketCounts[last] === 0) last -= 1;
  return first > last ? [] : [{ buckets, steps, first, last }];
}
