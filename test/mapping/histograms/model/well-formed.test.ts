import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../../src/mapping/dialects/index.js';
import { isWellFormed } from '../../../../src/mapping/histograms/model/well-formed.js';
import { batchOf, mapperOf, point } from '../../../support/mapping.js';

const explicit = { count: 2, sum: 3, buckets: { boundaries: [1, 2], counts: [1, 1, 0] } };
const exponential = {
  count: 1,
  sum: 1,
  scale: 2,
  zeroCount: 0,
  positive: { offset: 0, bucketCounts: [1] },
  negative: { offset: 0, bucketCounts: [] },
};

const isExplicit = (changes: object): boolean =>
  isWellFormed({ kind: 'explicit', ...point({ ...explicit, ...changes }) });
const isExponential = (changes: object): boolean =>
  isWellFormed({ kind: 'exponential', ...point({ ...exponential, ...changes }) });

describe('a histogram point', () => {
  it.each([
    {},
    { sum: Infinity, min: -Infinity, max: Number.NaN },
    { buckets: { boundaries: [-Infinity, 0, Infinity], counts: [0, 1, 1, 0] } },
    { buckets: { boundaries: [], counts: [] } },
    { buckets: { boundaries: [Infinity], counts: [2, 0] } },
    { count: 2.5 },
    { count: Number.MAX_SAFE_INTEGER },
  ])('with explicit buckets makes sense: %j', (changes) => {
    expect(isExplicit(changes)).toBe(true);
  });

  it.each([
    { count: Number.NaN },
    { count: -1 },
    { count: Infinity },
    { count: Number.MAX_SAFE_INTEGER + 1 },
    { count: '2' },
    { sum: '3' },
    { max: null },
    { buckets: { boundaries: [Number.NaN], counts: [1, 1] } },
    { buckets: { boundaries: ['1'], counts: [1, 1] } },
    { buckets: { boundaries: [2, 1], counts: [1, 1, 0] } },
    { buckets: { boundaries: [1, 1], counts: [1, 1, 0] } },
    { buckets: { boundaries: [], counts: [1, 1] } },
    { buckets: { boundaries: [1], counts: [1, Infinity] } },
  ])('with explicit buckets makes no sense: %j', (changes) => {
    expect(isExplicit(changes)).toBe(false);
  });

  it.each([{}, { scale: -64 }, { scale: 64 }, { positive: { offset: -(2 ** 31), bucketCounts: [1] } }])(
    'with exponential buckets makes sense: %j',
    (changes) => {
      expect(isExponential(changes)).toBe(true);
    },
  );

  it.each([
    { scale: 0.5 },
    { scale: 65 },
    { scale: -65 },
    { positive: { offset: 2 ** 31 + 1, bucketCounts: [1] } },
    { scale: Number.NaN },
    { zeroCount: -1 },
    { positive: { offset: Infinity, bucketCounts: [1] } },
    { negative: { offset: 0.5, bucketCounts: [1] } },
    { negative: { offset: 0, bucketCounts: [Number.NaN] } },
  ])('with exponential buckets makes no sense: %j', (changes) => {
    expect(isExponential(changes)).toBe(false);
  });

  it.each([AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE])(
    'whose bucket indexes are infinite is dropped and counted, merged with others or not (temporality %i)',
    (aggregationTemporality) => {
      const value = { ...exponential, positive: { offset: Infinity, bucketCounts: [1, 1] } };
      const metric = {
        descriptor: { name: 'm', unit: 's', description: '', valueType: 1 },
        dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
        aggregationTemporality,
        dataPoints: [point(value, { attributes: { k: 1 } }), point(value, { attributes: { k: 2 } })],
      } as MetricData;
      const maps = [{}, { attributes: { '*': [] } }].map((options) => mapperOf(dialects.statsd, options));
      for (const map of maps) {
        map(batchOf([metric]));
        expect(map(batchOf([metric]))).toMatchObject({ lines: [], drops: { unsupported: 2 } });
      }
    },
  );
});
