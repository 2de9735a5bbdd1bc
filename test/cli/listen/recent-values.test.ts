import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentValues } from '../../../src/cli/listen/recent-values.js';

/** Nearest rank by its definition: the smallest value that covers the share of all weights. */
function reference(values: readonly [number, number][], wanted: readonly number[]): number[] {
  const sorted = [...values].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  return wanted.map((percentile) => {
    let covered = 0;
    for (const [value, weight] of sorted) {
      covered += weight;
      if (covered >= (percentile / 100) * total) return value;
    }
    return sorted.at(-1)![0];
  });
}

const anyValues = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.constantFrom(1, 2, 10)), {
  minLength: 1,
  maxLength: 1_200,
  size: 'max',
});

it('percentiles are those of the latest 512 values, weighted or not', () => {
  fc.assert(
    fc.property(anyValues, fc.boolean(), (values, isWeighted) => {
      const recent = new RecentValues();
      for (const [value, weight] of values) recent.add(value, weight);
      const latest = values
        .slice(-512)
        .map(([value, weight]): [number, number] => [value, isWeighted ? weight : 1]);
      expect(recent.percentiles([0, 50, 95, 99, 100], isWeighted)).toEqual(
        reference(latest, [0, 50, 95, 99, 100]),
      );
    }),
  );
});
