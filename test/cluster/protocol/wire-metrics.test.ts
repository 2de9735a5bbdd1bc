import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { wireTemporality } from '../../../src/cluster/protocol/wire-metrics.js';

const { CUMULATIVE, DELTA } = AggregationTemporality;

it.each([
  ['counters', { dataPointType: DataPointType.SUM, isMonotonic: true }, DELTA],
  ['histograms', { dataPointType: DataPointType.HISTOGRAM }, DELTA],
  ['exponential histograms', { dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM }, DELTA],
  ['gauges', { dataPointType: DataPointType.GAUGE }, CUMULATIVE],
  ['up-down counters', { dataPointType: DataPointType.SUM, isMonotonic: false }, CUMULATIVE],
  ['sums that do not say whether they are counters', { dataPointType: DataPointType.SUM }, CUMULATIVE],
])('%s travel as the right one of deltas and current values', (_what, metric, temporality) => {
  expect(wireTemporality(metric)).toBe(temporality);
});
