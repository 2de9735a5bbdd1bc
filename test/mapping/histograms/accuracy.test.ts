// Compares what servers report of samples with what was recorded, for typical latencies.

import { beforeAll, describe, expect, it } from 'vitest';
import { distributions, TRIVIAL } from '../../../scripts/accuracy/distributions.js';
import { Case, type Figure, type Measurement } from '../../../scripts/accuracy/measure.js';
import { setups } from '../../../scripts/accuracy/setups.js';
import { spreadOf } from '../../../scripts/accuracy/tables.js';
import { equalRanks } from '../../../src/mapping/histograms/samples/equal-ranks.js';
import { weightedStrata } from '../../../src/mapping/histograms/samples/weighted-strata.js';
import {
  mergeEqualValues,
  sampleRate,
  type WeightedSamples,
} from '../../../src/mapping/histograms/samples/weights.js';
import { fromExponentialBuckets } from '../../support/metrics/distributions.js';
import { exponentialPoint } from '../../support/metrics/histogram-points.js';
import { seededRandom, valuesOf } from '../../support/metrics/random-values.js';
import {
  datadogAgentHistogram,
  repeatingTimer,
  type SampledLine,
  type ServerModel,
  statsd,
  type TimerStatistics,
} from '../../support/server-models/timer-statistics.js';

const counts = [1e3, 1e4, 1e5];
const seeds = [1, 2, 3];
const cases = counts.flatMap((count) => seeds.map((seed) => [count, seed] as const));

function linesOf({ values, weights }: WeightedSamples): SampledLine[] {
  const lines = Array.from(values, (value, index) => ({
    value,
    rate: sampleRate(weights[index]!),
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
])('weighted strata on %s', (_, server) => {
  it.each(cases)('report %i lognormal observations (seed %i) as recorded', (count, seed) => {
    const { reported, recorded, errors, medianError } = compare(
      count,
      seed,
      (distribution) => mergeEqualValues(weightedStrata(distribution, 100)),
      server,
    );
    expect({ count: reported.count, min: reported.min, max: reported.max }).toEqual({
      count,
      min: recorded.min,
      max: recorded.max,
    });
    expect(relativeError(reported.sum, recorded.sum)).toBeLessThan(1e-9);
    expect(relativeError(reported.mean, recorded.mean)).toBeLessThan(1e-9);
    expect(Math.max(...errors)).toBeLessThan(0.08);
    expect(medianError).toBeLessThan(0.02);
  });
});

describe('samples of equal ranks on statsd', () => {
  it.each(cases)(
    'report %i lognormal observations (seed %i) as recorded, except sum and max',
    (count, seed) => {
      const { reported, recorded, errors, medianError } = compare(
        count,
        seed,
        (distribution) => equalRanks(distribution, 101),
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

  it('are needed there, because weighted strata would be far off', () => {
    const { reported, recorded } = compare(
      1e5,
      1,
      (distribution) => weightedStrata(distribution, 100),
      statsd,
    );
    expect(reported.mean).toBeGreaterThan(1.5 * recorded.mean);
  });
});

describe('samples in lines, read by models of the servers', () => {
  const measured: Measurement[] = [];
  beforeAll(async () => {
    for (const count of [1e3, 1e4]) {
      for (const distribution of distributions) {
        const recordings = await Case.of(distribution, count);
        for (const setup of setups) measured.push(recordings.measure(setup));
      }
    }
  });

  const body: readonly Figure[] = ['p50', 'p75', 'p90', 'p95', 'p99'];
  const totals: readonly Figure[] = ['count', 'mean', 'min'];
  /** In percent, what is left of a rate in veneur, which keeps it as a float32. */
  const FLOAT32 = 1e-5;
  /** Of these sums, what a counter of integers holds back for the next export: less than 1. */
  const FRACTION = 1e-3;

  /** Cases further off than this many percent, in words. */
  function beyond(title: string, figures: readonly Figure[], percent: number): string[] {
    return measured
      .filter(({ setup }) => setup.title === title)
      .flatMap(({ distribution, count, againstTruth }) =>
        figures
          .filter((figure) => !(Math.abs(againstTruth![figure]) <= percent))
          .map((figure) => `${figure} of ${count} ${distribution}: ${againstTruth![figure]} %`),
      );
  }

  function mediansBeyond(title: string, figures: readonly Figure[], percent: number): Figure[] {
    const own = measured.filter(({ setup }) => setup.title === title);
    return figures.filter((figure) => !(spreadOf(own, figure).median <= percent));
  }

  it('were measured on every server in every case', () => {
    expect(measured.map(({ setup, distribution, count }) => [setup.title, distribution, count])).toEqual(
      [1e3, 1e4].flatMap((count) =>
        distributions.flatMap((distribution) => setups.map(({ title }) => [title, distribution, count])),
      ),
    );
  });

  it.each(setups.map(({ title }) => title))('give the exact count, sum, mean and min on %s', (title) => {
    expect(beyond(title, totals, FLOAT32)).toEqual([]);
    expect(beyond(title, ['sum'], title === 'gostatsd' ? FRACTION : FLOAT32)).toEqual([]);
  });

  it.each(setups.filter(({ dialect }) => dialect.samples.rate === 'weighted').map(({ title }) => title))(
    'give the exact max on %s',
    (title) => {
      expect(beyond(title, ['max'], FLOAT32)).toEqual([]);
    },
  );

  it.each([
    // Samples on every percentile; Datadog's distribution rounds by up to 1.6 % itself.
    { title: 'statsd', figures: [...body], median: 0.6, worst: 3 },
    { title: 'gostatsd', figures: [...body], median: 0.6, worst: 3 },
    { title: 'Datadog h', figures: [...body, 'p99.9'], median: 0.8, worst: 5 },
    { title: 'statsd_exporter', figures: [...body, 'p99.9'], median: 0.8, worst: 5 },
    { title: 'veneur', figures: [...body, 'p99.9'], median: 0.8, worst: 5 },
    { title: 'Datadog d', figures: [...body, 'p99.9'], median: 1.5, worst: 5 },
    // On every fifth, in a line each.
    { title: 'OTel collector', figures: [...body, 'p99.9'], median: 1.5, worst: 6 },
    { title: 'Vector', figures: [...body, 'p99.9'], median: 1.5, worst: 6 },
    { title: 'CloudWatch agent', figures: [...body, 'p99.9'], median: 1.5, worst: 6 },
    { title: 'netdata', figures: [...body, 'p99.9'], median: 1.5, worst: 6 },
  ] satisfies { title: string; figures: Figure[]; median: number; worst: number }[])(
    'give percentiles on $title within $median % in the median and $worst % at worst',
    ({ title, figures, median, worst }) => {
      expect(beyond(title, figures, worst)).toEqual([]);
      expect(mediansBeyond(title, figures, median)).toEqual([]);
    },
  );

  // Datadog's distribution knows a value to within its bin only.
  it.each(setups.map(({ title }) => title).filter((title) => title !== 'Datadog d'))(
    'give exact figures of a constant on %s',
    (title) => {
      const figures: readonly Figure[] = [...totals, 'max', ...body, 'p99.9'];
      expect(beyond(title, figures, FLOAT32).filter((text) => text.includes(TRIVIAL))).toEqual([]);
    },
  );
});
