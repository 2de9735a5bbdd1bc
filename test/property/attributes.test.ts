// Attributes removed by the exporter and attributes that were never recorded give the same lines.
import type { Meter } from '@opentelemetry/api';
import { AggregationTemporality, AggregationType, InstrumentType } from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import { parseLine } from '../../src/mapping/lines/parse-line.js';
import type { HistogramMode } from '../../src/mapping/options.js';
import { batchOf, counter, mapperOf, point } from '../support/mapping.js';
import { instrument } from '../support/metrics/collect.js';

const EXPORTS = 3;
const REMOVED = ['id', 'host'];

interface Recording {
  readonly kind: 'counter' | 'upDown' | 'explicit' | 'exponential';
  readonly value: number;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Eighths add up exactly, in any order. */
const recording: fc.Arbitrary<Recording> = fc.record({
  kind: fc.constantFrom('counter', 'upDown', 'explicit', 'exponential'),
  value: fc.integer({ min: 0, max: 8_000 }).map((eighths) => eighths / 8),
  attributes: fc.record(
    {
      id: fc.integer({ min: 0, max: 4 }),
      host: fc.constantFrom('a', 'b'),
      route: fc.constantFrom('/', '/users'),
      code: fc.constantFrom(200, 404),
    },
    { requiredKeys: [] },
  ),
});

function recordOn(meter: Meter) {
  const counter = meter.createCounter('orders');
  const upDown = meter.createUpDownCounter('open');
  const explicit = meter.createHistogram('size', { unit: 'By' });
  const exponential = meter.createHistogram('latency', { unit: 's' });
  return ({ kind, value, attributes }: Recording): void => {
    if (kind === 'counter') counter.add(value, attributes);
    // Some falls, too.
    else if (kind === 'upDown') upDown.add(value % 2 === 0 ? value : -value, attributes);
    else if (kind === 'explicit') explicit.record(value, attributes);
    else exponential.record(value, attributes);
  };
}

function sdkOf(temporality: AggregationTemporality) {
  return instrument(
    {
      selectAggregationTemporality: () => temporality,
      selectAggregation: () => ({ type: AggregationType.DEFAULT }),
    },
    {
      views: [
        {
          instrumentName: 'latency',
          instrumentType: InstrumentType.HISTOGRAM,
          aggregation: {
            type: AggregationType.EXPONENTIAL_HISTOGRAM,
            options: { maxSize: 160, recordMinMax: true },
          },
        },
      ],
    },
  );
}

function withoutRemoved({ attributes, ...rest }: Recording): Recording {
  const kept = Object.entries(attributes).filter(([key]) => !REMOVED.includes(key));
  return { ...rest, attributes: Object.fromEntries(kept) };
}

const selections = [{ except: REMOVED }, ['route', 'code']];

describe.each(Object.keys(dialects) as DialectName[])('for %s', (name) => {
  it('lines of merged series are those of series recorded without the removed attributes', async () => {
    const temporalities = [AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...temporalities),
        fc.constantFrom(...selections),
        fc.array(fc.array(recording, { maxLength: 30 }), { minLength: EXPORTS, maxLength: EXPORTS }),
        async (temporality, selection, exports) => {
          const whole = sdkOf(temporality);
          const reduced = sdkOf(temporality);
          const recordWhole = recordOn(whole.meter);
          const recordReduced = recordOn(reduced.meter);
          // The increase of a cumulative histogram has min and max only while it is the first of its series.
          const mode: HistogramMode =
            temporality === AggregationTemporality.DELTA ? dialects[name].histograms : 'buckets';
          const options = { histograms: { mode, exactSum: true, percentiles: [] } };
          const mapWhole = mapperOf(dialects[name], { ...options, attributes: { '*': selection } });
          const mapReduced = mapperOf(dialects[name], options);
          for (const recordings of exports) {
            for (const each of recordings) {
              recordWhole(each);
              recordReduced(withoutRemoved(each));
            }
            const [merged, expected] = [await whole.collect(), await reduced.collect()];
            const [a, b] = [mapWhole(merged), mapReduced(expected)];
            const comparable = mode === 'buckets' ? isExact : () => true;
            expect({ ...a, groups: [], lines: untimed(a.lines).filter(comparable) }).toEqual({
              ...b,
              groups: [],
              lines: untimed(b.lines).filter(comparable),
            });
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);
});

describe.each(Object.keys(dialects) as DialectName[])('for %s', (name) => {
  it('counters without some attributes add up to the total of all', () => {
    const keys = ['id', 'host', 'route', 'code'];
    const distinct = fc.uniqueArray(recording, { selector: ({ attributes }) => JSON.stringify(attributes) });
    fc.assert(
      fc.property(distinct, fc.subarray(keys), (recordings, kept) => {
        const points = recordings.map(({ value, attributes }) => point(Math.round(value), { attributes }));
        const lines = mapperOf(dialects[name], { attributes: { orders: kept } })(
          batchOf([counter(points, { name: 'orders' })]),
        ).lines;
        const sum = lines
          .flatMap((line) => {
            const parsed = parseLine(line, dialects[name]);
            return 'samples' in parsed ? parsed.samples : [];
          })
          .reduce((total, { value }) => total + Number(value), 0);
        expect(sum).toBe(points.reduce((total, { value }) => total + value, 0));
      }),
    );
  });
});

/** Where exponential buckets are cut by min and max, fixed buckets are estimates. */
function isExact(line: string): boolean {
  return !line.startsWith('latency.bucket');
}

/** In any order, for a series stands where its first recording was; carbon's time is that of either collection. */
function untimed(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ \d{10}$/, '')).sort();
}
