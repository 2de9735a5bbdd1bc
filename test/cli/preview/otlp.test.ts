import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { readExports } from '../../../src/cli/preview/otlp.js';

it('every kind of metric becomes what the SDK exports', () => {
  const times = { startTimeUnixNano: '1700000000000000001', timeUnixNano: 1700000010 * 1e9 };
  const document = {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeMetrics: [
          {
            scope: { name: 'lib', version: '1' },
            metrics: [
              {
                name: 'sum',
                unit: '1',
                description: 'd',
                sum: {
                  aggregationTemporality: 'AGGREGATION_TEMPORALITY_DELTA',
                  isMonotonic: true,
                  dataPoints: [
                    {
                      ...times,
                      asInt: '9007199254740991',
                      attributes: [
                        { key: 'b', value: { boolValue: true } },
                        { key: 'i', value: { intValue: '7' } },
                        { key: 'd', value: { doubleValue: 1.5 } },
                        {
                          key: 'a',
                          value: { arrayValue: { values: [{ stringValue: 'x' }, { intValue: 1 }] } },
                        },
                        {
                          key: 'm',
                          value: { kvlistValue: { values: [{ key: 'k', value: { stringValue: 'v' } }] } },
                        },
                        { key: 'y', value: { bytesValue: 'AAE=' } },
                        { key: 'n', value: {} },
                        { key: 'o' },
                      ],
                    },
                  ],
                },
              },
              { name: 'gauge', gauge: { dataPoints: [{ asDouble: '-Infinity' }] } },
              {
                name: 'histogram',
                histogram: {
                  aggregationTemporality: 2,
                  dataPoints: [
                    {
                      count: '3',
                      sum: 4.5,
                      min: 1,
                      max: 2,
                      explicitBounds: [1, 2],
                      bucketCounts: ['1', 2, '0'],
                    },
                    { count: 2 },
                  ],
                },
              },
              {
                name: 'exponential',
                exponentialHistogram: {
                  aggregationTemporality: 1,
                  dataPoints: [
                    {
                      count: '4',
                      sum: 9,
                      scale: -1,
                      zeroCount: '1',
                      positive: { offset: -2, bucketCounts: ['1', '2'] },
                      max: 4,
                    },
                  ],
                },
              },
            ],
          },
          {},
        ],
      },
      {},
    ],
  };
  const descriptor = (name: string): object => ({ name, unit: '', description: '', valueType: 1 });
  const point = { attributes: {}, startTime: [0, 0], endTime: [0, 0] };
  expect(readExports(JSON.stringify(document))).toEqual({
    notes: [],
    faults: [],
    batches: [
      {
        resource: { attributes: { 'service.name': 'shop' } },
        scopeMetrics: [
          {
            scope: { name: 'lib' },
            metrics: [
              {
                descriptor: { name: 'sum', unit: '1', description: 'd', valueType: 1 },
                dataPointType: DataPointType.SUM,
                aggregationTemporality: AggregationTemporality.DELTA,
                isMonotonic: true,
                dataPoints: [
                  {
                    attributes: {
                      b: true,
                      i: 7,
                      d: 1.5,
                      a: ['x', 1],
                      m: { k: 'v' },
                      y: 'AAE=',
                      n: undefined,
                      o: undefined,
                    },
                    startTime: [1_700_000_000, 1],
                    endTime: [1_700_000_010, 0],
                    value: 9_007_199_254_740_991,
                  },
                ],
              },
              {
                descriptor: descriptor('gauge'),
                dataPointType: DataPointType.GAUGE,
                aggregationTemporality: AggregationTemporality.CUMULATIVE,
                dataPoints: [{ ...point, value: -Infinity }],
              },
              {
                descriptor: descriptor('histogram'),
                dataPointType: DataPointType.HISTOGRAM,
                aggregationTemporality: AggregationTemporality.CUMULATIVE,
                dataPoints: [
                  {
                    ...point,
                    value: {
                      buckets: { boundaries: [1, 2], counts: [1, 2, 0] },
                      count: 3,
                      sum: 4.5,
                      min: 1,
                      max: 2,
                    },
                  },
                  { ...point, value: { buckets: { boundaries: [], counts: [] }, count: 2 } },
                ],
              },
              {
                descriptor: descriptor('exponential'),
                dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
                aggregationTemporality: AggregationTemporality.DELTA,
                dataPoints: [
                  {
                    ...point,
                    value: {
                      count: 4,
                      sum: 9,
                      scale: -1,
                      zeroCount: 1,
                      positive: { offset: -2, bucketCounts: [1, 2] },
                      negative: { offset: 0, bucketCounts: [] },
                      max: 4,
                    },
                  },
                ],
              },
            ],
          },
          { scope: { name: '' }, metrics: [] },
        ],
      },
      { resource: { attributes: {} }, scopeMetrics: [] },
    ],
  });
});
