// No number that is not finite is ever written, whatever a producer hands over.
import {
  AggregationTemporality,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/mapping/dialects/index.js';
import { parseLine } from '../../src/mapping/lines/parse-line.js';
import type { HistogramMode } from '../../src/mapping/options.js';
import { batchOf, mapperOf, point } from '../support/mapping.js';

/** Numbers that overflow, vanish or are none. */
const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -20, max: 2_000 }) },
  { weight: 1, arbitrary: fc.double() },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[Number.NaN, Infinity, -Infinity, 1.7e308, -1.7e308, 5e-324, -0, 1e21, 2 ** 53, 2 ** 63],
      ...[null as unknown as number, undefined as unknown as number, '5' as unknown as number],
    ),
  },
);

const totals = { count: hostile, sum: hostile, min: hostile, max: hostile };

const explicit: fc.Arbitrary<Histogram> = fc.record(
  {
    ...totals,
    buckets: fc.record({
      boundaries: fc.array(hostile, { maxLength: 4 }),
      counts: fc.array(hostile, { maxLength: 5 }),
    }),
  },
  { requiredKeys: ['count', 'buckets'] },
);

const buckets = fc.record({ offset: hostile, bucketCounts: fc.array(hostile, { maxLength: 4 }) });

const exponential = fc.record(
  {
    ...totals,
    scale: fc.oneof(fc.integer({ min: -12, max: 22 }), hostile),
    zeroCount: hostile,
    positive: buckets,
    negative: buckets,
  },
  { requiredKeys: ['count', 'scale', 'zeroCount', 'positive', 'negative'] },
) as fc.Arbitrary<ExponentialHistogram>;

const kind = fc.oneof(
  fc.record({
    dataPointType: fc.constant(DataPointType.HISTOGRAM),
    values: fc.array(explicit, { maxLength: 3 }),
  }),
  fc.record({
    dataPointType: fc.constant(DataPointType.EXPONENTIAL_HISTOGRAM),
    values: fc.array(exponential, { maxLength: 3 }),
  }),
  fc.record({
    dataPointType: fc.constantFrom(DataPointType.SUM, DataPointType.GAUGE),
    values: fc.array(hostile, { maxLength: 3 }),
  }),
);

const metric: fc.Arbitrary<MetricData> = fc
  .tuple(
    kind,
    fc.constantFrom('', 's', 'ns', 'd', 'By'),
    fc.constantFrom(AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE),
    fc.boolean(),
    // Of which one may be the member of a set.
    fc.constantFrom({}, { user: Number.NaN }, { user: 'x:1|c', k: Infinity }),
  )
  .map(
    ([{ dataPointType, values }, unit, aggregationTemporality, isMonotonic, attributes]) =>
      ({
        descriptor: {
          name: dataPointType === DataPointType.SUM ? 'counted' : 'm',
          unit,
          description: '',
          valueType: 1,
        },
        dataPointType,
        aggregationTemporality,
        isMonotonic,
        dataPoints: (values as unknown[]).map((value) => point(value, { attributes })),
      }) as unknown as MetricData,
  );

const histograms = fc.record({
  mode: fc.constantFrom<HistogramMode>('samples', 'summary', 'buckets'),
  exactSum: fc.boolean(),
  exactMax: fc.boolean(),
  percentiles: fc.constantFrom([], [0, 50, 99.9, 100]),
  maxSamples: fc.constantFrom(undefined, 2, 50),
});

describe('a line holds finite numbers alone, and its dialect reads it, for any points', () => {
  it.each(Object.entries(dialects))('%s', (_name, dialect) => {
    fc.assert(
      fc.property(
        fc.array(fc.array(metric, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        histograms,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (exports, rules, takesBytes, countsMembers, merges) => {
          // Options allow samples where lines have a type alone.
          const mode = dialect.line === 'statsd' ? rules.mode : 'summary';
          const options = {
            histograms: { ...rules, mode },
            sets: countsMembers ? { counted: 'user' } : {},
            // Points without attributes are one series.
            ...(merges && { attributes: { '*': [] } }),
          };
          const map = mapperOf(dialect, options, { takesBytes });
          for (const metrics of exports) {
            const { lines } = map(batchOf(metrics));
            // Of a number that is not finite the parser says that it is no decimal number.
            const unreadable = lines.filter((line) => 'reason' in parseLine(line, dialect));
            expect(unreadable).toEqual([]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
