// The servers that are measured, as records: which lines they get, how they read them, and what they then report.

import type { Dialect } from '../../src/mapping/dialects/dialect.js';
import { dialects } from '../../src/mapping/dialects/index.js';
import { sampleRate } from '../../src/mapping/histograms/samples/weights.js';
import { CloudWatchAgent } from '../../test/support/server-models/cloudwatch.js';
import { DatadogAgent } from '../../test/support/server-models/dogstatsd.js';
import { Gostatsd } from '../../test/support/server-models/gostatsd.js';
import {
  datadogAgentHistogram,
  repeatingTimer,
  type SampledLine,
  type ServerModel,
  statsd,
  type TimerStatistics,
} from '../../test/support/server-models/index.js';
import { Netdata } from '../../test/support/server-models/netdata.js';
import { OtelCollector } from '../../test/support/server-models/otel-collector.js';
import type { Server, Timer } from '../../test/support/server-models/server.js';
import { StatsdServer } from '../../test/support/server-models/statsd.js';
import { StatsdExporterServer } from '../../test/support/server-models/statsd-exporter.js';
import { Telegraf } from '../../test/support/server-models/telegraf.js';
import { Vector } from '../../test/support/server-models/vector.js';
import { Veneur } from '../../test/support/server-models/veneur.js';
import { datadogDistribution } from './datadog-distribution.js';

export type Statistics = (timer: Timer) => TimerStatistics;

export interface Way {
  readonly title: string;
  readonly dialect: Dialect;
  /** `samples`: those of this package. `bucket lines`: one per bucket at rate 1/count, as one should not. */
  readonly lines: 'samples' | 'bucket lines';
  readonly buckets: 'exponential' | 'default';
  start(): Server;
  readonly statistics: Statistics;
  /** What one of the server's units is in ms. */
  readonly milliseconds: number;
}

/** The models take rates; a rate is made so that a weight comes back from it as it was. */
function asLines(values: Timer['values']): SampledLine[] {
  return values.map(({ value, weight }) => ({ value, rate: sampleRate(weight) }));
}

const weighing =
  (model: ServerModel): Statistics =>
  (timer) =>
    model(asLines(timer.values));

const datadogHistogram = weighing(datadogAgentHistogram);
/** In doubles, 99.9 % of 1000 are a little more than 999: it takes a smaller percentile to find the 999th. */
const repeating: Statistics = (timer) => {
  const statistics = repeatingTimer(asLines(timer.values));
  return { ...statistics, percentile: (p) => statistics.percentile(p * (1 - 1e-12)) };
};
/** Weights are used as they are, without being cut to integers. */
const floating: Statistics = ({ values, count }) => {
  const whole = values.map(({ value, weight }) => ({ value, weight: Math.round(weight) }));
  const sum = values.reduce((total, { value, weight }) => total + value * weight, 0);
  return { ...repeating({ values: whole, count }), count, sum, mean: sum / count };
};
/** Only the count, which the server keeps apart, knows of weights. */
const countOnly: Statistics = ({ values, count }) => ({ ...statsd(asLines(values)), count });

export const trueStatistics = repeating;

const ours = { lines: 'samples', buckets: 'exponential', milliseconds: 1 } as const;
const datadogTimer: Dialect = {
  ...dialects.dogstatsd,
  types: { ...dialects.dogstatsd.types, timer: 'h', histogram: 'h' },
};

const onStatsd: Way = {
  ...ours,
  title: 'statsd',
  dialect: dialects.statsd,
  start: () => new StatsdServer(),
  statistics: countOnly,
};
const onDatadog: Way = {
  ...ours,
  title: 'Datadog h',
  dialect: datadogTimer,
  start: () => new DatadogAgent(),
  statistics: datadogHistogram,
};

export const ways: readonly Way[] = [
  onStatsd,
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
    statistics: repeating,
    // It takes ms and keeps seconds.
    milliseconds: 1000,
  },
  { ...ours, title: 'veneur', dialect: dialects.veneur, start: () => new Veneur(), statistics: floating },
  {
    ...ours,
    title: 'OTel collector',
    dialect: dialects['otel-collector'],
    start: () => new OtelCollector(),
    statistics: repeating,
  },
  {
    ...ours,
    title: 'Vector',
    dialect: dialects.vector,
    start: () => new Vector(),
    statistics: repeating,
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

/** What goes wrong without samples made for the server, or with the SDK's own choice of buckets. */
export const contrasts: readonly Way[] = [onStatsd, onDatadog].flatMap((way): Way[] => [
  { ...way, title: `${way.title}: default boundaries`, buckets: 'default' },
  { ...way, title: `${way.title}: a line per bucket`, lines: 'bucket lines' },
  {
    ...way,
    title: `${way.title}: a line per default bucket`,
    lines: 'bucket lines',
    buckets: 'default',
  },
]);
