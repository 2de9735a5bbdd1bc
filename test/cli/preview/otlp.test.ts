import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
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
                      negative: { offset: 1, bucketCounts: ['3'] },
                      max: 4,
                    },
                    {},
                  ],
                },
              },
            ],
          },
          { scope: {} },
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
                      negative: { offset: 1, bucketCounts: [3] },
                      max: 4,
                    },
                  },
                  {
                    ...point,
                    value: {
                      ...{ count: 0, sum: 0, scale: 0, zeroCount: 0 },
                      positive: { offset: 0, bucketCounts: [] },
                      negative: { offset: 0, bucketCounts: [] },
                    },
                  },
                ],
              },
            ],
          },
          { scope: { name: '' }, metrics: [] },
          { scope: { name: '' }, metrics: [] },
        ],
      },
      { resource: { attributes: {} }, scopeMetrics: [] },
    ],
  });
});

it('each part that cannot be read is named with the place of its fault, and the rest is read', () => {
  const gauge = (name: unknown, ...dataPoints: unknown[]) => ({ name, gauge: { dataPoints } });
  const scopeMetrics = [1, { metrics: [gauge('g', { asInt: 'x' }, { asInt: 7 }), gauge(1)] }];
  const document = { resourceMetrics: [1, { resource: { attributes: 1 }, scopeMetrics }] };
  const { batches, notes, faults } = readExports(JSON.stringify(document));
  expect(batches).toEqual([
    {
      resource: { attributes: {} },
      scopeMetrics: [
        {
          scope: { name: '' },
          metrics: [
            {
              descriptor: { name: 'g', unit: '', description: '', valueType: 1 },
              dataPointType: DataPointType.GAUGE,
              aggregationTemporality: AggregationTemporality.CUMULATIVE,
              dataPoints: [{ attributes: {}, startTime: [0, 0], endTime: [0, 0], value: 7 }],
            },
          ],
        },
      ],
    },
  ]);
  const [resource, scope] = ['resourceMetrics[1]', 'resourceMetrics[1].scopeMetrics[1]'];
  expect({ notes, faults }).toEqual({
    notes: [],
    faults: [
      { text: 'resourceMetrics[0]: expected an object, got 1', leftOut: 'the resource' },
      {
        text: `${resource}.resource.attributes: expected a list, got 1`,
        leftOut: 'the attributes of the resource',
      },
      { text: `${resource}.scopeMetrics[0]: expected an object, got 1`, leftOut: 'the scope' },
      {
        text: `${scope}.metrics[0].gauge.dataPoints[0].asInt: expected a whole number, got "x"`,
        leftOut: 'the point of g',
      },
      { text: `${scope}.metrics[1].name: expected a text, got 1`, leftOut: 'the metric' },
    ],
  });
});

describe('exports on lines of their own', () => {
  const exportOf = (name: string): string =>
    JSON.stringify({ resourceMetrics: [{ resource: { attributes: [{ key: name }] } }] });
  const batchOf = (name: string): object => ({
    resource: { attributes: { [name]: undefined } },
    scopeMetrics: [],
  });

  it('may have empty lines and spaces around them', () => {
    expect(readExports(`\n${exportOf('a')}\r\n\r\n \t\n  ${exportOf('b')}  \n`)).toEqual({
      batches: [batchOf('a'), batchOf('b')],
      notes: [],
      faults: [],
    });
  });

  it('are counted by line in notes and faults, with empty lines', () => {
    const summary = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'old', summary: {} }] }] }] };
    const lines = [exportOf('a'), '', '{}', JSON.stringify(summary), 'null', exportOf('b')];
    const { batches, notes, faults } = readExports(lines.join('\n'));
    expect({ batches, notes, faults }).toEqual({
      batches: [
        batchOf('a'),
        { resource: { attributes: {} }, scopeMetrics: [{ scope: { name: '' }, metrics: [] }] },
        batchOf('b'),
      ],
      notes: [
        'line 4: resourceMetrics[0].scopeMetrics[0].metrics[0]: old is a summary, which the JavaScript SDK never exports; left out',
      ],
      faults: [
        {
          text: 'line 3: resourceMetrics: expected a list, as OTLP has it, got nothing',
          leftOut: 'the export',
        },
        { text: 'line 5: the export: expected an object, got nothing', leftOut: 'the export' },
      ],
    });
  });

  it.each([
    ['', 'nothing'],
    ['\n', 'an empty line'],
    ['{', 'one line'],
    ['{\n  "resourceMetrics": [\n}', 'one export on many lines'],
  ])('are not meant by %j, which is %s', (text) => {
    const { batches, notes, faults } = readExports(text);
    expect({ batches, notes, faults }).toEqual({
      batches: [],
      notes: [],
      faults: [{ text: expect.stringMatching(/^the export is not JSON: \S/), leftOut: 'the export' }],
    });
  });
});
