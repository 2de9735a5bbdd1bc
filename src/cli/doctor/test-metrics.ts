// The metrics that the doctor sends: enough to see in the server whether it understands names, tags and timers.

import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';

type Time = [number, number];

/** Where a server reads no tags, the attribute becomes part of the name. */
const TAG = { probe: 'tag' };

const metric = (name: string, unit = '') => ({
  name: `otel_statsd.doctor${name}`,
  description: '',
  unit,
  valueType: 0,
});

/** A counter of 1 with a tag, and a histogram with one recording of a quarter of a second. */
export function testMetrics(attributes: Readonly<Record<string, string>>, date: Date): ResourceMetrics {
  const time = timeOf(date);
  return resourceMetrics(attributes, [
    {
      descriptor: metric(''),
      dataPointType: DataPointType.SUM,
      aggregationTemporality: AggregationTemporality.DELTA,
      isMonotonic: true,
      dataPoints: [{ attributes: TAG, startTime: time, endTime: time, value: 1 }],
    },
    {
      descriptor: metric('.duration', 's'),
      dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
      aggregationTemporality: AggregationTemporality.DELTA,
      dataPoints: [
        {
          attributes: {},
          startTime: time,
          endTime: time,
          value: {
            count: 1,
            sum: 0.25,
            min: 0.25,
            max: 0.25,
            scale: 0,
            zeroCount: 0,
            positive: { offset: -3, bucketCounts: [1] },
            negative: { offset: 0, bucketCounts: [] },
          },
        },
      ],
    },
  ]);
}

/** A gauge, which may arrive twice without a wrong number: for the connection that waits for an answer. */
export function probeMetric(attributes: Readonly<Record<string, string>>, date: Date): ResourceMetrics {
  const time = timeOf(date);
  return resourceMetrics(attributes, [
    {
      descriptor: metric('.gauge'),
      dataPointType: DataPointType.GAUGE,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints: [{ attributes: {}, startTime: time, endTime: time, value: 1 }],
    },
  ]);
}

function timeOf(date: Date): Time {
  return [Math.floor(date.getTime() / 1000), 0];
}

function resourceMetrics(
  attributes: Readonly<Record<string, string>>,
  metrics: MetricData[],
): ResourceMetrics {
  return {
    // The exporter reads the attributes only.
    resource: { attributes } as unknown as ResourceMetrics['resource'],
    scopeMetrics: [{ scope: { name: 'otel-statsd' }, metrics }],
  };
}
