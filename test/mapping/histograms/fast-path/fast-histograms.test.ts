// Histogram points on the fast path have the same lines as on the slow path, which takes those that it declines.
import {
  AggregationTemporality,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DialectName, dialects } from '../../../../src/mapping/dialects/index.js';
import { LineWriter } from '../../../../src/mapping/histograms/fast-path/line-writer.js';
import { batchOf, mapperOf, point } from '../../../support/mapping.js';
import { explicitPoint, exponentialPoint } from '../../../support/metrics/histogram-points.js';

type Point = { exponential: ExponentialHistogram } | { explicit: Histogram };

/** Many recordings of a few kinds of values: spread, in one bucket, equal, zero, whole. */
const recordings: fc.Arbitrary<number[]> = fc
  .record({
    seeds: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
    repeat: fc.integer({ min: 1, max: 60 }),
    unit: fc.constantFrom(1e-9, 1e-4, 1, 1e3, 1e9),
    kind: fc.constantFrom<(part: number, index: number) => number>(
      (part) => Math.exp(12 * part),
      (part, index) => 1 + part / 100 + index * 1e-9,
      (part) => Math.round(part * 5),
      (part, index) => (index % 3 === 0 ? 0 : part),
      () => 42,
      (part, index) => (part + 0.01) * (index + 1),
    ),
  })
  .map(({ seeds, repeat, unit, kind }) =>
    Array.from(
      { length: seeds.length * repeat },
      (_, index) => unit * kind(seeds[index % seeds.length]!, index),
    ),
  );

/** What a point may state instead of what was recorded. */
const facts = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ sum: fc.double({ min: 0, max: 1e9, noNaN: true }) }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { min: undefined },
      { max: undefined },
      { min: 1, max: 2 },
      { min: 50, max: 1e9 },
    ),
  },
) as fc.Arbitrary<Partial<Histogram>>;

const anyPoint: fc.Arbitrary<Point> = fc
  .tuple(
    recordings,
    facts,
    fc.boolean(),
    fc.constantFrom(20, 160, 600),
    fc.constantFrom(1, 1, 1000, 1e7, 0.5),
  )
  .map(([values, stated, isExponential, maxSize, factor]) => {
    const scaled = (counts: readonly number[]): number[] => counts.map((count) => count * factor);
    if (!isExponential) {
      const { buckets, ...of } = explicitPoint(values);
      const counts = scaled(buckets.counts);
      return {
        explicit: {
          ...of,
          count: of.count * factor,
          sum: of.sum! * factor,
          buckets: { ...buckets, counts },
          ...stated,
        },
      };
    }
    const { positive, zeroCount, ...of } = exponentialPoint(values, maxSize);
    const buckets = { offset: positive.offset, bucketCounts: scaled(positive.bucketCounts) };
    const totals = { count: of.count * factor, sum: of.sum! * factor, zeroCount: zeroCount * factor };
    return { exponential: { ...of, ...totals, positive: buckets, ...stated } };
  });

const DESCRIPTOR = { name: 'h', unit: 'ms', description: '', valueType: 1 };

function metricOf(collected: Point, unit: string): MetricData {
  const common = {
    descriptor: { ...DESCRIPTOR, unit },
    aggregationTemporality: AggregationTemporality.DELTA,
  };
  return 'exponential' in collected
    ? {
        ...common,
        dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
        dataPoints: [point(collected.exponential)],
      }
    : { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: [point(collected.explicit)] };
}

const options = fc.record({
  histograms: fc.record({
    mode: fc.constant<'samples'>('samples'),
    maxSamples: fc.constantFrom(undefined, undefined, 3, 50, 300),
    exactSum: fc.boolean(),
    exactMax: fc.boolean(),
    percentiles: fc.constant([]),
  }),
  maxLineBytes: fc.constantFrom(100, 512, 1432),
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(Object.keys(dialects) as DialectName[])('the fast path of histograms for %s', (name) => {
  const dialect = dialects[name];

  it('writes the lines of the slow path', () => {
    fc.assert(
      fc.property(
        fc.array(anyPoint, { minLength: 1, maxLength: 3 }),
        options,
        fc.constantFrom('ms', 's', ''),
        (points, of, unit) => {
          const asBytes = mapperOf(dialect, of);
          const asText = mapperOf(dialect, of, { takesBytes: false });
          for (const each of points) {
            const batch = batchOf([metricOf(each, unit)]);
            expect(asBytes(batch)).toEqual(asText(batch));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe.each(['dogstatsd', 'statsd'] as const)('the fast path of histograms for %s', (name) => {
  const values = Array.from({ length: 500 }, (_, index) => Math.exp((index % 97) / 20) + index / 1000);

  it.each([
    ['exponential', { exponential: exponentialPoint(values) }],
    ['explicit', { explicit: explicitPoint(values) }],
  ])('takes a usual %s point', (_, usual) => {
    const write = vi.spyOn(LineWriter.prototype, 'write');
    mapperOf(dialects[name])(batchOf([metricOf(usual, 'ms')]));
    expect(write.mock.results).toEqual([{ type: 'return', value: true }]);
  });
});

describe('the fast path of histograms writes the lines of the slow path', () => {
  const values = Array.from({ length: 500 }, (_, index) => 1 + index / 7);
  const usual = exponentialPoint(values);

  function mappedBoth(metric: MetricData, options = {}) {
    return [true, false].map((takesBytes) =>
      mapperOf(dialects.dogstatsd, options, { takesBytes })(batchOf([metric])),
    );
  }

  it.each([
    ['name', 'n'.repeat(150), {}],
    ['tag', 'n', { tag: 'x'.repeat(150) }],
  ])('for a long %s, within the length of a line', (_, name, tags) => {
    const metric = metricOf({ exponential: usual }, 'ms');
    const named = { ...metric, descriptor: { ...metric.descriptor, name } };
    const [asBytes, asText] = mappedBoth(named, { maxLineBytes: 400, tags });
    expect(asBytes).toEqual(asText);
    expect(Math.max(...asBytes!.lines.map((line) => line.length))).toBeLessThanOrEqual(400);
  });

  it.each<[string, object]>([
    ['an offset that is no whole number', { positive: { ...usual.positive, offset: 0.5 } }],
    ['an offset that is no number', { positive: { ...usual.positive, offset: Number.NaN } }],
    ['a scale that is no whole number', { scale: 0.5 }],
    ['a scale that is too large', { scale: 1_000 }],
    ['a minimum that is no number', { min: Number.NaN }],
    ['a sum that is no number', { sum: Number.NaN }],
    ['a count that is no number', { count: Number.NaN }],
  ])('for a point with %s', (_, odd) => {
    const [asBytes, asText] = mappedBoth(metricOf({ exponential: { ...usual, ...odd } }, 'ms'));
    expect(asBytes).toEqual(asText);
  });
});
