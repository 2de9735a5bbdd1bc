// Points in which an infinite value was recorded, as SDKs make them: all with explicit buckets, and those before 2.10 with
// exponential ones.
import {
  AggregationTemporality,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import type { HistogramMode } from '../../../src/mapping/options.js';
import { batchOf, mapOnce, mapperOf, point } from '../../support/mapping.js';

const FACTS = {
  descriptor: { name: 'h', unit: 'By', description: '', valueType: 1 },
  aggregationTemporality: AggregationTemporality.DELTA,
};

function explicit(
  counts: number[],
  totals: Partial<Histogram>,
  temporality = FACTS.aggregationTemporality,
): MetricData {
  const count = counts.reduce((sum, each) => sum + each, 0);
  const value = { buckets: { boundaries: [5, 10], counts }, count, ...totals };
  return {
    ...FACTS,
    aggregationTemporality: temporality,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [point<Histogram>(value)],
  };
}

/** What SDK 2.0.0 collects of Infinity, 3, 7 and 2: buckets so wide that one reaches from 1 to 256. */
const COLLAPSED: ExponentialHistogram = {
  count: 4,
  sum: Infinity,
  min: 2,
  max: Infinity,
  scale: -3,
  zeroCount: 0,
  positive: { offset: 0, bucketCounts: [3, ...new Array<number>(126).fill(0), 1] },
  negative: { offset: 0, bucketCounts: [] },
};

function exponential(value: ExponentialHistogram): MetricData {
  return {
    ...FACTS,
    dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
    dataPoints: [point<ExponentialHistogram>(value)],
  };
}

function map(metric: MetricData, mode: HistogramMode = 'samples') {
  const histograms = { mode, exactSum: true, exactMax: true, percentiles: [50] };
  const { lines, drops } = mapOnce(dialects.statsd, [metric], { histograms });
  return { lines: [...lines].sort(), drops };
}

const DROPPED = { non_finite: 1 };

describe('a point with an infinite recording', () => {
  it('in explicit buckets is sent as samples of the finite buckets', () => {
    const { lines, drops } = map(explicit([2, 1, 1], { sum: Infinity, min: 2, max: Infinity }));
    expect({ lines, drops }).toEqual({ lines: ['h:2|ms', 'h:4.25|ms', 'h:7.5|ms'], drops: DROPPED });
  });

  it('in explicit buckets is sent as counters of the finite buckets', () => {
    expect(map(explicit([2, 1, 1], { sum: Infinity, min: 2, max: Infinity }), 'buckets')).toEqual({
      lines: ['h.bucket.le.10:1|c', 'h.bucket.le.5:2|c', 'h.count:4|c'],
      drops: DROPPED,
    });
  });

  it('is sent as a summary of its count and its finite extreme', () => {
    expect(map(explicit([2, 1, 1], { sum: Infinity, min: 2, max: Infinity }), 'summary')).toEqual({
      lines: ['h.count:4|c', 'h.min:2|g'],
      drops: DROPPED,
    });
    expect(map(explicit([1, 1, 1], { sum: -Infinity, min: -Infinity, max: 12 }), 'summary')).toEqual({
      lines: ['h.count:3|c', 'h.max:12|g'],
      drops: DROPPED,
    });
  });

  it('in exponential buckets is sent as its count and its finite extreme, beside the name of the samples', () => {
    expect(map(exponential(COLLAPSED))).toEqual({
      lines: ['h.summary.count:4|c', 'h.summary.min:2|g'],
      drops: DROPPED,
    });
    expect(map(exponential(COLLAPSED), 'buckets')).toEqual({ lines: ['h.count:4|c'], drops: DROPPED });
  });

  it('is sent as its count where all recordings are infinite', () => {
    const all = { sum: Infinity, min: Infinity, max: Infinity };
    expect(map(explicit([0, 0, 2], all))).toEqual({ lines: ['h.summary.count:2|c'], drops: DROPPED });
  });

  it('is recognised by its sum where min and max are not recorded', () => {
    expect(map(explicit([2, 1, 1], { sum: Infinity }), 'buckets').lines).toEqual([
      'h.bucket.le.10:1|c',
      'h.bucket.le.5:2|c',
      'h.count:4|c',
    ]);
    // Both infinities.
    expect(map(explicit([2, 1, 1], { sum: Number.NaN }), 'buckets').lines).toEqual([
      'h.bucket.le.10:1|c',
      'h.count:4|c',
    ]);
  });

  it('does not affect the later points of a cumulative series', () => {
    const histograms = { mode: 'buckets', exactSum: true, percentiles: [] } as const;
    const mapNext = mapperOf(dialects.statsd, { histograms });
    const cumulative = (counts: number[], sum: number) =>
      mapNext(batchOf([explicit(counts, { sum }, AggregationTemporality.CUMULATIVE)]));
    cumulative([1, 0, 0], 2);
    expect(cumulative([2, 0, 1], Infinity)).toMatchObject({ drops: DROPPED });
    expect(cumulative([3, 0, 2], Infinity)).toMatchObject({
      lines: ['h.bucket.le.5:1|c', 'h.bucket.le.inf:1|c', 'h.count:2|c'],
      drops: {},
    });
  });
});

it('a point whose sum overflowed loses its sum alone', () => {
  const huge = { sum: Infinity, min: 1e308, max: 1.5e308 };
  const { lines, drops } = map(explicit([0, 0, 2], huge), 'summary');
  expect([lines.map((line) => line.slice(0, 7)), drops]).toEqual([
    ['h.count', 'h.max:1', 'h.min:1', 'h.p50:1'],
    DROPPED,
  ]);
});

it.each([[[Number.NaN, 10]], [[-Infinity, Infinity]], [[Infinity, Infinity]], [[-Infinity, -Infinity]]])(
  'no line holds a number that is not finite, whatever the boundaries: %o',
  (boundaries) => {
    for (const mode of ['samples', 'summary', 'buckets'] as const) {
      for (const totals of [{}, { sum: Number.NaN }, { sum: 7, min: Number.NaN, max: Infinity }]) {
        const value = { buckets: { boundaries, counts: [1, 2, 3] }, count: 6, ...totals };
        const metric: MetricData = {
          ...FACTS,
          dataPointType: DataPointType.HISTOGRAM,
          dataPoints: [point<Histogram>(value)],
        };
        for (const dialect of [dialects.statsd, dialects.dogstatsd, dialects.carbon]) {
          const histograms = {
            mode: dialect.line === 'plaintext' ? 'summary' : mode,
            exactSum: true,
            percentiles: [50],
          } as const;
          const { lines } = mapOnce(dialect, [metric], { histograms });
          expect(lines.filter((line) => /:[^|]*(?:NaN|Infinity)|[ ](?:NaN|-?Infinity)/.test(line))).toEqual(
            [],
          );
        }
      }
    }
  },
);
