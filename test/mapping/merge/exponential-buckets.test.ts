import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addBuckets,
  BucketSum,
  dense,
  sparse,
  stepsToSpan,
} from '../../../src/mapping/merge/exponential-buckets.js';

const buckets = fc.record({
  offset: fc.integer({ min: -50, max: 50 }),
  bucketCounts: fc.array(fc.nat(3), { maxLength: 12 }),
});

it('the steps to span some buckets are the fewest', () => {
  const far = fc.record({
    offset: fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
    bucketCounts: fc.array(fc.nat(3), { maxLength: 12 }),
  });
  fc.assert(
    fc.property(far, far, fc.nat(30), fc.integer({ min: 2, max: 200 }), (a, b, lowered, most) => {
      const sum = new BucketSum([a, 0], [b, lowered]);
      const steps = stepsToSpan(most, sum);
      expect(sum.span(steps)).toBeLessThanOrEqual(most);
      if (steps > 0) expect(sum.span(steps - 1)).toBeGreaterThan(most);
    }),
  );
});

describe('sparse buckets', () => {
  it('hold the counts above zero by their index, two neighbours in one for each step', () => {
    const all = { offset: -3, bucketCounts: [1, 2, 0, 4, 0] };
    expect([0, 1, 2].map((steps) => [...sparse(all, steps)])).toEqual([
      [
        [-3, 1],
        [-2, 2],
        [0, 4],
      ],
      [
        [-2, 1],
        [-1, 2],
        [0, 4],
      ],
      [
        [-1, 3],
        [0, 4],
      ],
    ]);
  });

  it('add up, and leave both as they were', () => {
    const [a, b] = [
      new Map([[1, 5]]),
      new Map([
        [1, -2],
        [7, 3],
      ]),
    ];
    expect([addBuckets(a, b), a, b]).toEqual([
      new Map([
        [1, 3],
        [7, 3],
      ]),
      new Map([[1, 5]]),
      new Map([
        [1, -2],
        [7, 3],
      ]),
    ]);
  });

  it('become dense again without the empty ones at both ends', () => {
    expect([
      dense(new Map()),
      dense(
        new Map([
          [3, 1],
          [-1, 2],
        ]),
      ),
    ]).toEqual([
      { offset: 0, bucketCounts: [] },
      { offset: -1, bucketCounts: [2, 0, 0, 0, 1] },
    ]);
  });
});

describe('a sum of buckets', () => {
  it('is that of the sparse buckets, at any lower scale', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(buckets, fc.nat(3)), { maxLength: 4 }), fc.nat(3), (parts, steps) => {
        const sum = new BucketSum(...parts);
        const expected = dense(
          parts.map(([each, own]) => sparse(each, own + steps)).reduce(addBuckets, new Map()),
        );
        expect({ total: sum.total(steps), span: sum.span(steps) }).toEqual({
          total: expected,
          span: expected.bucketCounts.length,
        });
      }),
    );
  });

  it('is lowered in scale by the fewest steps that make it small enough', () => {
    const at = (offset: number): BucketSum =>
      new BucketSum([{ offset: 0, bucketCounts: [1] }, 0], [{ offset, bucketCounts: [1] }, 0]);
    expect([
      stepsToSpan(4, at(3)),
      stepsToSpan(4, at(4)),
      stepsToSpan(4, at(7)),
      stepsToSpan(4, at(8)),
      stepsToSpan(4, at(3), at(100)),
      stepsToSpan(4),
    ]).toEqual([0, 1, 1, 2, 5, 0]);
  });
});
