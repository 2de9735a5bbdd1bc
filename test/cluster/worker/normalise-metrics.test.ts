import { AggregationTemporality, type MetricData } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { MetricsNormaliser } from '../../../src/cluster/worker/normalise-metrics.js';
import { batchOf, counter, exponential, histogram, pointsOf, upDown } from '../support/metrics.js';

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
