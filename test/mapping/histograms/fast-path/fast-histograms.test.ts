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
import type { Dialect } from '../../../../src/mapping/dialects/dialect.js';
import { type DialectName, dialects } from '../../../../src/mapping/dialects/index.js';
import { LineWriter } from '../../../../src/mapping/histograms/fast-path/line-writer.js';
import type { LineSink } from '../../../../src/mapping/lines/line-sink.js';
import { MetricsMapper } from '../../../../src/mapping/metrics-mapper.js';
import type { HistogramRules } from '../../../../src/mapping/options.js';
import {
  batchOf,
  type Group,
  mapperOf,
  mappingOptions,
  point,
  recordingSink,
} from '../../../support/mapping.js';
import { explicitPoint, exponentialPoint } from '../../../support/metrics/histogram-points.js';
import { shapes, valuesOf } from '../../../support/metrics/random-values.js';

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

describe('the fast path of histograms', () => {
  const values = Array.from({ length: 500 }, (_, index) => 1 + index / 7);
  const usual = exponentialPoint(values);
  const usualExplicit = explicitPoint(values);

  /** Whether a point is taken; its lines are those of the slow path, taken or not. */
  function isTaken(
    dialect: DialectName | Dialect,
    of: Point,
    rules: Partial<HistogramRules> = {},
    unit = 'ms',
    tags = {},
    maxLineBytes = 1432,
  ): boolean {
    const write = vi.spyOn(LineWriter.prototype, 'write');
    const histograms = { mode: 'samples', exactSum: true, percentiles: [], ...rules } as const;
    const batch = batchOf([metricOf(of, unit)]);
    const mapped = [true, false].map((takesBytes) => {
      const server = typeof dialect === 'string' ? dialects[dialect] : dialect;
      return mapperOf(server, { histograms, tags, maxLineBytes }, { takesBytes })(batch);
    });
    const results = write.mock.results.map(({ value }) => value);
    vi.restoreAllMocks();
    expect(mapped[0]).toEqual(mapped[1]);
    return results.includes(true);
  }

  /** Two recordings in each of so many buckets. */
  function exponentialOf(buckets: number): Point {
    const bounds = Array.from({ length: buckets + 1 }, (_, index) => 2 ** (index / 16));
    const sum = bounds.slice(1).reduce((total, bound, index) => total + bound + bounds[index]!, 0);
    const positive = { offset: 0, bucketCounts: new Array<number>(buckets).fill(2) };
    const totals = { count: 2 * buckets, sum, min: bounds[0]! * 1.001, max: bounds[buckets]! * 0.999 };
    return { exponential: { ...usual, ...totals, scale: 4, zeroCount: 0, positive } };
  }

  function explicitOf(buckets: number): Point {
    const boundaries = Array.from({ length: buckets - 1 }, (_, index) => index + 1);
    const counts = new Array<number>(buckets).fill(2);
    const totals = { count: 2 * buckets, sum: buckets * buckets, min: 0.25, max: buckets - 0.25 };
    return { explicit: { buckets: { boundaries, counts }, ...totals } };
  }

  /** So many recordings from 1 to 20, half of them up to 10. */
  function halves(count: number): Point {
    const counts = [Math.ceil(count / 2), Math.floor(count / 2)];
    const buckets = { boundaries: [10], counts };
    return { explicit: { buckets, count, sum: 10.5 * count, min: 1, max: 20 } };
  }

  const FOUR_BUCKETS = { scale: 0, positive: { offset: 0, bucketCounts: [100, 100, 100, 100] }, count: 400 };
  const changed = (changes: object): Point => ({ exponential: { ...usual, ...changes } });
  const changedExplicit = (changes: object): Point => ({ explicit: { ...usualExplicit, ...changes } });

  it.each<[string, DialectName, Point, Partial<HistogramRules>?]>([
    ['512 exponential buckets', 'dogstatsd', exponentialOf(512)],
    ['512 explicit buckets', 'dogstatsd', explicitOf(512)],
    ['512 explicit buckets', 'statsd', explicitOf(512)],
    ['as many recordings as a sum of seven digits may have', 'dogstatsd', halves(2 ** 29 - 1)],
    ['as many recordings as a sum of seven digits may have', 'statsd', halves(2 ** 29 - 1)],
    ['one recording more than samples', 'dogstatsd', halves(101)],
    ['one recording more than samples', 'statsd', halves(102)],
    ['four samples', 'statsd', halves(1_000), { maxSamples: 4 }],
    ['256 samples', 'statsd', halves(1_000), { maxSamples: 256 }],
    [
      'a minimum of 0',
      'dogstatsd',
      { explicit: { ...(halves(1_000) as { explicit: Histogram }).explicit, min: 0 } },
    ],
    [
      'an empty first and last bucket',
      'dogstatsd',
      {
        explicit: {
          buckets: { boundaries: [1, 5, 10, 20], counts: [0, 0, 500, 500, 0] },
          ...{ count: 1_000, sum: 10_400, min: 6, max: 19 },
        },
      },
    ],
  ])('takes a point with %s of %s', (_, name, of, rules) => {
    expect(isTaken(name, of, rules)).toBe(true);
  });

  it.each<[string, DialectName, Point, Partial<HistogramRules>?]>([
    ['513 exponential buckets', 'dogstatsd', exponentialOf(513)],
    ['513 explicit buckets', 'statsd', explicitOf(513)],
    ['more recordings than a sum of seven digits may have', 'dogstatsd', halves(2 ** 29)],
    ['more recordings than a sum of seven digits may have', 'statsd', halves(2 ** 29)],
    ['no more recordings than samples', 'dogstatsd', halves(100)],
    ['no more recordings than samples', 'statsd', halves(101)],
    ['three samples', 'statsd', halves(1_000), { maxSamples: 3 }],
    ['257 samples', 'statsd', halves(1_000), { maxSamples: 257 }],
    ['a limit of samples', 'dogstatsd', halves(1_000), { maxSamples: 50 }],
    ['samples of a fixed weight', 'dogstatsd', halves(1_000), { sampleWeight: 20 }],
    ['samples of a fixed weight', 'statsd', halves(1_000), { sampleWeight: 20 }],
    ['weights that the server does not count', 'netdata', halves(1_000_000)],
    ['a minimum below 0', 'dogstatsd', changedExplicit({ min: -1 })],
    ['an unknown minimum', 'dogstatsd', changed({ min: undefined })],
    ['an unknown maximum', 'dogstatsd', changed({ max: undefined })],
    ['an unknown sum', 'dogstatsd', changed({ sum: undefined })],
    ['a minimum above its bucket', 'dogstatsd', changed({ min: 50 })],
    ['a maximum below its bucket', 'dogstatsd', changed({ max: 20 })],
    [
      'a negative number of recordings',
      'dogstatsd',
      changed({ positive: { offset: 0, bucketCounts: [-1, 501] } }),
    ],
    [
      'an odd scale that its bounds do not tell',
      'dogstatsd',
      changed({ ...FOUR_BUCKETS, scale: 0.5, min: 1.1, max: 6, sum: 1_300 }),
    ],
    [
      'an odd offset that its bounds do not tell',
      'dogstatsd',
      changed({
        ...FOUR_BUCKETS,
        positive: { ...FOUR_BUCKETS.positive, offset: 0.5 },
        min: 1.5,
        max: 20,
        sum: 3_200,
      }),
    ],
    ['no buckets', 'dogstatsd', changed({ positive: { offset: 0, bucketCounts: [] } })],
    ['an odd offset below 0', 'dogstatsd', changed({ negative: { offset: 0.5, bucketCounts: [] } })],
    ['an odd offset', 'dogstatsd', changed({ positive: { ...usual.positive, offset: 2 ** 40 } })],
    ['an odd scale', 'dogstatsd', changed({ scale: 1_000 })],
    ['a minimum above the maximum', 'dogstatsd', changed({ min: 90, max: 80 })],
    ['recordings of 0', 'dogstatsd', changed({ zeroCount: 3 })],
    ['recordings below 0', 'dogstatsd', changed({ negative: { offset: 0, bucketCounts: [1] } })],
    [
      'a fraction of a recording',
      'dogstatsd',
      changedExplicit({ buckets: { boundaries: [40], counts: [250.5, 249.5] } }),
    ],
    ['a sum that the buckets cannot have', 'dogstatsd', changed({ sum: 1e9 })],
    [
      'a bucket so wide that its room overflows',
      'dogstatsd',
      changed({
        ...{ scale: -10, positive: { offset: 0, bucketCounts: [400] }, count: 400 },
        ...{ min: 1, max: 1e308, sum: 1.5e308 },
      }),
    ],
    [
      'buckets without recordings',
      'dogstatsd',
      changedExplicit({ buckets: { boundaries: [40], counts: [0, 0] } }),
    ],
  ])('leaves a point with %s to the slow path of %s', (_, name, of, rules) => {
    expect(isTaken(name, of, rules)).toBe(false);
  });

  it.each(['s', 'ms', 'us', 'By', ''])(
    'takes points in the unit "%s", on servers that count in milliseconds or not',
    (unit) => {
      const names = ['statsd', 'dogstatsd', 'gostatsd', 'brubeck', 'statsd-exporter'] as const;
      expect(names.map((name) => isTaken(name, halves(1_000), {}, unit))).toEqual(names.map(() => true));
    },
  );

  it('leaves points to the slow path whose maximum overflows in the unit of the lines', () => {
    const { explicit } = halves(1_000) as { explicit: Histogram };
    const found = [{ max: 1e306 }, { max: 1e306, sum: 1e306 }].map((totals) =>
      isTaken('statsd', { explicit: { ...explicit, ...totals } }, {}, 's'),
    );
    expect(found).toEqual([false, false]);
  });

  /** Tags whose lines are some 50 bytes longer for each. */
  const manyTags = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, tag) => [`t${tag}`, 'v'.repeat(45)]));
  const halfOf = (count: number, changes: Partial<Histogram>): Point => ({
    explicit: { ...(halves(count) as { explicit: Histogram }).explicit, ...changes },
  });

  it('takes points as long as their lines are surely short enough', () => {
    for (const min of [1, 5e-324]) {
      const taken = Array.from({ length: 30 }, (_, count) =>
        isTaken('sysdig', halfOf(1_000, { min }), {}, 'ms', manyTags(count)),
      );
      const first = taken.indexOf(false);
      expect(first).toBeGreaterThan(5);
      expect(taken).toEqual(taken.map((_, count) => count < first));
    }
  });

  it.each(['dogstatsd', 'statsd'] as const)(
    'writes lines for %s that are longer than packed lines should be',
    (name) => {
      const taken = [0, 5, 20, 50].flatMap((count) =>
        [1, 1.2345678e-300].map((min) =>
          isTaken(name, halfOf(1_000, { min }), {}, 'ms', manyTags(count), 100),
        ),
      );
      expect(taken).toEqual(taken.map(() => true));
    },
  );

  it('writes weights below and above those that it has a table for', () => {
    const samples = { ...dialects.statsd.samples, packed: true };
    const servers: Dialect[] = [dialects.statsd, { ...dialects.statsd, samples }];
    for (const weight of [1_023, 1_024, 1_025]) {
      expect(servers.map((server) => isTaken(server, halves(101 * weight)))).toEqual([true, true]);
      expect(isTaken('dogstatsd', halves(100 * weight + 2))).toBe(true);
    }
  });

  it('leaves points to the slow path that have more constant tags than it can keep', () => {
    const tags = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`t${index}`, `${index}`]));
    const batch = batchOf([metricOf(changed({}), 'ms')]);
    const [asBytes, asText] = [true, false].map((takesBytes) =>
      mapperOf(dialects.dogstatsd, { tags }, { takesBytes })(batch),
    );
    expect(asBytes!.lines.length).toBeGreaterThan(1);
    expect(asBytes).toEqual(asText);
  });

  it('moves the highest sample, then all of them, to a sum below that of the samples', () => {
    const { explicit } = halves(1_000) as { explicit: Histogram };
    const sums = [9_500, 10_000, 10_400, 10_600, 11_000, 12_000];
    expect(sums.map((sum) => isTaken('statsd', { explicit: { ...explicit, sum } }))).toEqual(
      sums.map(() => true),
    );
    expect(sums.map((sum) => isTaken('dogstatsd', { explicit: { ...explicit, sum } }))).toEqual(
      sums.map(() => true),
    );
  });

  it('takes points of every shape and size', () => {
    const write = vi.spyOn(LineWriter.prototype, 'write');
    const mappers = (['dogstatsd', 'statsd'] as const).map((name) =>
      [true, false].map((takesBytes) => mapperOf(dialects[name], {}, { takesBytes })),
    );
    const magnitudes = [1e-30, 1e-9, 1e-7, 1e-6, 1e-5, 0.01, 1, 100, 1e4, 1e5, 1e6, 1e7, 1e12, 1e25];
    const sums = [1, 1.0003, 0.9997, 1.01, 0.99];
    let points = 0;
    magnitudes.forEach((magnitude, index) => {
      for (const [place, shape] of shapes.entries()) {
        const values = valuesOf(shape, 300 + 17 * index, index).map((value) => value * magnitude);
        const boundaries = values.filter((_, nth) => nth % 30 === 0).toSorted((one, other) => one - other);
        const exponential = exponentialPoint(values);
        const explicit = explicitPoint(values, [...new Set(boundaries)]);
        const sum = exponential.sum! * sums[(index + place) % sums.length]!;
        for (const of of [{ exponential: { ...exponential, sum } }, { explicit: { ...explicit, sum } }]) {
          const batch = batchOf([metricOf(of, 'ms')]);
          for (const [asBytes, asText] of mappers) {
            points += 1;
            expect(asBytes!(batch).lines.join('\n')).toBe(asText!(batch).lines.join('\n'));
          }
        }
      }
    });
    const taken = write.mock.results.filter(({ value }) => value === true);
    expect(taken.length).toBeGreaterThan(points / 2);
  });

  it('takes a point whose min or max is in the bucket beside that of the recording, as rounding may have it', () => {
    const counts = [100, 100, 100, 100];
    const ofExplicit = (totals: Partial<Histogram>): Point => ({
      explicit: { buckets: { boundaries: [10, 20, 30], counts }, count: 400, min: 1, max: 40, ...totals },
    });
    // The bounds are 1, 2, 4, 8 and 16.
    const ofExponential = (totals: Partial<Histogram>): Point =>
      changed({
        scale: 0,
        positive: { offset: 0, bucketCounts: counts },
        count: 400,
        min: 1.5,
        max: 15,
        ...totals,
      });
    const twoBuckets = (totals: Partial<Histogram>): Point => ({
      explicit: { buckets: { boundaries: [10], counts: [200, 200] }, count: 400, min: 1, max: 20, ...totals },
    });
    const taken = (points: Point[]) => points.map((of) => isTaken('dogstatsd', of));
    expect(
      taken([
        ofExplicit({ min: 11, sum: 8_650 }),
        ofExplicit({ min: 20, sum: 10_000 }),
        ofExplicit({ max: 29, sum: 7_400 }),
        ofExplicit({ max: 20, sum: 6_050 }),
        ofExponential({ min: 2.5, sum: 2_300 }),
        ofExponential({ max: 7, sum: 1_675 }),
        ofExponential({ min: 0, sum: 2_140 }),
      ]),
    ).toEqual([true, true, true, true, true, true, true]);
    expect(
      taken([
        ofExplicit({ min: 21, sum: 10_100 }),
        ofExplicit({ max: 19, sum: 6_000 }),
        ofExponential({ min: 5, sum: 3_000 }),
        ofExponential({ max: 3, sum: 1_000 }),
        twoBuckets({ min: 12, sum: 5_600 }),
        twoBuckets({ max: 9, sum: 2_900 }),
      ]),
    ).toEqual([false, false, false, false, false, false]);
  });

  it('takes a point with a single filled bucket', () => {
    const buckets = { boundaries: [10, 20], counts: [0, 400, 0] };
    const positive = { offset: 0, bucketCounts: [0, 400, 0] };
    const totals = { count: 400, min: 2.5, max: 3.5, sum: 1_190 };
    const points: Point[] = [
      { explicit: { buckets, count: 400, min: 12, max: 18, sum: 6_030 } },
      changed({ scale: 0, positive, ...totals }),
      changed({ scale: 0, positive, ...totals, min: 1.5, max: 5 }),
    ];
    expect(points.flatMap((of) => [isTaken('dogstatsd', of), isTaken('statsd', of)])).toEqual(
      points.flatMap(() => [true, true]),
    );
  });

  it('writes a point whose min and max are both beside its only bucket', () => {
    const buckets = { boundaries: [10, 20, 30], counts: [0, 400, 0, 0] };
    const taken = [
      { min: 22, max: 25, sum: 9_400 },
      { min: 5, max: 8, sum: 2_600 },
      { min: 20, max: 20, sum: 8_000 },
      { min: 35, max: 38, sum: 14_600 },
    ].flatMap((totals) =>
      (['dogstatsd', 'statsd'] as const).map((name) =>
        isTaken(name, { explicit: { buckets, count: 400, ...totals } }),
      ),
    );
    expect(taken).toEqual(taken.map(() => true));
  });

  it('takes sums up to those that the buckets can have, and writes all others as the slow path does', () => {
    const takenOf = (name: DialectName, from: number): boolean[] =>
      Array.from({ length: 24 }, (_, step) => isTaken(name, halfOf(1_000, { sum: from + 10 * step })));
    for (const name of ['dogstatsd', 'statsd'] as const) {
      // All at the lower ends of their buckets have a sum of some 5,500, and all at the upper ones of some 15,000.
      const [low, high] = [takenOf(name, 5_400), takenOf(name, 14_800)];
      expect([low[0], low.at(-1), high[0], high.at(-1)]).toEqual([false, true, true, false]);
    }
  });

  it('leaves a point to the slow path that has fewer buckets than one of the same bounds before', () => {
    const [asBytes, asText] = [true, false].map((takesBytes) =>
      mapperOf(dialects.dogstatsd, {}, { takesBytes }),
    );
    for (const buckets of [500, 600, 500]) {
      const batch = batchOf([metricOf(exponentialOf(buckets), 'ms')]);
      expect(asBytes!(batch)).toEqual(asText!(batch));
    }
  });

  it('makes equal values one sample, unless the server does not count its weight', () => {
    const equal = (count: number): Point => ({
      explicit: { buckets: { boundaries: [10], counts: [count, 0] }, count, sum: 5 * count, min: 5, max: 5 },
    });
    const samples = { ...dialects.dogstatsd.samples, maxWeight: 1_000 };
    const server: Dialect = { ...dialects.dogstatsd, samples };
    expect([isTaken(server, equal(1_000)), isTaken(server, equal(1_001))]).toEqual([true, false]);
  });

  it.each([
    [249, true],
    [250, false],
  ])('with %i strata and their tail takes a point: %s', (perPoint, taken) => {
    const samples = { ...dialects.dogstatsd.samples, perPoint };
    const server: Dialect = { ...dialects.dogstatsd, samples };
    const found = [halves(2_490), exponentialOf(500)].map((of) => isTaken(server, of));
    expect(found).toEqual([taken, taken]);
  });

  it('packs 256 samples of equal ranks', () => {
    const samples = { ...dialects.statsd.samples, packed: true };
    expect(isTaken({ ...dialects.statsd, samples }, halves(1_000), { maxSamples: 256 })).toBe(true);
  });

  it('leaves points to the slow path whose type has a newline in it', () => {
    const types = { ...dialects.dogstatsd.types, timer: 'd\nd' };
    expect(isTaken({ ...dialects.dogstatsd, types }, halves(1_000))).toBe(false);
  });

  it.each(['dogstatsd', 'statsd'] as const)(
    'writes the point after one that the sink for %s failed to take',
    (name) => {
      const mapper = new MetricsMapper(mappingOptions(dialects[name]), () => 0);
      const report = { drop: () => undefined, summarise: () => undefined, warn: () => undefined };
      const batchOfCount = (count: number) => batchOf([metricOf(halves(count), 'ms')]);
      const failing: LineSink = {
        write: () => undefined,
        bytes: () => {
          throw new Error('full');
        },
      };
      const groups: Group[] = [];
      const sink = recordingSink(groups, true);
      let lines = 0;
      const failsLater: LineSink = {
        ...sink,
        bytes: (kind) => {
          const buffer = sink.bytes!(kind);
          const reserve = buffer.reserve.bind(buffer);
          buffer.reserve = (bytes) => {
            if (++lines === 3) throw new Error('full');
            reserve(bytes);
          };
          return buffer;
        },
      };
      for (const each of [failing, failsLater]) {
        try {
          mapper.map(batchOfCount(1_000), each, report);
        } catch {
          // Whether the mapper passes the error on is not the question here.
        }
      }
      const after: Group[] = [];
      mapper.map(batchOfCount(3_210), recordingSink(after, true), report);
      expect(lines).toBeGreaterThanOrEqual(3);
      expect(after).toEqual(mapperOf(dialects[name], {}, { takesBytes: false })(batchOfCount(3_210)).groups);
    },
  );

  it('takes points of few recordings, whatever min, max and sum they state', () => {
    const { samples } = dialects.dogstatsd;
    const servers: Dialect[] = [4, 7, 12].flatMap((perPoint) => [
      { ...dialects.dogstatsd, samples: { ...samples, perPoint } },
      { ...dialects.statsd, samples: { ...dialects.statsd.samples, perPoint } },
    ]);
    const mappers = servers.map((server) =>
      [true, false].map((takesBytes) => mapperOf(server, {}, { takesBytes })),
    );
    const given = fc.record({
      counts: fc.array(fc.constantFrom(0, 0, 1, 2, 3, 5, 8, 13), { minLength: 2, maxLength: 6 }),
      // Bounds, and numbers between them; 9.9999997 is rounded into the next decade.
      widths: fc.array(fc.constantFrom(1, 2, 3, 9.9999997, 1e-6, 1e-7, 3e-9), { minLength: 5, maxLength: 5 }),
      base: fc.constantFrom(0, 0, 1, 9, 99.999999, 999_999),
      unit: fc.constantFrom(1e-12, 1e-6, 1e-3, 1, 1, 1e3, 1e5, 1e21),
      min: fc.constantFrom(0, 0.25, 0.5, 1, 1.5),
      max: fc.constantFrom(0, 0.25, 0.5, 1, 1.5),
      sum: fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })),
      digits: fc.constantFrom(3, 9, 17),
    });
    const write = vi.spyOn(LineWriter.prototype, 'write');
    let points = 0;
    fc.assert(
      fc.property(given, ({ counts, widths, base, unit, digits, ...at }) => {
        const edges: number[] = [base];
        for (const width of widths) edges.push(edges.at(-1)! + width);
        const [first, last] = [
          counts.findIndex((each) => each > 0),
          counts.findLastIndex((each) => each > 0),
        ];
        if (first < 0) return;
        const edge = (index: number): number => edges[Math.min(Math.max(index, 0), edges.length - 1)]! * unit;
        const between = (index: number, part: number): number =>
          edge(index) + (edge(index + 1) - edge(index)) * part;
        const [min, max] = [between(first, at.min), Math.max(between(first, at.min), between(last, at.max))];
        let [low, high, count] = [0, 0, 0];
        counts.forEach((each, bucket) => {
          count += each;
          low += each * Math.max(min, edge(bucket));
          high += each * Math.min(max, edge(bucket + 1));
        });
        const sum = Number((low + (high - low) * at.sum).toPrecision(digits));
        const boundaries = edges.slice(1, counts.length).map((each) => each * unit);
        const explicit = { buckets: { boundaries, counts }, count, sum, min, max };
        const batch = batchOf([metricOf({ explicit }, 'ms')]);
        for (const [asBytes, asText] of mappers) {
          points += 1;
          expect(asBytes!(batch).lines.join()).toBe(asText!(batch).lines.join());
        }
      }),
      { numRuns: 400, seed: 1 },
    );
    const taken = write.mock.results.filter(({ value }) => value === true);
    expect(taken.length).toBeGreaterThan(points / 4);
  });

  it('leaves points to the slow path whose lines may be longer than the server takes', () => {
    for (const name of ['dogstatsd', 'statsd'] as const) {
      const taken = Array.from({ length: 40 }, (_, more) => {
        const limits = { ...dialects[name].limits, lineBytes: 20 * (more + 1) };
        return isTaken({ ...dialects[name], limits }, halfOf(1_230, { min: 1.234567890123e-30 }));
      });
      const first = taken.indexOf(true);
      expect(first).toBeGreaterThan(10);
      expect(taken).toEqual(taken.map((_, more) => more >= first));
    }
  });

  /** Numbers as long as they can be, with rates that are long, too. */
  function longNumbers(count: number): Point {
    const [unit, { explicit }] = [2.234567890123456e-308, halves(count) as { explicit: Histogram }];
    const buckets = { ...explicit.buckets, boundaries: [10 * unit] };
    return { explicit: { buckets, count, sum: 10.5 * count * unit, min: unit, max: 20 * unit } };
  }

  it('takes numbers of all digits in lines of any length', () => {
    const of = longNumbers(1_000);
    const taken = Array.from({ length: 60 }, (_, more) => isTaken('dogstatsd', of, {}, 'ms', {}, 630 + more));
    expect(taken).toEqual(taken.map(() => true));
  });

  it('leaves points to the slow path whose type may be too long for a line', () => {
    for (const name of ['dogstatsd', 'statsd'] as const) {
      const types = { ...dialects[name].types, timer: 't'.repeat(500) };
      const taken = Array.from({ length: 20 }, (_, more) => {
        const limits = { ...dialects[name].limits, lineBytes: 460 + 50 * more };
        return isTaken({ ...dialects[name], types, limits }, halves(1_230));
      });
      expect([taken[0], taken.at(-1), taken.indexOf(true)]).toEqual([
        false,
        true,
        taken.lastIndexOf(false) + 1,
      ]);
    }
  });

  it('takes points with samples of more than 32 weights, unless they are packed', () => {
    // Buckets so narrow that rounding makes samples in them equal, and a wide one for what the sum lacks then.
    const weightsOf = (buckets: number, factor: number): Point => {
      const boundaries = Array.from({ length: buckets + 1 }, (_, bucket) => 1 + bucket * 1.5e-6);
      const narrow = Array.from({ length: buckets }, (_, bucket) => 1_010 * factor * (bucket + 1));
      const counts = [0, ...narrow, 9_000 * factor];
      const count = counts.reduce((total, each) => total + each);
      const totals = { count, sum: count + 9_000 * factor * 49, min: 1, max: 100 };
      return { explicit: { buckets: { boundaries, counts }, ...totals } };
    };
    const [packed, single] = [true, false].map((packed): Dialect => {
      const samples = { ...dialects.dogstatsd.samples, perPoint: 225, packed };
      return { ...dialects.dogstatsd, samples };
    });
    const points = [weightsOf(15, 1), weightsOf(20, 10), weightsOf(20, 100), weightsOf(20, 1_000)];
    expect(points.map((of) => [isTaken(packed!, of), isTaken(single!, of)])).toEqual([
      [true, true],
      [false, true],
      [false, true],
      [false, true],
    ]);
  });

  it('leaves points with more buckets than it has room for to the slow path, even if the last ones are empty', () => {
    const counts = [...new Array<number>(512).fill(2), ...new Array<number>(10).fill(0)];
    const boundaries = counts.slice(1).map((_, index) => index + 1);
    const buckets = { boundaries, counts };
    const of = { explicit: { buckets, count: 1_024, sum: 512 * 512, min: 0.25, max: 511.75 } };
    expect([isTaken('dogstatsd', of), isTaken('statsd', of)]).toEqual([false, false]);
  });

  it('leaves points to the slow path that may have weights above those that the server counts', () => {
    const samples = { ...dialects.dogstatsd.samples, perPoint: 100, maxWeight: 11 };
    const server: Dialect = { ...dialects.dogstatsd, samples };
    expect([isTaken(server, halves(1_000)), isTaken(server, halves(1_001))]).toEqual([true, false]);
  });

  it('leaves points to the slow path that have more recordings than the server counts', () => {
    const samples = { ...dialects.dogstatsd.samples, maxCount: 1_000 };
    const server: Dialect = { ...dialects.dogstatsd, samples };
    expect([isTaken(server, halves(1_000)), isTaken(server, halves(1_001))]).toEqual([true, false]);
  });

  it('leaves modes without samples to the slow path', () => {
    const modes = (['summary', 'buckets'] as const).map((mode) =>
      isTaken('dogstatsd', changed({}), { mode }),
    );
    expect(modes).toEqual([false, false]);
  });
});
