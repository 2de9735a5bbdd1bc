import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoundedMap } from '../../../src/mapping/state/bounded-map.js';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

test('a bounded map answers like a map for at least as many of the keys set last as its size', () => {
  const operation = fc.record({ key: fc.constantFrom(...KEYS), value: fc.option(fc.nat()) });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(operation, { maxLength: 100 }),
      (size, operations) => {
        const map = new BoundedMap<number>(size);
        /** In the order in which they were set last; those that were deleted keep their places. */
        const model = new Map<string, number | undefined>();
        for (const { key, value } of operations) {
          if (value === null) {
            map.delete(key);
            if (model.has(key)) model.set(key, undefined);
          } else {
            map.set(key, value);
            model.delete(key);
            model.set(key, value);
          }
          for (const [recent, expected] of [...model].slice(-size)) expect(map.get(recent)).toBe(expected);
          for (const other of KEYS) expect([undefined, model.get(other)]).toContain(map.get(other));
          expect(KEYS.filter((each) => map.get(each) !== undefined).length).toBeLessThanOrEqual(2 * size);
        }
      },
    ),
  );
});
