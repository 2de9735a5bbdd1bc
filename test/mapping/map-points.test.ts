import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { dialects } from '../../src/mapping/dialects/index.js';
import { fastPathKind } from '../../src/mapping/map-points.js';
import { MetricsMapper } from '../../src/mapping/metrics-mapper.js';
import {
  batchOf,
  counter,
  gauge,
  mapperOf,
  mappingOptions,
  point,
  recordingSink,
} from '../support/mapping.js';

const { CUMULATIVE, DELTA } = AggregationTemporality;

function exponential(count: number, facts: { temporality?: AggregationTemporality } = {}): MetricData {
  const value = {
    scale: 0,
    zeroCount: 0,
    positive: { offset: 0, bucketCounts: [count] },
    negative: { offset: 0, bucketCounts: [] },
    count,
    sum: 1.5 * count,
  };
  return {
    descriptor: { name: 'h', unit: '', description: '', valueType: 1 },
    dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
    aggregationTemporality: facts.temporality ?? DELTA,
    dataPoints: [point(value)],
  } as MetricData;
}

it('fastPathKind is counter or gauge where nothing is remembered of a series', () => {
  const metrics = [DELTA, CUMULATIVE].flatMap((temporality) => [
    counter([], { temporality }),
    counter([], { temporality, monotonic: false }),
    gauge([], { temporality }),
    exponential(1, { temporality }),
  ]);
  expect(metrics.map(fastPathKind)).toEqual([
    ...['counter', undefined, 'gauge', undefined],
    ...[undefined, 'gauge', 'gauge', undefined],
  ]);
});

it.each<[string, boolean, number, (index: number) => MetricData, number]>([
  ['numbers as bytes', true, 1, () => counter(points(1_000)), 3],
  ['numbers as text', false, 1, () => counter(points(1_000)), Math.floor((1_000 * 8) / 256)],
  ['gauges as text', false, 1, () => gauge(points(1_000)), Math.floor((1_000 * 8) / 256)],
  ['many metrics of few numbers', true, 100, (index) => counter(points(5), { name: `m${index}` }), 1],
  ['histograms', true, 10, () => exponential(1), 2],
])('%s are mapped in steps of about ten microseconds', (_, takesBytes, count, metricOf, yields) => {
  const mapper = new MetricsMapper(mappingOptions(dialects.dogstatsd, { maxSeries: 10 }), () => 0);
  const report = { drop: () => {}, summarise: () => {}, warn: () => {} };
  const batch = batchOf(Array.from({ length: count }, (_each, index) => metricOf(index)));
  expect([...mapper.steps(batch, recordingSink([], takesBytes), report)]).toHaveLength(yields);
});

function points(count: number) {
  return Array.from({ length: count }, (_, index) => point(1, { attributes: { index } }));
}

it('a cumulative exponential histogram is sent as its increase', () => {
  const histograms = { mode: 'summary', exactSum: true, percentiles: [] } as const;
  const map = mapperOf(dialects.dogstatsd, { histograms });
  const lines = [2, 5].map((count) => map(batchOf([exponential(count, { temporality: CUMULATIVE })])).lines);
  expect(lines.map(([first]) => first)).toEqual(['h.count:2|c', 'h.count:3|c']);
});
