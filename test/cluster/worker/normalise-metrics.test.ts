import { AggregationTemporality, type MetricData } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { MetricsNormaliser } from '../../../src/cluster/worker/normalise-metrics.js';
import { batchOf, counter, exponential, gauge, histogram, pointsOf, upDown } from '../support/metrics.js';

const as = (aggregationTemporality: AggregationTemporality, metric: MetricData): MetricData => ({
  ...metric,
  aggregationTemporality,
});
const { CUMULATIVE, DELTA } = AggregationTemporality;

test('cumulative counters and histograms become deltas, and deltas of up-down counters become totals', () => {
  const intake = new MetricsNormaliser(10, () => {});
  const explicit = (count: number) => ({
    buckets: { boundaries: [1], counts: [count, 0] },
    count,
    sum: count,
  });
  const exponentialOf = (count: number) => ({
    ...{ count, sum: count, scale: 0, zeroCount: count },
    ...{ positive: { offset: 0, bucketCounts: [] }, negative: { offset: 0, bucketCounts: [] } },
  });
  const taken = [5, 8].map((total) =>
    intake.normalise(
      batchOf([
        as(CUMULATIVE, counter('c', total)),
        as(DELTA, upDown('u', total)),
        as(CUMULATIVE, histogram('h', explicit(total))),
        as(CUMULATIVE, exponential('e', exponentialOf(total))),
      ]),
    ),
  );
  expect(taken.map(pointsOf)).toEqual([
    [
      ['c', 5],
      ['u', 5],
      ['h', explicit(5)],
      ['e', exponentialOf(5)],
    ],
    [
      ['c', 3],
      ['u', 13],
      ['h', explicit(3)],
      ['e', exponentialOf(3)],
    ],
  ]);
  expect(
    taken[1]!.scopeMetrics[0]!.metrics.map(({ aggregationTemporality }) => aggregationTemporality),
  ).toEqual([DELTA, CUMULATIVE, DELTA, DELTA]);
});

test('series that need conversion are bounded and refused points are counted', () => {
  const dropped: string[] = [];
  const intake = new MetricsNormaliser(1, (reason) => dropped.push(reason));
  intake.normalise(batchOf(['a', 'b'].map((name) => as(CUMULATIVE, counter(name, 1)))));
  expect(dropped).toEqual(['series_limit']);
});

test('points of an unknown kind of data are counted', () => {
  const dropped: string[] = [];
  const intake = new MetricsNormaliser(1, (reason) => dropped.push(reason));
  intake.normalise(batchOf([{ ...counter('a', 1), dataPointType: 9 } as unknown as MetricData]));
  expect(dropped).toEqual(['unsupported']);
});

test('histograms that are unusable are counted, and what is missing or infinite in others is left out', () => {
  const dropped: string[] = [];
  const intake = new MetricsNormaliser(1, (reason) => dropped.push(reason));
  const of = (changes: object) => ({ buckets: { boundaries: [1], counts: [1, 1] }, count: 2, ...changes });
  const exponentialOf = (count: number) => ({
    ...{ count, sum: Infinity, min: 1, scale: 0, zeroCount: count },
    ...{ positive: { offset: 0, bucketCounts: [] }, negative: { offset: 0, bucketCounts: [] } },
  });
  const taken = intake.normalise(
    batchOf([
      histogram('a', of({ count: 2 ** 53 })),
      histogram('b', of({ buckets: { boundaries: [1, Infinity], counts: [1, 0, 1] } })),
      histogram('c', of({ count: 0 })),
      histogram('d', of({ sum: Infinity, min: -Infinity, max: Number.NaN })),
      histogram('e', of({ sum: 1, min: 2, max: 3 })),
      exponential('f', exponentialOf(2)),
      exponential('g', exponentialOf(0)),
    ]),
  );
  const { sum: _, ...finite } = exponentialOf(2);
  expect([pointsOf(taken), dropped]).toEqual([
    [
      ['d', of({})],
      ['e', of({ sum: 1, min: 2, max: 3 })],
      ['f', finite],
    ],
    ['non_finite', 'non_finite'],
  ]);
});

test('cumulative histograms beyond the limit of series are counted', () => {
  const dropped: string[] = [];
  const intake = new MetricsNormaliser(1, (reason) => dropped.push(reason));
  const value = { buckets: { boundaries: [1], counts: [1, 1] }, count: 2, sum: 1 };
  intake.normalise(batchOf(['a', 'b'].map((name) => as(CUMULATIVE, histogram(name, value)))));
  expect(dropped).toEqual(['series_limit']);
});

test('gauges are current values, whatever their temporality', () => {
  const dropped: string[] = [];
  const intake = new MetricsNormaliser(10, (reason) => dropped.push(reason));
  const taken = [1, 2].map((value) => intake.normalise(batchOf([as(DELTA, gauge('g', value))])));
  intake.normalise(batchOf([gauge('g', Number.NaN), upDown('u', -Infinity)]));
  expect([taken.map(pointsOf), dropped]).toEqual([
    [[['g', 1]], [['g', 2]]],
    ['non_finite', 'non_finite'],
  ]);
});

test('points that cannot be used, or read, do not change how the others of their metric are taken', () => {
  const dropped: string[] = [];
  const intake = new MetricsNormaliser(10, (reason) => dropped.push(reason));
  const unreadable = {
    ...counter('x', 1).dataPoints[0]!,
    get value(): number {
      throw new Error('no');
    },
  };
  const withBad = (metric: MetricData): MetricData =>
    ({
      ...as(DELTA, metric),
      dataPoints: [unreadable, counter('x', Number.NaN).dataPoints[0]!, ...metric.dataPoints],
    }) as MetricData;
  const taken = [1, 2].map(() =>
    intake.normalise(batchOf([withBad(gauge('g', 5)), withBad(counter('c', 5))])),
  );
  const both = [
    ['g', 5],
    ['c', 5],
  ];
  expect([taken.map(pointsOf), dropped]).toEqual([
    [both, both],
    Array(4).fill(['unreadable', 'non_finite']).flat(),
  ]);
});
