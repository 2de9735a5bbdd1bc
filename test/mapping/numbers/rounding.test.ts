import fc from 'fast-check';
import { expect, it } from 'vitest';
import { roundHalfUp } from '../../../src/mapping/numbers/rounding.js';

it('roundHalfUp rounds as Math.round does below 2^52', () => {
  const values = fc.oneof(
    fc.double({ min: 0.5, max: 2 ** 52, noNaN: true }),
    fc.integer({ min: 0, max: 2 ** 31 }).map((halves) => halves / 2),
  );
  fc.assert(
    fc.property(values, (value) => {
      expect(roundHalfUp(value)).toBe(Math.round(value));
    }),
    { numRuns: 1_000 },
  );
});
