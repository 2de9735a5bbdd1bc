// One measurement: values into a real SDK, its point into lines, the lines into a model of the server, and what that
// reports against the truth.

import { AggregationTemporality, AggregationType, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from '../../src/exporter/statsd-exporter.js';
import { type Group, mapperOf } from '../../test/support/mapping.js';
import { instrument } from '../../test/support/metrics/collect.js';
import { datagramsOf } from '../../test/support/server-models/index.js';
import type { TimerStatistics } from '../../test/support/server-models/timer-statistics.js';
import { bucketLines } from './bucket-lines.js';
import { type Recorded, recorded } from './distributions.js';
import { type Setup, type Statistics, trueStatistics } from './setups.js';

export const METRIC = 'http.server.request.duration';
export const percentiles = [50, 75, 90, 95, 99, 99.9] as const;
export const figures = [
  'count',
  'sum',
  'mean',
  'min',
  'max',
  'std',
  ...percentiles.map((p) => `p${p}` as const),
] as const;
export type Figure = (typeof figures)[number];
/** In percent, with a sign; NaN where the server does not report the figure. */
export type Errors = Readonly<Record<Figure, number>>;

export interface Measurement {
  readonly setup: Setup;
  readonly distribution: string;
  readonly count: number;
  readonly lines: number;
  readonly bytes: number;
  /** Undefined where the package chose a summary over samples. */
  readonly againstTruth: Errors | undefined;
  /** Against what the same server would have reported had every value been sent to it. */
  readonly againstServer: Errors | undefined;
}

export interface Curve {
  readonly recorded: TimerStatistics;
  readonly reported: TimerStatistics;
}

/** A set of values, with all that is the same for every server worked out once. */
export class Case {
  readonly recorded: Recorded;
  readonly #points: Readonly<Record<Setup['buckets'], ResourceMetrics>>;
  readonly #ofAllValues = new Map<Statistics, TimerStatistics>();

  private constructor(values: Recorded, points: Readonly<Record<Setup['buckets'], ResourceMetrics>>) {
    this.recorded = values;
    this.#points = points;
  }

  static async of(distribution: string, count: number): Promise<Case> {
    const values = recorded(distribution, count);
    return new Case(values, {
      exponential: await collected(values, new StatsdExporter()),
      default: await collected(values, {
        selectAggregation: () => ({ type: AggregationType.DEFAULT }),
        selectAggregationTemporality: () => AggregationTemporality.DELTA,
      }),
    });
  }

  measure(setup: Setup): Measurement {
    const groups = this.#groups(setup);
    const { distribution, values } = this.recorded;
    const reported = reportedBy(setup, groups);
    return {
      setup,
      distribution,
      count: values.length,
      lines: groups.reduce((total, { lines }) => total + lines, 0),
      bytes: groups.reduce((total, { text }) => total + Buffer.byteLength(text), 0),
      againstTruth: reported && errorsOf(reported, this.#statistics(trueStatistics)),
      againstServer: reported && errorsOf(reported, this.#statistics(setup.statistics)),
    };
  }

  curve(setup: Setup): Curve {
    const reported = reportedBy(setup, this.#groups(setup));
    if (reported === undefined) throw new Error(`${setup.title} reports no percentiles`);
    return { recorded: this.#statistics(trueStatistics), reported };
  }

  #groups({ lines, buckets, dialect, exactMax = false }: Setup): readonly Group[] {
    const batch = this.#points[buckets];
    if (lines === 'bucket lines') return bucketLines(batch, dialect.types.timer);
    const histograms = { mode: 'samples', exactSum: true, exactMax, percentiles: [] } as const;
    return mapperOf(dialect, { histograms })(batch).groups;
  }

  #statistics(statistics: Statistics): TimerStatistics {
    let all = this.#ofAllValues.get(statistics);
    if (all === undefined) {
      const { values } = this.recorded;
      all = statistics({ values: values.map((value) => ({ value, weight: 1 })), count: values.length });
      this.#ofAllValues.set(statistics, all);
    }
    return all;
  }
}

async function collected(
  { values }: Recorded,
  selectors: Parameters<typeof instrument>[0],
): Promise<ResourceMetrics> {
  const { meter, provider, collect } = instrument(selectors);
  const histogram = meter.createHistogram(METRIC, { unit: 'ms' });
  for (const value of values) histogram.record(value);
  const batch = await collect();
  await provider.shutdown();
  return batch;
}

/** In ms. The counter, where there is one, is the sum that goes beside samples; a second timer is their maximum. */
function reportedBy(setup: Setup, groups: readonly Group[]): TimerStatistics | undefined {
  const server = setup.start();
  for (const datagram of datagramsOf(groups, setup.dialect)) server.receive(datagram);
  if (server.rejected.length > 0) throw new Error(`${setup.title} rejected ${server.rejected[0]}`);
  const [timer, maximum] = server.timers.values();
  const [sum] = server.counters.values();
  if (timer === undefined) return undefined;
  const { milliseconds } = setup;
  const own = setup.statistics(timer);
  return {
    count: own.count,
    sum: sum ?? own.sum * milliseconds,
    mean: own.mean * milliseconds,
    min: own.min * milliseconds,
    max: (maximum === undefined ? own.max : setup.statistics(maximum).max) * milliseconds,
    deviation: own.deviation === undefined ? undefined : own.deviation * milliseconds,
    percentile: (p) => own.percentile(p) * milliseconds,
  };
}

function errorsOf(reported: TimerStatistics, expected: TimerStatistics): Errors {
  const errors: Partial<Record<Figure, number>> = {};
  for (const figure of ['count', 'sum', 'mean', 'min', 'max'] as const) {
    errors[figure] = 100 * (reported[figure] / expected[figure] - 1);
  }
  const { deviation = Number.NaN } = reported;
  errors.std = 100 * (deviation / (expected.deviation ?? Number.NaN) - 1);
  for (const p of percentiles) {
    errors[`p${p}`] = 100 * (reported.percentile(p) / expected.percentile(p) - 1);
  }
  return errors as Errors;
}
