import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exponential } from '../../../src/mapping/numbers/exponential.js';

it('exponential is Math.exp, at most the last digit apart', () => {
  const exponents = fc.oneof(
    fc.double({ min: 0, max: 0.4, noNaN: true }),
    fc.double({ min: -2, max: 800, noNaN: true }),
    fc.integer({ min: -60, max: 0 }).map((power) => 2 ** power),
  );
  fc.assert(
    fc.property(exponents, (x) => {
      const expected = Math.exp(x);
      const difference = expected === Infinity ? 0 : Math.abs(exponential(x) - expected);
      expect(difference).toBeLessThanOrEqual(Number.EPSILON * Math.min(expected, Number.MAX_VALUE));
    }),
    { numRuns: 20_000 },
  );
});
