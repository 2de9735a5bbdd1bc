import { describe, expect, it } from 'vitest';
import {
  MAX_ATTRIBUTE_CHARACTERS,
  MAX_BATCH_ITEMS,
  MAX_MESSAGE_BYTES,
} from '../../../src/cluster/protocol/limits.js';
import {
  isWithinLimits,
  numbersSize,
  placesSize,
  propertiesSize,
  wireSize,
} from '../../../src/cluster/protocol/wire-size.js';

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

  it('of places and numbers is never below that of any of them', () => {
    const place = MAX_BATCH_ITEMS - 1;
    const number = -Number.MAX_VALUE;
    expect([placesSize(3), numbersSize(3)]).toEqual([
      { bytes: 3 * `${place},`.length, items: 3 },
      { bytes: 3 * `${number},`.length, items: 3 },
    ]);
  });

  it('may reach all limits of a message, and exceed none', () => {
    const [bytes, items, characters] = [MAX_MESSAGE_BYTES, MAX_BATCH_ITEMS, MAX_ATTRIBUTE_CHARACTERS];
    expect([
      isWithinLimits(bytes, items, characters),
      isWithinLimits(bytes + 1, items, characters),
      isWithinLimits(bytes, items + 1, characters),
      isWithinLimits(bytes, items, characters + 1),
    ]).toEqual([true, false, false, false]);
  });
});
