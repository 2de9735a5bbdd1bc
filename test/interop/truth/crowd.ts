// One value recorded so often that the rate of a line would have an exponent, and that servers which repeat a value as often
// as the rate says would be busy for minutes. Handed to the exporter as it comes from an SDK, for no test could record it.
import type { MetricData } from '@opentelemetry/sdk-metrics';
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';
import type { StatsdExporter } from '../../../src/index.js';
import { batchOf, point } from '../../support/mapping.js';
import { exportOnce } from '../../support/metrics/collect.js';
import type { Ledger } from './ledger.js';

const VALUE = 12;
const TIMES = 300_000_000;

export async function exportCrowd(truth: Ledger, exporter: StatsdExporter): Promise<void> {
  const seconds = Math.trunc(Date.now() / 1000);
  const value = {
    count: TIMES,
    sum: TIMES * VALUE,
    min: VALUE,
    max: VALUE,
    buckets: { boundaries: [10, 20], counts: [0, TIMES, 0] },
  };
  const metric: MetricData = {
    descriptor: { name: 'crowd', unit: 'ms', description: '', valueType: 1 },
    dataPointType: DataPointType.HISTOGRAM,
    aggregationTemporality: AggregationTemporality.DELTA,
    dataPoints: [point(value, { startTime: [seconds - 1, 0], endTime: [seconds, 0] })],
  };
  await exportOnce(exporter, batchOf([metric]));
  truth.histograms.set('crowd', { unit: 'ms', values: [VALUE], times: TIMES });
}
