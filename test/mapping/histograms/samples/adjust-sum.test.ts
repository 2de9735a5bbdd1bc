import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustSum, withResidue } from '../../../../src/mapping/histograms/samples/adjust-sum.js';
import { fullReplay } from '../../../../src/mapping/histograms/samples/replay.js';
import { fromExplicitBuckets } from '../../../support/metrics/distributions.js';
import { placedSamples, type Stratum } from '../../../support/metrics/sample-set.js';

interface Given {
  readonly counts: number[];
  readonly min?: number;
  readonly max?: number;
  readonly sum: number | undefined;
}

/** One sample for each two observations in buckets of 10 up to 30. */
function adjusted({ sum, ...point }: Given): number[] {
  const count = point.counts.reduce((total, bucket) => total + bucket, 0);
  const distribution = fromExplicitBuckets(
    { ...point, buckets: { boundaries: [10, 20, 30], counts: point.counts }, count },
    1,
  )!;
  const strata = Array.from(
    { length: count / 2 },
    (_, half): Stratum => [2, 2 * half, 2 * half + 1, 2 * half + 2],
  );
  const samples = placedSamples(distribution, strata);
  adjustSum(samples, sum, samples.weights);
  return Array.from(samples.result().values);
}

describe('adjustSum', () => {
  it('leaves samples unchanged when the sum is unknown or already right', () => {
    expect(adjusted({ counts: [2, 2, 2, 0], sum: undefined })).toEqual([5, 15, 25]);
    expect(adjusted({ counts: [2, 2, 2, 0], sum: 90 })).toEqual([5, 15, 25]);
  });

  it('moves every sample by the same fraction of the way to the bound of its bin', () => {
    expect(adjusted({ counts: [2, 2, 2, 0], sum: 102 })).toEqual([7, 17, 27]);
    expect(adjusted({ counts: [2, 2, 2, 0], min: 3, sum: 87.6 })).toEqual([5.8, 14, 24]);
  });

  it('moves a sample out of its own bin, within its hull, only if the sum needs it', () => {
    expect(adjusted({ counts: [1, 3, 0, 0], min: 0, max: 20, sum: 70 })).toEqual([
      expect.closeTo(15, 6),
      expect.closeTo(20, 6),
    ]);
  });

  it('lowers a sample out of its own bin, within its hull, only if the sum needs it', () => {
    const buckets = { boundaries: [10, 20], counts: [1, 3, 0] };
    const distribution = fromExplicitBuckets({ buckets, count: 4, min: 0, max: 20 }, 1)!;
    const lowered = [42, 33].map((sum) => {
      const samples = placedSamples(distribution, [
        [3, 0, 1.5, 3],
        [1, 3, 3.5, 4],
      ]);
      adjustSum(samples, sum, samples.weights);
      return Array.from(samples.result().values, (value) => Number(value.toFixed(5)));
    });
    expect(lowered).toEqual([
      [10.25, 11.25],
      [7.66667, 10],
    ]);
  });

  it('lowers samples below the last boundary only, where those above it have no upper bound', () => {
    expect(adjusted({ counts: [2, 0, 0, 4], sum: 2 * 2 + 4 * 30 })).toEqual([2, 30, 30]);
    expect(adjusted({ counts: [2, 0, 0, 4], sum: 2 * 5 + 4 * 30 })).toEqual([5, 30, 30]);
  });

  it('stops at the bounds of the buckets when the sum contradicts them', () => {
    expect(adjusted({ counts: [2, 2, 2, 0], min: 1, max: 29, sum: 1e9 })).toEqual([10, 20, 29]);
    expect(adjusted({ counts: [2, 2, 2, 0], min: 1, max: 29, sum: -1e9 })).toEqual([1, 10, 20]);
  });

  it('raises the samples above the last boundary first', () => {
    expect(adjusted({ counts: [2, 0, 0, 4], sum: 10 + 4 * 100 })).toEqual([5, 100, 100]);
  });

  it('raises samples above the last boundary to four times the boundary, and further only after all others', () => {
    expect(adjusted({ counts: [2, 0, 0, 2], sum: 2 * 6 + 2 * 120 })).toEqual([6, 120]);
    expect(adjusted({ counts: [2, 0, 0, 2], sum: 2 * 10 + 2 * 500 })).toEqual([10, 500]);
    expect(adjusted({ counts: [2, 0, 0, 4], sum: 2 * 10 + 4 * 500 })).toEqual([10, 500, 500]);
  });

  it('lowers the samples of the first bucket below zero if nothing else can reach the sum', () => {
    expect(adjusted({ counts: [2, 2, 0, 0], sum: 2 * -40 + 2 * 10 })).toEqual([-40, 10]);
  });

  it('shares what the hulls cannot hold among the samples of the bin without an end', () => {
    const buckets = { boundaries: [10, 20], counts: [4, 3, 0] };
    const samples = placedSamples(fromExplicitBuckets({ buckets, count: 7 }, 1)!, [
      [2, 0, 1, 2],
      [2, 2, 3, 4],
      [3, 3, 5.5, 7],
    ]);
    adjustSum(samples, 4 * -40, samples.weights);
    expect(Array.from(samples.result().values)).toEqual([-40, -40, 0]);
  });

  it('rounds all samples but one, which absorbs the residue', () => {
    const values = adjusted({ counts: [2, 2, 2, 0], sum: 100.123456789123 });
    const short = values.filter((value) => Number(value.toPrecision(7)) === value);
    expect(short.length).toBe(2);
    expect(values.reduce((total, value) => total + 2 * value, 0)).toBeCloseTo(100.123456789123, 12);
  });

  it('adds the residue to the sample that can move furthest in its direction', () => {
    const values = (strata: Stratum[], residue: number): number[] => {
      const buckets = { boundaries: [100], counts: [4, 0] };
      const samples = placedSamples(fromExplicitBuckets({ buckets, count: 4, min: 0 }, 1)!, strata);
      adjustSum(samples, 200 + residue, samples.weights);
      return Array.from(samples.result().values);
    };
    const halves: Stratum[] = [
      [2, 0, 1, 2],
      [2, 2, 3, 4],
    ];
    const lower: Stratum[] = [
      [3, 0, 1.5, 3],
      [1, 3, 3.5, 4],
    ];
    expect([values(halves, 1e-7), values(halves, -1e-7), values(lower, -3e-7)]).toEqual([
      [25.00000005, 75],
      [25, 74.99999995],
      [37.4999999, 87.5],
    ]);
  });

  it('keeps recordings of 0 when only the residue of rounding is left', () => {
    // Of 0, 0, 3.3, 7.1 and 8.7 without min and max: the first bucket has no lower end.
    const buckets = { boundaries: [0, 5, 10], counts: [2, 1, 2, 0] };
    const distribution = fromExplicitBuckets({ buckets, count: 5, sum: 3.3 + 7.1 + 8.7 }, 1)!;
    expect(Array.from(fullReplay(distribution).values)).toEqual([
      0,
      0,
      expect.closeTo(3.033333, 6),
      7.05,
      9.016667,
    ]);
  });

  it('shares the residue where no single sample has room for it', () => {
    const values = adjusted({
      counts: [0, 40, 0, 0],
      min: 12.3456781,
      max: 12.3456789,
      sum: 40 * 12.3456783,
    });
    expect(values.reduce((total, value) => total + 2 * value, 0)).toBeCloseTo(40 * 12.3456783, 10);
    expect(values.filter((value) => value < 12.3456781 || value > 12.3456789)).toEqual([]);
  });

  it('leaves samples unchanged whose total overflows', () => {
    const huge = { boundaries: [], counts: [4] };
    const distribution = fromExplicitBuckets({ buckets: huge, count: 4, min: 1e308, max: 1.5e308 }, 1)!;
    const samples = placedSamples(distribution, [
      [2, 0, 1, 2],
      [2, 2, 3, 4],
    ]);
    adjustSum(samples, 1, samples.weights);
    expect(Array.from(samples.result().values)).toEqual([1.125e308, 1.375e308]);
  });

  it('keeps samples in order where they are closer than the digits that the residue is rounded to', () => {
    const given = fc.record({
      base: fc.double({ min: 1, max: 1e5, noNaN: true }),
      width: fc.integer({ min: 5, max: 9 }).map((places) => 10 ** -places),
      places: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 8 }),
    });
    fc.assert(
      fc.property(given, ({ base, width, places }) => {
        const count = places.length;
        const sum = places.reduce((total, place) => total + base + place * width, 0);
        const buckets = { boundaries: [base - width, base + 2 * width], counts: [0, count, 0] };
        const distribution = fromExplicitBuckets({ buckets, count, sum }, 1)!;
        const strata = places.map((_, index): Stratum => [1, index, index + 0.5, index + 1]);
        const samples = placedSamples(distribution, strata);
        adjustSum(samples, sum, samples.weights);
        const values = Array.from(samples.result().values);
        expect(values).toEqual(values.toSorted((one, other) => one - other));
      }),
      {
        numRuns: 1_000,
        examples: [
          [{ base: 8.089304941631363, width: 1e-7, places: new Array(6).fill(0) }],
          [{ base: 3.951357865590803, width: 1e-7, places: new Array(7).fill(0) }],
        ],
      },
    );
  });
});

describe('withResidue', () => {
  it('rounds an estimate to the 15th digit of what it is of the sum', () => {
    expect([
      withResidue(1.1, 0.1234567890123456, 1, 100),
      withResidue(1.1, 0.2469135780246912, 2, 200),
      withResidue(1.1, -0.1234567890123456, 1, -100),
    ]).toEqual([1.223456789012, 1.223456789012, 0.976543210988]);
  });

  it('keeps the digits of a recorded value, but for the noise of rounding', () => {
    expect([withResidue(1.1, 0.1234567890123456, 1, 100, true), withResidue(0.1, 0.2, 1, 0.3, true)]).toEqual(
      [1.1 + 0.1234567890123456, 0.3],
    );
  });
});
