import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import {
  finiteExtremes,
  finitePart,
  isFinitePoint,
} from '../../../../src/mapping/histograms/model/infinite-recordings.js';
import { point } from '../../../support/mapping.js';

const buckets = { boundaries: [5, 10], counts: [2, 1, 1] };

function ofExplicit(value: Partial<Histogram>) {
  return finitePart({ kind: 'explicit', ...point<Histogram>({ buckets, count: 4, ...value }) })?.value;
}

const exponential = {
  count: 4,
  scale: 0,
  zeroCount: 1,
  positive: { offset: 0, bucketCounts: [3] },
  negative: { offset: 0, bucketCounts: [] },
};

function ofExponential(value: Partial<ExponentialHistogram>) {
  return finitePart({ kind: 'exponential', ...point<ExponentialHistogram>({ ...exponential, ...value }) })
    ?.value;
}

describe('isFinitePoint', () => {
  it.each([
    {},
    { sum: 3 },
    { sum: 3, min: 1, max: 2 },
    // Of an aggregator that recorded nothing.
    { sum: 0, min: Infinity, max: -Infinity },
  ])('is true for %o', (totals) => {
    expect(isFinitePoint(totals)).toBe(true);
  });

  it.each([
    { sum: Infinity },
    { sum: Number.NaN },
    { max: Infinity },
    { sum: 3, min: 1, max: Infinity },
    { min: -Infinity },
    { sum: 3, min: -Infinity, max: 2 },
  ])('is false for %o', (totals) => {
    expect(isFinitePoint(totals)).toBe(false);
  });
});

describe('finitePart', () => {
  it.each([
    [{ sum: Infinity, min: 2, max: Infinity }, [2, 1, 0], { min: 2 }],
    [{ sum: -Infinity, min: -Infinity, max: 12 }, [0, 1, 1], { max: 12 }],
    [{ sum: Number.NaN, min: -Infinity, max: Infinity }, [0, 1, 0], {}],
    [{ sum: Infinity }, [2, 1, 0], {}],
    [{ sum: -Infinity }, [0, 1, 1], {}],
    [{ sum: Number.NaN }, [0, 1, 0], {}],
    [{ sum: Infinity, min: Infinity, max: -Infinity }, [2, 1, 0], {}],
    [{ sum: Infinity, min: 1e308, max: 1.5e308 }, [2, 1, 1], { min: 1e308, max: 1.5e308 }],
    [{ sum: Infinity, min: 1.5e308, max: 1.5e308 }, [2, 1, 1], { min: 1.5e308, max: 1.5e308 }],
  ])('of explicit buckets with %o has the counts %j', (totals, counts, extremes) => {
    const count = counts.reduce((sum, each) => sum + each, 0);
    expect(ofExplicit(totals)).toEqual({ buckets: { ...buckets, counts }, count, ...extremes });
  });

  it('of explicit buckets has no bucket above an infinite boundary', () => {
    const open = { boundaries: [5, Infinity], counts: [2, 1, 1] };
    expect(ofExplicit({ buckets: open, sum: Infinity })).toEqual({
      buckets: { ...open, counts: [2, 0, 0] },
      count: 2,
    });
  });

  it('is undefined where nothing is left', () => {
    const high = { boundaries: [5, 10], counts: [0, 0, 2] };
    expect(ofExplicit({ buckets: high, sum: Infinity, min: Infinity, max: Infinity })).toBeUndefined();
  });

  it('of explicit buckets whose sum overflowed keeps the count, whatever the buckets hold', () => {
    expect(ofExplicit({ count: 99, sum: Infinity, min: 1, max: 1e308 })).toEqual({
      buckets,
      count: 99,
      min: 1,
      max: 1e308,
    });
  });

  it('of exponential buckets is all but the sum, and nothing where an infinite value was recorded', () => {
    expect([
      ofExponential({ sum: Infinity, min: 1, max: 1e308 }),
      ofExponential({ sum: Infinity, min: 1, max: Infinity }),
      ofExponential({ sum: -Infinity }),
    ]).toEqual([{ ...exponential, min: 1, max: 1e308 }, undefined, undefined]);
  });
});

it('finiteExtremes are those of min and max that are finite numbers', () => {
  const found = [{}, { min: 1, max: 2 }, { min: -Infinity, max: 2 }, { min: 1, max: Infinity }].map(
    (totals) => finiteExtremes({ kind: 'explicit', ...point<Histogram>({ buckets, count: 4, ...totals }) }),
  );
  expect(found).toEqual([{}, { min: 1, max: 2 }, { max: 2 }, { min: 1 }]);
});
