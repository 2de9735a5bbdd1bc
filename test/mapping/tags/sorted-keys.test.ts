import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortedKeys } from '../../../src/mapping/tags/sorted-keys.js';

const key = fc.string({ unit: 'binary', maxLength: 3 });
const keys = fc.oneof(
  fc.uniqueArray(key, { maxLength: 8 }),
  fc.uniqueArray(key, { minLength: 30, maxLength: 36 }),
);

test('keys are in the order of sort, however many there are', () => {
  fc.assert(
    fc.property(keys, (given) => {
      const attributes = Object.fromEntries(given.map((name) => [name, 1]));
      expect(sortedKeys(attributes)).toEqual(Object.keys(attributes).sort());
    }),
  );
});
