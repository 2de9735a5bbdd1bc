// Histogram points of any shape, mapped for any dialect, are counted by its server as often as they were recorded.
import {
  AggregationTemporality,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import type { HistogramMode } from '../../src/mapping/options.js';
import { batchOf, mapperOf, point } from '../support/mapping.js';
import { attributes } from '../support/metrics/arbitrary-metrics.js';
import { explicitPoint, exponentialPoint } from '../support/metrics/histogram-points.js';
import { valuesOf } from '../support/metrics/random-values.js';
import { Carbon } from '../support/server-models/carbon.js';
import { datagramsOf, dialectServers } from '../support/server-models/index.js';
import type { Server, Timer } from '../support/server-models/server.js';

interface Recorded {
  readonly values: readonly number[];
  readonly isExponential: boolean;
  readonly attributes: Record<string, unknown>;
}

const recorded: fc.Arbitrary<Recorded> = fc.record({
  values: fc.oneof(
    fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 }),
    fc
      .record({
        shape: fc.constantFrom('lognormal', 'bimodal', 'pareto', 'constant', 'mostly zero'),
        count: fc.integer({ min: 1, max: 1500 }),
        seed: fc.nat(),
      })
      .map(({ shape, count, seed }) => valuesOf(shape, count, seed)),
  ),
  isExponential: fc.boolean(),
  attributes,
});

function histogramOf({ values, isExponential, attributes: of }: Recorded): MetricData {
  const facts = {
    descriptor: { name: 'h', unit: 'By', description: '', valueType: 1 },
    aggregationTemporality: AggregationTemporality.DELTA,
  };
  return isExponential
    ? {
        ...facts,
        dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
        dataPoints: [point<ExponentialHistogram>(exponentialPoint(values), { attributes: of })],
      }
    : {
        ...facts,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: [point<Histogram>(explicitPoint(values), { attributes: of })],
      };
}

const total = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

function weightOf({ values }: Timer): number {
  return total(values.map(({ weight }) => weight));
}

function sumOf({ values }: Timer): number {
  return total(values.map(({ value, weight }) => value * weight));
}

interface Statistics {
  readonly count: number;
  /** Undefined where the server cannot know it. */
  readonly sum?: number;
}

/** What the server holds of a histogram that was sent in this mode. */
function statisticsOf(server: Server, name: DialectName, mode: HistogramMode): Statistics {
  const counters: Iterable<readonly [string, number]> =
    server instanceof Carbon
      ? [...server.points].map(([series, values]) => [series, total(values.values())] as const)
      : server.counters;
  const counted = (suffix: string): number => {
    const expression = new RegExp(`^h[._]${suffix}(?:$|[{;.,])`);
    return total([...counters].filter(([series]) => expression.test(series)).map(([, value]) => value));
  };
  if (mode === 'summary') return { count: counted('count'), sum: counted('sum') };
  if (mode === 'buckets') {
    expect(counted('bucket')).toBe(counted('count'));
    return { count: counted('count'), sum: counted('sum') };
  }
  const timers = [...server.timers.values()];
  return dialects[name].samples.rate === 'count-only'
    ? { count: total(timers.map(({ count }) => count)), sum: counted('sum') }
    : { count: total(timers.map(weightOf)), sum: total(timers.map(sumOf)) };
}

function modesOf(name: DialectName): HistogramMode[] {
  return dialects[name].samples.rate === 'none' ? ['summary', 'buckets'] : ['samples', 'summary', 'buckets'];
}

const shortened = 'metric "h" has attributes longer than the server reads whole; they are sent shortened';

const ways = (Object.keys(dialects) as DialectName[]).flatMap((name) =>
  modesOf(name).map((mode) => [name, mode] as const),
);

describe.each(ways)('a histogram sent to %s as %s', (name, mode) => {
  const dialect = dialects[name];
  const { counterDecimals } = dialect;

  it('reports the count and the sum of what was recorded', () => {
    fc.assert(
      fc.property(recorded, (histogram) => {
        const histograms = { mode, exactSum: true, percentiles: [50, 99.9] };
        const mapped = mapperOf(dialect, { histograms })(batchOf([histogramOf(histogram)]));
        // Long attributes lose the point, or are shortened.
        fc.pre(Object.keys(mapped.drops).length === 0);
        fc.pre(!mapped.warnings.includes(shortened));
        expect(mapped.warnings).toEqual([]);
        const server = dialectServers[name].start();
        for (const datagram of datagramsOf(mapped.groups, dialect)) server.receive(datagram);
        expect(server.rejected).toEqual([]);
        const { count, sum } = statisticsOf(server, name, mode);
        expect(Math.abs(count - histogram.values.length)).toBeLessThan(1e-6 * histogram.values.length);
        const expected = total(histogram.values);
        const rounding = counterDecimals === Infinity ? 0 : 0.5 / 10 ** counterDecimals;
        const error = Math.abs((sum ?? expected) - expected);
        expect(error).toBeLessThanOrEqual(rounding + 1e-6 * Math.max(expected, 1e-3));
      }),
      { numRuns: 15 },
    );
  });
});
