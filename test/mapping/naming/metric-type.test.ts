import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { metricTypeOf } from '../../../src/mapping/naming/metric-type.js';
import { counter, gauge } from '../../support/mapping.js';

it('metricTypeOf is counters for sums that only grow, gauges for the other numbers, and timers for histograms', () => {
  const histograms = [DataPointType.HISTOGRAM, DataPointType.EXPONENTIAL_HISTOGRAM].map(
    (dataPointType) => ({ ...gauge([]), dataPointType }) as MetricData,
  );
  const metrics = [counter([]), counter([], { monotonic: false }), gauge([]), ...histograms];
  expect(metrics.map(metricTypeOf)).toEqual(['counters', 'gauges', 'gauges', 'timers', 'timers']);
});
