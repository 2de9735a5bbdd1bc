// The lines that samples are written in: what they look like, how long they are, and that nothing is lost on the way
// through text.
import {
  AggregationTemporality,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import { chooseSamples } from '../../src/mapping/histograms/samples/choose-samples.js';
import { parseLine, type Sample } from '../../src/mapping/lines/parse-line.js';
import { mapOnce, point } from '../support/mapping.js';
import { fromExplicitBuckets, fromExponentialBuckets } from '../support/metrics/distributions.js';
import { positiveValues, withheld, withhold } from '../support/metrics/histogram-arbitraries.js';
import { explicitPoint, exponentialPoint } from '../support/metrics/histogram-points.js';

interface Recorded {
  readonly values: readonly number[];
  /** Each value so many times, which makes for heavy weights. */
  readonly times: number;
  readonly isExponential: boolean;
  readonly missing: { readonly extremes: boolean; readonly sum: boolean };
  readonly unit: string;
  readonly route: string;
  readonly maxLineBytes: number;
  readonly maxSamples: number | undefined;
}

const recorded: fc.Arbitrary<Recorded> = fc.record({
  // One value has to fit into a line, and the smallest doubles have hundreds of digits.
  values: positiveValues.map((values) => values.map((value) => (value < 1e-9 ? 0 : value))),
  times: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 1000 })),
  isExponential: fc.boolean(),
  missing: withheld,
  unit: fc.constantFrom('s', 'By', ''),
  route: fc.string({ unit: fc.constantFrom('x', 'y'), maxLength: 40 }),
  maxLineBytes: fc.integer({ min: 120, max: 1432 }),
  maxSamples: fc.constantFrom(undefined, 2, 20, 500),
});

