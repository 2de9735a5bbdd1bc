// An export of five points in which the lines of any two dialects differ: a fraction, a reserved tag key, characters
// that are legal here and not there, a gauge below zero, and histograms with and without a unit of time.

import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { batchOf, counter, gauge, point } from '../mapping.js';

function histogram(name: string, unit: string, value: number): MetricData {
  const recorded = {
    buckets: { boundaries: [], counts: [1] },
    count: 1,
    sum: value,
    min: value,
    max: value,
  };
  return {
    descriptor: { name, unit, description: '', valueType: 1 },
    dataPointType: DataPointType.HISTOGRAM,
    aggregationTemporality: AggregationTemporality.DELTA,
    dataPoints: [point(recorded)],
  };
}

const attributes = { 'http.route': '/a:b', host: 'x' };
export const dialectDifferences = batchOf([
  counter([point(1.5, { attributes })], { name: 'c' }),
  gauge([point(-5, { attributes: { k: 'v' } })], { name: 'g' }),
  histogram('t', 's', 0.25),
  histogram('h', 'By', 512),
]);
