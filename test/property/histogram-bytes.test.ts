// Histogram points written as bytes and as text are the same lines, reports and warnings, whatever they hold.
import {
  AggregationTemporality,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/mapping/dialects/dialect.js';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import type { HistogramRules } from '../../src/mapping/options.js';
import { batchOf, gauge, mapperOf, point } from '../support/mapping.js';
import { anyLimits, anyTagSyntax } from '../support/metrics/arbitrary-dialects.js';
import { attributes, metricName } from '../support/metrics/arbitrary-metrics.js';
import { explicitPoint, exponentialPoint } from '../support/metrics/histogram-points.js';

interface Series {
  readonly values: readonly number[];
  /** What the point states instead of what was recorded; producers may state anything. */
  readonly facts: Partial<Histogram>;
  readonly attributes: Record<string, unknown>;
}

interface HistogramMetric {
  readonly name: string;
  readonly unit: string;
  readonly isExponential: boolean;
  readonly temporality: AggregationTemporality;
  readonly series: readonly Series[];
}

const odd = fc.constantFrom(undefined, -0, 0, -5, 0.1, 1e22, 2 ** 63, Number.NaN, Infinity, -Infinity);

const series: fc.Arbitrary<Series> = fc.record({
  values: fc.array(
    fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.integer({ min: -20, max: 20 })),
    { minLength: 1, maxLength: 150 },
  ),
  facts: fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.record({ sum: odd, min: odd, max: odd }, { requiredKeys: [] }) as fc.Arbitrary<
        Partial<Histogram>
      >,
    },
  ),
  attributes,
});

const metric: fc.Arbitrary<HistogramMetric> = fc.record({
  name: fc.oneof(fc.constant('h'), metricName('h')),
  unit: fc.constantFrom('', 's', 'By', 'ms'),
  isExponential: fc.boolean(),
  temporality: fc.constantFrom(AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE),
  series: fc.array(series, { minLength: 1, maxLength: 3 }),
});

/** One for each metric from export to export, as the SDK has them. */
const descriptors = new WeakMap<HistogramMetric, MetricData['descriptor']>();

function metricData(invented: HistogramMetric): MetricData {
  const { name, unit, isExponential, temporality: aggregationTemporality } = invented;
  const descriptor = descriptors.get(invented) ?? { name, unit, description: '', valueType: 1 };
  descriptors.set(invented, descriptor);
  return isExponential
    ? {
        descriptor,
        aggregationTemporality,
        dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
        dataPoints: invented.series.map(({ values, facts, ...of }) =>
          point<ExponentialHistogram>({ ...exponentialPoint(values), ...facts }, of),
        ),
      }
    : {
        descriptor,
        aggregationTemporality,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: invented.series.map(({ values, facts, ...of }) =>
          point<Histogram>({ ...explicitPoint(values), ...facts }, of),
        ),
      };
}

const rules: fc.Arbitrary<HistogramRules> = fc.record({
  mode: fc.constantFrom('samples', 'summary', 'buckets'),
  maxSamples: fc.constantFrom(undefined, 5, 40),
  boundaries: fc.constantFrom(undefined, [0, 0.5, 10, 1e9], [1e-7, 1e21]),
  exactSum: fc.boolean(),
  exactMax: fc.boolean(),
  percentiles: fc.constantFrom([], [50, 99.9]),
});

const setting = fc.record({
  histograms: rules,
  prefix: fc.constantFrom('', 'app', '{type}'),
  tags: fc.constantFrom<Record<string, string>>(
    {},
    { env: 'test' },
    { a: '1', le: '5', 'http.route': 'top', ü: 'ö,:' },
  ),
  timestamps: fc.boolean(),
  scopeTags: fc.boolean(),
  fields: fc.constantFrom('', '|c:in-1|e:ü', `|e:${'x'.repeat(1_200)}`),
  names: fc.constantFrom(undefined, { 'h*': 'named.{name}.{a}' }, { '*': 'all.{type}.{name}' }),
  attributes: fc.constantFrom(undefined, { '*': { except: ['a', 'a.b', 'host'] } }),
});

/** Its series may be those that a histogram has with a suffix. */
const NEIGHBOUR = gauge([point(1), point(2, { attributes: { a: '1' } })], { name: 'h.min' });

function expectSame(dialect: Dialect, options: object, metrics: readonly HistogramMetric[]): void {
  const asBytes = mapperOf(dialect, options);
  const asText = mapperOf(dialect, options, { takesBytes: false });
  for (let turn = 0; turn < 3; turn++) {
    const batch = [...metrics.map(metricData), NEIGHBOUR];
    expect(asBytes(batchOf(batch))).toEqual(asText(batchOf(batch)));
  }
}

const metrics = fc.array(metric, { minLength: 1, maxLength: 2 });

describe.each(Object.keys(dialects) as DialectName[])('lines of histograms as bytes for %s', (name) => {
  it('are those of the slow path, export after export', () => {
    fc.assert(
      fc.property(metrics, setting, (generated, options) => expectSame(dialects[name], options, generated)),
      { numRuns: 100 },
    );
  });

  it('are those of the slow path for dialects with other marks and limits', () => {
    fc.assert(
      fc.property(metrics, anyTagSyntax, anyLimits, setting, (generated, tags, other, options) => {
        const dialect = { ...dialects[name], tags, limits: { ...dialects[name].limits, ...other } };
        expectSame(dialect, options, generated);
      }),
      { numRuns: 60 },
    );
  });
});
