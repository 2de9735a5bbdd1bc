import { expect, it } from 'vitest';
import { probeMetric, testMetrics } from '../../../src/cli/doctor/test-metrics.js';
import { exportedLines } from '../../../src/cli/shared/exported-lines.js';

it('rules for names see the scope and the units of the test metrics', async () => {
  const batches = [testMetrics({}, new Date(0)), probeMetric({}, new Date(0))];
  const { lines } = await exportedLines(batches, {
    names: ({ name, unit, scope }) => `${scope}-${name}-${unit || 'none'}`,
    dialect: 'dogstatsd',
  });
  expect(lines).toEqual([
    'otel_statsd_otel_statsd.doctor_none:1|c|#probe:tag',
    'otel_statsd_otel_statsd.doctor.duration_s:0.25|d',
    'otel_statsd_otel_statsd.doctor.gauge_none:1|g',
  ]);
});
