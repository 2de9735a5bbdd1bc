import { expect, it } from 'vitest';
import type { SampleRules } from '../../../../src/mapping/dialects/dialect.js';
import { chooseSamples } from '../../../../src/mapping/histograms/samples/choose-samples.js';
import { fromExplicitBuckets } from '../../../support/metrics/distributions.js';

const RULES: SampleRules = { rate: 'weighted', maxWeight: 1e9, packed: true, negative: false, perPoint: 100 };
const COUNT_ONLY: SampleRules = { ...RULES, rate: 'count-only', perPoint: 101 };

/** How many samples there are of so many recordings from `min` to 1000, or why there are none. */
function chosen(
  rules: SampleRules,
  count: number,
  asked = {},
  { min = 1, max = 1_000 } = {},
): number | string {
  const buckets = { boundaries: [1_000], counts: [count, 0] };
  const samples = chooseSamples(fromExplicitBuckets({ buckets, count, min, max }, 1)!, rules, asked);
  return typeof samples === 'string' ? samples : samples.values.length;
}

it('chooseSamples computes at most 20,000 samples for servers that weigh, of which equal ones become one', () => {
  const equal = { min: 5, max: 5 };
  expect([20_000, 20_001].map((count) => chosen(RULES, count, { sampleWeight: 1 }, equal))).toEqual([
    1,
    'too_many_samples',
  ]);
});

it('chooseSamples has at most 2,000 samples for other servers', () => {
  expect([2_000, 2_001].map((maxSamples) => chosen(COUNT_ONLY, 10_000, { maxSamples }))).toEqual([
    2_000,
    'too_many_samples',
  ]);
});

it('chooseSamples has at most 2,000 samples where the server does not count larger weights', () => {
  const ofCount = (count: number) => chosen({ ...RULES, maxWeight: 1, perPoint: count }, count);
  expect([ofCount(2_000), ofCount(2_001)]).toEqual([2_000, 'too_many_samples']);
});

it('chooseSamples takes maxSamples as a limit, unless a sampleWeight decides', () => {
  const numbers = [{}, { maxSamples: 20 }, { sampleWeight: 20 }, { sampleWeight: 20, maxSamples: 5 }].map(
    (asked) => chosen(RULES, 10_000, asked),
  );
  const [usual, limited, weighted, both] = numbers as number[];
  expect(usual).toBeGreaterThan(100);
  expect(limited).toBeLessThanOrEqual(20);
  expect(weighted).toBeGreaterThanOrEqual(500);
  expect(both).toBe(weighted);
});

it('chooseSamples has two samples from two sampleWeights on', () => {
  expect([39, 40].map((count) => chosen(COUNT_ONLY, count, { sampleWeight: 20 }))).toEqual([1, 2]);
});

it('chooseSamples has no samples below 0 for a server that rejects them', () => {
  expect([0, -1].map((min) => chosen(COUNT_ONLY, 1_000, {}, { min }))).toEqual([101, 'negative_values']);
  expect(chosen({ ...COUNT_ONLY, negative: true }, 1_000, {}, { min: -1 })).toBe(101);
});

it('chooseSamples has no samples of more recordings than the server counts', () => {
  const rules = { ...RULES, maxCount: 1_000 };
  expect([1_000, 1_001].map((count) => typeof chosen(rules, count))).toEqual(['number', 'string']);
  expect(chosen(rules, 1_001)).toBe('too_many_recordings');
});
