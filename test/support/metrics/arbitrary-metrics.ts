// Anything that a MetricProducer might hand over: names, attributes and numbers of every kind.
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { seriesKey } from '../../../src/mapping/state/series-key.js';

const throwing = (): never => {
  throw new Error('no');
};

const hostileText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    'a:1|c\nforged:1|c',
    '1|g|#forged:x',
    ',forged=1',
    ';forged=1',
    ']forged[a=b',
    '#forged=1',
    '|@0.1',
    '|T1',
    ' 5 1700000000\nforged 1',
    'a\u00a0b\u2028c\u2029d\u0085e',
    '\u007f\u0000\r',
    '\ud800',
    '~tilde',
    '{"a":"b"}',
    'Ünïcödé 日本',
  ),
);

const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019'), minLength: 1, maxLength: 6 });

const key = fc.oneof(
  { weight: 4, arbitrary: word },
  {
    weight: 2,
    arbitrary: fc.constantFrom('a.b', 'a-b', 'a_b', 'http.route', 'host', 'le', 'name', '__name__'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '__proto__', 'constructor', 'metric_type', 'veneurlocalonly', ':::'),
  },
  { weight: 2, arbitrary: hostileText },
);

const oddValue = fc.constantFrom<unknown>(
  null,
  undefined,
  Symbol('s'),
  throwing,
  { toJSON: throwing },
  new Proxy({}, { get: throwing, ownKeys: throwing }),
  new Date(0),
  new Uint8Array([1, 2, 255]),
  [Number.NaN, { a: [1] }],
  Number.NaN,
  -0,
  10n ** 30n,
);

const attributeValue = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 2, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.oneof(fc.integer(), fc.double(), fc.boolean()) },
  { weight: 1, arbitrary: fc.anything({ maxDepth: 1, maxKeys: 2 }) },
  { weight: 1, arbitrary: oddValue },
);

/** Keys that mean something to objects are own ones here. */
export const attributes: fc.Arbitrary<Record<string, unknown>> = fc
  .array(fc.tuple(key, attributeValue), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));

/** The first character is legal everywhere, for names without one are another matter. */
export function metricName(first: string): fc.Arbitrary<string> {
  return fc
    .oneof(word, hostileText, fc.constantFrom('.a', '_e{1,1}', 'a..b', 'a.', 'A-b_c/d'))
    .map((rest) => first + rest);
}

const anyNumber = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
  { weight: 4, arbitrary: fc.integer({ min: -8000, max: 8000 }).map((eighths) => eighths / 8) },
  // Sums of a few of them are numbers still.
  { weight: 2, arbitrary: fc.double({ min: -1e300, max: 1e300 }) },
  // Sums of decimals, which rounding errors blur.
  {
    weight: 2,
    arbitrary: fc
      .array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 2, maxLength: 6 })
      .map((thousandths) => thousandths.reduce((sum, each) => sum + each / 1_000, 0)),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[0, -0, 5e-324, -5e-324, 1e-7, -1e-7, 0.1, 1e21, -1e21, 2 ** 53, 2 ** 63, 1e300],
      ...[Number.NaN, Infinity, -Infinity, null as unknown as number, undefined as unknown as number],
    ),
  },
);

export type Kind = 'counter' | 'upDown' | 'gauge';

export interface NumberMetric {
  readonly kind: Kind;
  readonly name: string;
  readonly unit: string;
  readonly temporality: AggregationTemporality;
  /** Attributes of its series, and for each export the value of each. */
  readonly series: readonly Record<string, unknown>[];
  readonly exports: readonly (readonly number[])[];
}

const MAX_SERIES = 3;
export const EXPORTS = 3;

export const numberMetric: fc.Arbitrary<NumberMetric> = fc
  .constantFrom<Kind>('counter', 'upDown', 'gauge')
  .chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      // Servers that know a name by one type must not see it by another.
      name: metricName(kind === 'counter' ? 'c' : 'g'),
      unit: fc.constantFrom('', 's', 'By', '{request}', 'ms', 'nanoseconds', 'min'),
      temporality: fc.constantFrom(AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE),
      // Two points of one series are not what a producer may hand over.
      series: fc.uniqueArray(attributes, {
        minLength: 1,
        maxLength: MAX_SERIES,
        selector: (series) => seriesKey('', series),
      }),
      exports: fc.array(fc.array(anyNumber, { minLength: MAX_SERIES, maxLength: MAX_SERIES }), {
        minLength: EXPORTS,
        maxLength: EXPORTS,
      }),
    }),
  );
