// What servers report of samples against what was recorded, for latencies as they usually are.

import { describe, expect, it } from 'vitest';
import { fromExponentialBuckets } from '../../../src/mapping/histograms/distribution.js';
import { tieredSamples } from '../../../src/mapping/histograms/tiered-samples.js';
import { uniformSamples } from '../../../src/mapping/histograms/uniform-samples.js';
import {
  mergeEqualValues,
  sampleRateText,
  type WeightedSamples,
} from '../../../src/mapping/histograms/weights.js';
import { exponentialPoint } from '../../support/histogram-points.js';
import { seededRandom, valuesOf } from '../../support/random-values.js';
import {
  datadogAgentHistogram,
  repeatingTimer,
  type SampledLine,
  type ServerModel,
  statsd,
  type TimerStatistics,
} from '../../support/server-models.js';

const counts = [1e3, 1e4, 1e5];
const seeds = [1, 2, 3];
const cases = counts.flatMap((count) => seeds.map((seed) => [count, seed] as const));

function linesOf({ values, weights }: WeightedSamples): SampledLine[] {
  const lines = Array.from(values, (value, index) => ({
    value,
    rate: Number(sampleRateText(weights[index]!)),
  }));
  // Servers see them in any order.
  const random = seededRandom(lines.length);
  return lines
    .map((line) => ({ line, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ line }) => line);
}

interface Comparison {
  readonly reported: TimerStatistics;
  readonly recorded: TimerStatistics;
  /** Relative errors of p50, p51 … p99. */
  readonly errors: readonly number[];
  readonly medianError: number;
}

function compare(
  count: number,
  seed: number,
  sampled: (point: ReturnType<typeof fromExponentialBuckets> & {}) => WeightedSamples,
  server: ServerModel,
): Comparison {
  const values = valuesOf('lognormal', count, seed);
  const reported = server(linesOf(sampled(fromExponentialBuckets(exponentialPoint(values), 1)!)));
  const recorded = repeatingTimer(values.map((value) => ({ value, rate: 1 })));
  const errors = Array.from({ length: 50 }, (_, index) => {
    const truth = recorded.percentile(50 + index);
    return Math.abs(reported.percentile(50 + index) - truth) / truth;
  });
  return { reported, recorded, errors, medianError: [...errors].sort((a, b) => a - b)[25]! };
}

function relativeError(reported: number, recorded: number): number {
  return Math.abs(reported - recorded) / recorded;
}

describe.each([
  ['the Datadog agent', datadogAgentHistogram],
  ['a server that repeats values', repeatingTimer],
])('tiered samples on %s', (_, server) => {
  it.each(cases)('report %i lognormal observations (seed %i) as recorded', (count, seed) => {
    const { reported, recorded, errors, medianError } = compare(
      count,
      seed,
      (distribution) => mergeEqualValues(tieredSamples(distribution, 100)),
      server,
    );
    expect([reported.count, reported.min, reported.max]).toEqual([count, recorded.min, recorded.max]);
    expect(relativeError(reported.sum, recorded.sum)).toBeLessThan(1e-9);
    expect(relativeError(reported.mean, recorded.mean)).toBeLessThan(1e-9);
    expect(Math.max(...errors)).toBeLessThan(0.08);
    expect(medianError).toBeLessThan(0.02);
  });
});

describe('uniform samples on statsd', () => {
  it.each(cases)(
    'report %i lognormal observations (seed %i) as recorded, but for sum and max',
    (count, seed) => {
      const { reported, recorded, errors, medianError } = compare(
        count,
        seed,
        (distribution) => uniformSamples(distribution, 101),
        statsd,
      );
      // statsd adds up 1/rate as it comes, so its count carries the rounding of that many additions.
      expect(relativeError(reported.count, count)).toBeLessThan(1e-12);
      expect(reported.min).toBe(recorded.min);
      expect(reported.max).toBeLessThanOrEqual(recorded.max);
      expect(relativeError(reported.mean, recorded.mean)).toBeLessThan(1e-9);
      expect(Math.max(...errors)).toBeLessThan(0.08);
      expect(medianError).toBeLessThan(0.02);
    },
  );

  it('are needed there: tiered samples would be far off', () => {
    const { reported, recorded } = compare(
      1e5,
      1,
      (distribution) => tieredSamples(distribution, 100),
      statsd,
    );
    expect(reported.mean).toBeGreaterThan(1.5 * recorded.mean);
  });
});
