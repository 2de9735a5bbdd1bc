import { describe, expect, it } from 'vitest';
import { MAX_BATCH_ITEMS, MAX_MESSAGE_BYTES } from '../../../src/cluster/protocol/limits.js';
import { add, isWithinLimits, propertiesSize, wireSize } from '../../../src/cluster/protocol/wire-size.js';

describe('the estimated size', () => {
  it.each<[unknown, number, number]>([
    [0, 5, 1],
    [9_999, 5, 1],
    [10_000, 25, 1],
    [-1, 25, 1],
    [0.5, 25, 1],
    [true, 6, 1],
    [null, 6, 1],
    ['abc', 6 + 6 * 3, 1],
    [[], 6, 1],
    [[1, 'a', [2]], 6 + 5 + 12 + (6 + 5), 5],
  ])('of %j is %d bytes and %d items', (value, bytes, items) => {
    expect(wireSize(value)).toEqual({ bytes, items });
  });

  it('of an object is that of its values, with the names of its properties', () => {
    expect(propertiesSize({ a: 1, b: 'x' })).toEqual({ bytes: 6 + 5 + 12 + 20 * 4, items: 5 });
  });

  it('of several values is their sum', () => {
    expect(add({ bytes: 1, items: 2 }, { bytes: 30, items: 40 })).toEqual({ bytes: 31, items: 42 });
  });

  it('may reach both limits of a message, and exceed neither', () => {
    const [bytes, items] = [MAX_MESSAGE_BYTES, MAX_BATCH_ITEMS];
    expect([
      isWithinLimits({ bytes, items }),
      isWithinLimits({ bytes: bytes + 1, items }),
      isWithinLimits({ bytes, items: items + 1 }),
    ]).toEqual([true, false, false]);
  });
});
