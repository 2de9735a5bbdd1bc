import { AggregationTemporality, type MetricData } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { WorkerIntake } from '../../../src/cluster/worker/normalise-metrics.js';
import { batchOf, counter, exponential, histogram, pointsOf, upDown } from '../support/metrics.js';

const as = (aggregationTemporality: AggregationTemporality, metric: MetricData): MetricData => ({
  ...metric,
  aggregationTemporality,
});
const { CUMULATIVE, DELTA } = AggregationTemporality;

test('cumulative counters and histograms become deltas, deltas of up-down counters their total', () => {
  const intake = new WorkerIntake(10, () => {});
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
    intake.take(
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

test('what has to be remembered for that is bounded and counted', () => {
  const dropped: string[] = [];
  const intake = new WorkerIntake(1, (reason) => dropped.push(reason));
  intake.take(batchOf(['a', 'b'].map((name) => as(CUMULATIVE, counter(name, 1)))));
  expect(dropped).toEqual(['series_limit']);
});

test('kinds of data that came after this are counted', () => {
  const dropped: string[] = [];
  const intake = new WorkerIntake(1, (reason) => dropped.push(reason));
  intake.take(batchOf([{ ...counter('a', 1), dataPointType: 9 } as unknown as MetricData]));
  expect(dropped).toEqual(['unsupported']);
});
