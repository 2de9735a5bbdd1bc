// What is measured: for each server the lines it gets, the model that reads them, and the statistics it computes.

import type { Dialect } from '../../src/mapping/dialects/dialect.js';
import { dialects } from '../../src/mapping/dialects/index.js';
import { sampleRate } from '../../src/mapping/histograms/samples/weights.js';
import { CloudWatchAgent } from '../../test/support/server-models/cloudwatch.js';
import { DatadogAgent } from '../../test/support/server-models/dogstatsd.js';
import { Gostatsd } from '../../test/support/server-models/gostatsd.js';
import { Netdata } from '../../test/support/server-models/netdata.js';
import { OtelCollector } from '../../test/support/server-models/otel-collector.js';
import type { Server, Timer } from '../../test/support/server-models/server.js';
import { StatsdServer } from '../../test/support/server-models/statsd.js';
import { StatsdExporterServer } from '../../test/support/server-models/statsd-exporter.js';
import { Telegraf } from '../../test/support/server-models/telegraf.js';
import {
  datadogAgentHistogram,
  repeatingTimer,
  type SampledLine,
  type ServerModel,
  statsd,
  type TimerStatistics,
} from '../../test/support/server-models/timer-statistics.js';
import { Vector } from '../../test/support/server-models/vector.js';
import { Veneur } from '../../test/support/server-models/veneur.js';
import { datadogDistribution } from './datadog-distribution.js';

export type Statistics = (timer: Timer) => TimerStatistics;

export interface Setup {
  readonly title: string;
  readonly dialect: Dialect;
  /** `samples`: those of this package. `bucket lines`: one per bucket at rate 1/count, for comparison. */
  readonly lines: 'samples' | 'bucket lines';
  readonly buckets: 'exponential' | 'default';
  /** The option `histograms.exactMax`. */
  readonly exactMax?: boolean;
  start(): Server;
  readonly statistics: Statistics;
  /** Milliseconds per unit of the server. */
  readonly milliseconds: number;
}

/** The models take rates, from which they compute the weights again. */
function asLines(values: Timer['values']): SampledLine[] {
  return values.map(({ value, weight }) => ({ value, rate: sampleRate(weight) }));
}

const byRates =
  (model: ServerModel): Statistics =>
  (timer) =>
    model(asLines(timer.values));

const datadogHistogram = byRates(datadogAgentHistogram);
/** 99.9 % of 1000 is slightly more than 999 in doubles, so the 999th value needs a slightly lower percentile. */
const repeating: Statistics = (timer) => {
  const statistics = repeatingTimer(asLines(timer.values));
  return { ...statistics, percentile: (p) => statistics.percentile(p * (1 - 1e-12)) };
};
/** The servers that report no standard deviation. */
const withoutDeviation =
  (statistics: Statistics): Statistics =>
  (timer) => ({ ...statistics(timer), deviation: undefined });
/** Weights stay fractions instead of being truncated. */
const floating: Statistics = ({ values, count }) => {
  const whole = values.map(({ value, weight }) => ({ value, weight: Math.round(weight) }));
  const sum = values.reduce((total, { value, weight }) => total + value * weight, 0);
  return { ...repeating({ values: whole, count }), count, sum, mean: sum / count, deviation: undefined };
};
/** Weights affect only the count, which the server keeps separately. */
const countOnly: Statistics = ({ values, count }) => ({ ...statsd(asLines(values)), count });

export const trueStatistics = repeating;

const ours = { lines: 'samples', buckets: 'exponential', milliseconds: 1 } as const;
const datadogTimer: Dialect = {
  ...dialects.dogstatsd,
  types: { ...dialects.dogstatsd.types, timer: 'h', histogram: 'h' },
};

const onStatsd: Setup = {
  ...ours,
  title: 'statsd',
  dialect: dialects.statsd,
  start: () => new StatsdServer(),
  statistics: countOnly,
};
const onDatadog: Setup = {
  ...ours,
  title: 'Datadog h',
  dialect: datadogTimer,
  start: () => new DatadogAgent(),
  statistics: datadogHistogram,
};

export const setups: readonly Setup[] = [
  onStatsd,
  { ...onStatsd, title: 'statsd, `exactMax`', exactMax: true },
  {
    ...ours,
    title: 'gostatsd',
    dialect: dialects.gostatsd,
    start: () => new Gostatsd(),
    statistics: countOnly,
  },
  onDatadog,
  { ...onDatadog, title: 'Datadog d', dialect: dialects.dogstatsd, statistics: datadogDistribution },
  {
    ...ours,
    title: 'statsd_exporter',
    dialect: dialects['statsd-exporter'],
    start: () => new StatsdExporterServer(),
    statistics: withoutDeviation(repeating),
    // Takes milliseconds and keeps seconds.
    milliseconds: 1000,
  },
  { ...ours, title: 'veneur', dialect: dialects.veneur, start: () => new Veneur(), statistics: floating },
  {
    ...ours,
    title: 'OTel collector',
    dialect: dialects['otel-collector'],
    start: () => new OtelCollector(),
    statistics: withoutDeviation(repeating),
  },
  {
    ...ours,
    title: 'Vector',
    dialect: dialects.vector,
    start: () => new Vector(),
    statistics: withoutDeviation(repeating),
    milliseconds: 1000,
  },
  {
    ...ours,
    title: 'CloudWatch agent',
    dialect: dialects.cloudwatch,
    start: () => new CloudWatchAgent(),
    statistics: floating,
  },
  {
    ...ours,
    title: 'Telegraf, limit ≥ N',
    dialect: dialects.telegraf,
    start: () => new Telegraf(),
    statistics: repeating,
  },
  { ...ours, title: 'netdata', dialect: dialects.netdata, start: () => new Netdata(), statistics: repeating },
];

/** For comparison: without samples chosen for the server, and with the SDK's default buckets. */
export const contrasts: readonly Setup[] = [onStatsd, onDatadog].flatMap((setup): Setup[] => [
  { ...setup, title: `${setup.title}: default boundaries`, buckets: 'default' },
  { ...setup, title: `${setup.title}: a line per bucket`, lines: 'bucket lines' },
  {
    ...setup,
    title: `${setup.title}: a line per default bucket`,
    lines: 'bucket lines',
    buckets: 'default',
  },
]);
