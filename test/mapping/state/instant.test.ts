import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Instant, isBefore, sameInstant } from '../../../src/mapping/state/instant.js';

it('instants compare by seconds, then by nanoseconds', () => {
  const instant = fc.tuple(fc.nat(3), fc.nat(3)) as fc.Arbitrary<Instant>;
  const nanoseconds = ([seconds, rest]: Instant): number => seconds * 1e9 + rest;
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      expect([isBefore(a, b), sameInstant(a, b)]).toEqual([
        nanoseconds(a) < nanoseconds(b),
        nanoseconds(a) === nanoseconds(b),
      ]);
    }),
    { numRuns: 500 },
  );
});