/** Head with its tags in any style, values, type, rate, tags at the end. */
const SAMPLE_LINE = /^h[^:|]*(?::-?[0-9]+(?:\.[0-9]+)?)+\|(?:ms|h|d)(?:\|@0\.[0-9]+)?(?:\|#[^|]*)?$/;

/** A server that takes small weights only would get too many values. */
function timesOf({ times }: Recorded, name: DialectName): number {
  return Math.min(times, dialects[name].samples.maxWeight / 4);
}

function repeatedExplicit({ buckets, count, sum, ...rest }: Histogram, times: number): Histogram {
  const counts = buckets.counts.map((bucket) => bucket * times);
  return { ...rest, buckets: { ...buckets, counts }, count: count * times, sum: sum! * times };
}

function repeatedExponential(value: ExponentialHistogram, times: number): ExponentialHistogram {
  const { positive, zeroCount, count, sum } = value;
  const bucketCounts = positive.bucketCounts.map((bucket) => bucket * times);
  return {
    ...value,
    positive: { ...positive, bucketCounts },
    zeroCount: zeroCount * times,
    count: count * times,
    sum: sum! * times,
  };
}

interface Written {
  readonly lines: readonly string[];
  readonly samples: readonly Sample[];
  /** What the lines stand for. */
  readonly chosen: readonly WeightedValue[];
}

type WeightedValue = readonly [value: number, weight: number];

function write(name: DialectName, recording: Recorded): Written {
  const { values, isExponential, missing, unit, route, maxLineBytes } = recording;
  const dialect = dialects[name];
  const times = timesOf(recording, name);
  // Fewer samples than the server's weight limit permits would not be possible.
  const isLimitable = values.length * times <= dialect.samples.maxWeight;
  const maxSamples = isLimitable ? recording.maxSamples : undefined;
  const facts = {
    descriptor: { name: 'h', unit, description: '', valueType: 1 },
    aggregationTemporality: AggregationTemporality.DELTA,
  };
  const attributes = { attributes: { route } };
  const exponential = withhold(repeatedExponential(exponentialPoint(values), times), missing);
  const explicit = withhold(repeatedExplicit(explicitPoint(values), times), missing);
  const metric: MetricData = isExponential
    ? {
        ...facts,
        dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
        dataPoints: [point<ExponentialHistogram>(exponential, attributes)],
      }
    : {
        ...facts,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: [point<Histogram>(explicit, attributes)],
      };
  const histograms = { mode: 'samples', exactSum: false, percentiles: [], maxSamples } as const;
  const { lines, drops, warnings } = mapOnce(dialect, [metric], { histograms, maxLineBytes });
  expect({ drops, warnings }).toEqual({ drops: {}, warnings: [] });

  const factor = unit === 's' && dialect.types.timer === 'ms' ? 1000 : 1;
  const distribution = isExponential
    ? fromExponentialBuckets(exponential, factor)
    : fromExplicitBuckets(explicit, factor);
  const chosen = chooseSamples(distribution!, dialect.samples, histograms);
  if (typeof chosen === 'string') return expect.fail(chosen);
  return {
    lines,
    samples: lines.flatMap((line) => {
      const parsed = parseLine(line, dialect);
      return 'reason' in parsed ? expect.fail(`${line}: ${parsed.reason}`) : parsed.samples;
    }),
    chosen: Array.from(chosen.values, (value, index): WeightedValue => [value, chosen.weights[index]!]),
  };
}

function ascending(values: readonly WeightedValue[]): WeightedValue[] {
  return [...values].sort(([a, first], [b, second]) => a - b || first - second);
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const sampled = (Object.keys(dialects) as DialectName[]).filter(
  (name) => dialects[name].samples.rate !== 'none',
);

describe.each(sampled)('the lines of a sampled histogram for %s', (name) => {
  const runs = { numRuns: 25 };

  it('hold decimals without exponent, a rate only where it is below 1, and no more bytes than allowed', () => {
    fc.assert(
      fc.property(recorded, (recording) => {
        const { lines } = write(name, recording);
        expect(lines.filter((line) => !SAMPLE_LINE.test(line))).toEqual([]);
        expect(lines.filter((line) => Buffer.byteLength(`${line}\n`) > recording.maxLineBytes)).toEqual([]);
        // A sample of weight 1 goes without, so that no rate is above a half.
        const rates = lines.flatMap((line) => /\|@([0-9.]+)/.exec(line)?.[1] ?? []);
        expect(rates.filter((rate) => Number(rate) > 0.5)).toEqual([]);
      }),
      runs,
    );
  });

  it('parse back to every value bit by bit, with its weight', () => {
    fc.assert(
      fc.property(recorded, (recording) => {
        const { samples, chosen } = write(name, recording);
        const read = samples.map(({ value, sampleRate }): WeightedValue => {
          return [Number(value), Math.trunc(1 / sampleRate)];
        });
        expect(ascending(read)).toEqual(ascending(chosen));
      }),
      runs,
    );
  });

  it('count as many recordings as there were, whether servers truncate or round weights', () => {
    fc.assert(
      fc.property(recorded, (recording) => {
        const { samples } = write(name, recording);
        const weights = samples.map(({ sampleRate }) => 1 / sampleRate);
        const count = recording.values.length * timesOf(recording, name);
        expect({
          cut: total(weights.map(Math.trunc)),
          rounded: total(weights.map(Math.round)),
        }).toEqual({ cut: count, rounded: count });
      }),
      runs,
    );
  });

  if (dialects[name].samples.packed) {
    it('are as few as the allowed bytes permit', () => {
      fc.assert(
        fc.property(recorded, (recording) => {
          const { lines } = write(name, recording);
          const linesByEnd = new Map<string, string[]>();
          for (const line of lines) {
            const end = line.slice(line.indexOf('|'));
            linesByEnd.set(end, [...(linesByEnd.get(end) ?? []), line]);
          }
          // The first value of a line would not have fitted into the line before.
          for (const alike of linesByEnd.values()) {
            const loose = alike.slice(1).filter((line, index) => {
              const first = /:([^:|]+)/.exec(line)![1]!;
              return Buffer.byteLength(`${alike[index]}:${first}\n`) <= recording.maxLineBytes;
            });
            expect(loose).toEqual([]);
          }
        }),
        runs,
      );
    });
  }
});
