import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { valuesOf } from '../../metrics/random-values.js';
import {
  collectd,
  datadogAgentHistogram,
  netdata,
  repeatingTimer,
  type SampledLine,
  type ServerModel,
  statsd,
} from '../timer-statistics.js';

type TimerData = Record<string, Record<string, number>>;
type ProcessMetrics = (
  metrics: Record<string, unknown>,
  calculated: readonly string[],
  flushInterval: number,
  timestamp: number,
  done: (metrics: { timer_data: TimerData }) => void,
) => void;

const { process_metrics: processMetrics }: { process_metrics: ProcessMetrics } = createRequire(
  import.meta.url,
)('statsd/lib/process_metrics.js');

function realStatsd(lines: readonly SampledLine[], percentiles: readonly number[]): Record<string, number> {
  let timers: TimerData = {};
  const metrics = {
    counters: {},
    timers: { t: lines.map((line) => line.value) },
    // stats.js adds 1/rate per line; the arithmetic under test starts after that.
    timer_counters: { t: lines.reduce((total, line) => total + 1 / line.rate, 0) },
    pctThreshold: percentiles,
    histogram: undefined,
  };
  processMetrics(metrics, [], 1000, 0, (processed) => {
    timers = processed.timer_data;
  });
  return timers['t']!;
}

function summaryOf(model: ServerModel, lines: readonly SampledLine[]): Record<string, number> {
  const { count, sum, mean, min, max, percentile } = model(lines);
  return { count, sum, mean, min, max, p50: percentile(50), p100: percentile(100) };
}

describe('models of StatsD servers', () => {
  const lines: readonly SampledLine[] = [
    { value: 30, rate: 1 },
    { value: 10, rate: 0.25 },
    { value: 20, rate: 0.005 },
  ];

  it.each([1, 2, 3, 101, 1000])(
    'the statsd model computes what statsd itself does from %i lines',
    (count) => {
      const percentiles = [50, 75, 90, 95, 99];
      const sampled = valuesOf('lognormal', count, count).map((value) => ({ value, rate: 0.25 }));
      const real = realStatsd(sampled, percentiles);
      const model = statsd(sampled);
      expect({
        count: model.count,
        sum: model.sum,
        mean: model.mean,
        lower: model.min,
        upper: model.max,
        percentiles: percentiles.map((p) => model.percentile(p)),
      }).toEqual({
        count: real['count'],
        sum: real['sum'],
        mean: real['mean'],
        lower: real['lower'],
        upper: real['upper'],
        percentiles: percentiles.map((p) => real[`upper_${p}`]),
      });
    },
  );

  it('statsd weights nothing but the count', () => {
    expect(summaryOf(statsd, lines)).toEqual({
      count: 205,
      sum: 60,
      mean: 20,
      min: 10,
      max: 30,
      p50: 20,
      p100: 30,
    });
  });

  it('the Datadog agent truncates weights, but not in the sum', () => {
    const uneven = [
      { value: 10, rate: 0.4 },
      { value: 20, rate: 1 },
    ];
    expect(summaryOf(datadogAgentHistogram, uneven)).toEqual({
      count: 3,
      sum: 45,
      mean: 15,
      min: 10,
      max: 20,
      p50: 10,
      p100: 20,
    });
  });

  it('repeating servers weight everything', () => {
    expect(summaryOf(repeatingTimer, lines)).toEqual({
      count: 205,
      sum: 4070,
      mean: 4070 / 205,
      min: 10,
      max: 30,
      p50: 20,
      p100: 30,
    });
  });

  it('netdata caps a weight at 100', () => {
    expect(summaryOf(netdata, lines)).toEqual({
      count: 105,
      sum: 2070,
      mean: 2070 / 105,
      min: 10,
      max: 30,
      p50: 20,
      p100: 30,
    });
  });

  it('collectd inflates the values instead', () => {
    expect(summaryOf(collectd, lines)).toEqual({
      count: 3,
      sum: 4070,
      mean: 4070 / 3,
      min: 30,
      max: 4000,
      p50: 40,
      p100: 4000,
    });
  });
});
