import { describe, expect, it } from 'vitest';
import { interleavedOrder, interleavingStride } from '../../../../src/mapping/histograms/write/interleave.js';

describe('interleavedOrder', () => {
  it('is a permutation for every length', () => {
    for (let n = 0; n <= 400; n++) {
      expect(Array.from(interleavedOrder(n)).sort((a, b) => a - b)).toEqual(
        Array.from({ length: n }, (_, i) => i),
      );
    }
  });

  it('steps by the golden section of the length', () => {
    expect(interleavedOrder(10)).toEqual(Int32Array.of(0, 7, 4, 1, 8, 5, 2, 9, 6, 3));
  });

  it('uses the memory given where it has room for the order, and no more of it than that', () => {
    const memory = new Int32Array(4).fill(-1);
    expect([3, 4, 5].map((n) => interleavedOrder(n, memory) === memory)).toEqual([true, true, false]);
    memory.fill(-1);
    expect(interleavedOrder(3, memory)).toEqual(Int32Array.of(0, 2, 1, -1));
  });

  it.each([100, 101, 104, 1001])('spreads every fifth of %i samples over all of them', (n) => {
    const order = interleavedOrder(n);
    const fifth = Math.floor(n / 5);
    for (let part = 0; part < 5; part++) {
      const sent = Array.from(order.subarray(part * fifth, (part + 1) * fifth)).sort((a, b) => a - b);
      const gaps = sent.slice(1).map((index, position) => index - sent[position]!);
      // Evenly would be 5 apart; ascending order leaves out four fifths of the samples at a time.
      expect(Math.max(...gaps)).toBeLessThanOrEqual(12);
    }
  });
});

it('interleavingStride is the same each time, also for more samples than are remembered', () => {
  const lengths = [1, 2, 10, 1023, 1024, 5000];
  const strides = lengths.map(interleavingStride);
  expect(strides).toEqual([1, 3, 7, 634, 633, 3091]);
  expect(lengths.map(interleavingStride)).toEqual(strides);
});
