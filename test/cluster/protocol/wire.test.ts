import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMetrics } from '../../../src/cluster/protocol/decode-metrics.js';
import {
  MAX_ATTRIBUTES,
  MAX_BATCH_ITEMS,
  MAX_BATCH_PARTS,
  MAX_MESSAGE_BYTES,
} from '../../../src/cluster/protocol/limits.js';
import { plainAttributes } from '../../../src/cluster/protocol/wire-attributes.js';
import { wireTemporality } from '../../../src/cluster/protocol/wire-metrics.js';
import { attributeText } from '../../../src/mapping/tags/attribute-text.js';
import { attributes } from '../../support/metrics/arbitrary-metrics.js';
import { damaged } from '../support/damaged.js';
import {
  batchOf,
  counter,
  encoded,
  exponential,
  gauge,
  histogram,
  pointsOf,
  upDown,
} from '../support/metrics.js';

/** Encodes the batch and parses it as JSON, as a channel does. */
function transfer(batch: ResourceMetrics, resource: Record<string, unknown> = {}): unknown {
  return JSON.parse(JSON.stringify(encoded(batch, resource)));
}

const anyNumber = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(-0));
const count = fc.maxSafeNat();
const time = fc.tuple(fc.nat(), fc.nat({ max: 999_999_999 }));
const totals = fc.record(
  { count, sum: anyNumber, min: anyNumber, max: anyNumber },
  { requiredKeys: ['count'], noNullPrototype: true },
);
const buckets = fc.record({ offset: fc.integer(), bucketCounts: fc.array(count) }, { noNullPrototype: true });

const values: Record<DataPointType, fc.Arbitrary<unknown>> = {
  [DataPointType.SUM]: anyNumber,
  [DataPointType.GAUGE]: anyNumber,
  [DataPointType.HISTOGRAM]: fc
    .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 5 })
    .chain((bounds) =>
      fc.tuple(
        totals,
        fc.array(count, { minLength: bounds.length + 1, maxLength: bounds.length + 1 }),
        fc.constant([...bounds].sort((a, b) => a - b)),
      ),
    )
    .map(([known, counts, boundaries]) => ({ ...known, buckets: { boundaries, counts } })),
  [DataPointType.EXPONENTIAL_HISTOGRAM]: fc
    .tuple(totals, fc.integer({ min: -10, max: 20 }), count, buckets, buckets)
    .map(([known, scale, zeroCount, positive, negative]) => ({
      ...known,
      scale,
      zeroCount,
      positive,
      negative,
    })),
};

const metric: fc.Arbitrary<MetricData> = fc
  .constantFrom(
    DataPointType.SUM,
    DataPointType.GAUGE,
    DataPointType.HISTOGRAM,
    DataPointType.EXPONENTIAL_HISTOGRAM,
  )
  .chain((dataPointType) =>
    fc
      .tuple(
        fc.record(
          {
            name: fc.string(),
            unit: fc.string(),
            description: fc.string(),
            valueType: fc.nat({ max: 1 }),
          },
          { noNullPrototype: true },
        ),
        fc.boolean(),
        fc.array(
          fc.record(
            {
              attributes: attributes.map(safely),
              startTime: time,
              endTime: time,
              value: values[dataPointType],
            },
            { noNullPrototype: true },
          ),
          { minLength: 1, maxLength: 3 },
        ),
      )
      .map(([descriptor, isMonotonic, dataPoints]) => {
        const kind = dataPointType === DataPointType.SUM ? { dataPointType, isMonotonic } : { dataPointType };
        return {
          descriptor,
          ...kind,
          aggregationTemporality: wireTemporality(kind),
          dataPoints,
        } as unknown as MetricData;
      }),
  );

/** Points with unreadable attributes are dropped before they are encoded. */
function safely(given: Record<string, unknown>): Record<string, unknown> {
  try {
    return plainAttributes(given);
  } catch {
    return {};
  }
}

const scope = fc.record(
  { name: fc.string(), version: fc.string(), schemaUrl: fc.string() },
  { requiredKeys: ['name'], noNullPrototype: true },
);

describe('metrics', () => {
  it('are decoded as they were encoded, for any numbers and texts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(scope, fc.array(metric, { maxLength: 3 }))),
        attributes.map(safely),
        (all, resource) => {
          const scopeMetrics = all.flatMap(([scope, metrics]) =>
            metrics.map((each) => ({ scope, metrics: [each] })),
          );
          const sent = { resource: { attributes: {} }, scopeMetrics } as unknown as ResourceMetrics;
          const sentResource = scopeMetrics.length === 0 ? {} : resource;
          expect(decodeMetrics(transfer(sent, resource))).toEqual({ resource: sentResource, scopeMetrics });
        },
      ),
    );
  });

  it('are decoded or refused when any part is damaged', () => {
    const sent = transfer(
      batchOf([
        counter('c', 1, { a: 'b' }),
        upDown('u', -1),
        gauge('g', 0.5),
        histogram('h', {
          buckets: { boundaries: [1, 2], counts: [1, 0, 2] },
          count: 3,
          sum: 5,
          min: 0,
          max: 3,
        }),
        exponential('e', {
          ...{ count: 2, sum: 3, scale: 3, zeroCount: 0 },
          positive: { offset: -5, bucketCounts: [1, 1] },
          negative: { offset: 0, bucketCounts: [] },
        }),
      ]),
      { 'service.name': 'shop' },
    );
    const damages = fc.constantFrom<unknown>({}, [], 'x', -1, 1.5, 1e300, true, ['x'], [1, 2], [[]]);
    fc.assert(
      fc.property(fc.nat(), damages, (place, damage) => {
        // The result must be a valid batch or a refusal, never an exception.
        const decoded = decodeMetrics(damaged(sent, place, damage));
        if (decoded === undefined) return;
        const again = decodeMetrics(transfer(asBatch(decoded), decoded.resource));
        expect(pointsOf(again)).toEqual(pointsOf(decoded));
      }),
      { numRuns: 2_000 },
    );
  });

  const metricOf = (changes: object) => ({
    ...{
      name: 'm',
      description: '',
      unit: '',
      valueType: 1,
      type: DataPointType.SUM,
      isMonotonic: true,
      points: [0, 1, 0],
      values: [1],
    },
    ...changes,
  });
  const nothing = { resource: [], attributes: [], times: [], scopes: [] };
  /** A batch with one point of one attribute, changed. */
  const batch = (metric: object, lists: object = {}) => ({
    ...nothing,
    attributes: ['a', 'b'],
    times: [1, 0, 2, 0],
    ...lists,
    scopes: [{ name: 's', metrics: [metricOf(metric)] }],
  });
  const valued = (type: DataPointType, value: unknown) => batch({ type, values: [value] });
  const totalsOf = [3, 1, null, null];

  it('are decoded where they are as those that the following ones were changed from', () => {
    expect(pointsOf(decodeMetrics(batch({})))).toEqual([['m{"a":"b"}', 1]]);
  });

  it.each<[string, unknown]>([
    ['nothing at all', undefined],
    ['a text', 'x'],
    ['no scopes', { ...nothing, scopes: undefined }],
    ['no resource', { ...nothing, resource: undefined }],
    ['no attributes', { ...nothing, attributes: undefined }],
    ['no times', { ...nothing, times: undefined }],
    ['an odd number of keys and values', { ...nothing, resource: ['a'] }],
    ['a key that is no text', { ...nothing, resource: [1, 'a'] }],
    ['a value that is an object', { ...nothing, resource: ['a', {}] }],
    ['an attribute without value', { ...nothing, attributes: ['a'] }],
    ['an attribute whose key is no text', { ...nothing, attributes: [1, 'a'] }],
    ['a time too short', { ...nothing, times: [1, 0, 2] }],
    ['a time with a fraction', batch({}, { times: [1.5, 0, 2, 0] })],
    ['a time with too many nanoseconds', batch({}, { times: [1, 0, 2, 1e9] })],
    ['an unknown kind of data', batch({ type: 7 })],
    ['a name that is no text', batch({ name: 1 })],
    ['a name that is a list', batch({ name: ['m'] })],
    ['a function', Object.assign(() => {}, nothing)],
    ['a point without value', batch({ values: [] })],
    ['a value without point', batch({ values: [1, 2] })],
    ['a point too short', batch({ points: [0, 1] })],
    ['a point too long', batch({ points: [0, 1, 0, 0] })],
    ['a point of a time that is not there', batch({ points: [1, 1, 0] })],
    ['a point of an attribute that is not there', batch({ points: [0, 1, 1] })],
    ['a point of an attribute before the first', batch({ points: [0, 1, -1] })],
    ['a point of an attribute between two', batch({ points: [0, 1, 0.5] })],
    ['a point of an attribute that is no number', batch({ points: [0, 1, '0'] })],
    ['a point of fewer attributes than none', batch({ points: [0, -1] })],
    ['a value that is no number', valued(DataPointType.SUM, 'many')],
    ['counts that do not fit the boundaries', valued(0, [totalsOf, [1], [3]])],
    ['boundaries out of order', valued(0, [totalsOf, [2, 1], [1, 1, 1]])],
    ['a negative count', valued(0, [totalsOf, [], [-1]])],
    ['a scale out of bounds', valued(1, [totalsOf, 21, 0, [0, []], [0, []]])],
    [
      'more items than a message may have',
      valued(1, [totalsOf, 3, 0, [0, Array(MAX_BATCH_ITEMS).fill(1)], [0, []]]),
    ],
    [
      'more points than a message may have',
      batch({ points: Array(2 * MAX_BATCH_PARTS).fill(0), values: Array(MAX_BATCH_PARTS).fill(1) }),
    ],
    [
      'more scopes than a message may have',
      { ...nothing, scopes: Array(MAX_BATCH_PARTS + 1).fill({ name: '', metrics: [] }) },
    ],
    [
      'more attributes than a point may have',
      batch({ points: [0, MAX_ATTRIBUTES + 1, ...Array(MAX_ATTRIBUTES + 1).fill(0)] }),
    ],
    ['more characters than a message may have', batch({ description: 'x'.repeat(MAX_MESSAGE_BYTES) })],
    ['a sum that is NaN', valued(DataPointType.SUM, Number.NaN)],
    ['a sum that is infinite', valued(DataPointType.SUM, Infinity)],
    ['a sum that is named NaN', valued(DataPointType.SUM, 'NaN')],
    ...[Number.NaN, Infinity, -Infinity, 'NaN', 'Infinity', '-Infinity'].map(
      (boundary): [string, unknown] => [
        `the boundary ${boundary} (${typeof boundary})`,
        valued(0, [totalsOf, [boundary], [1, 2]]),
      ],
    ),
    ['a hole among the scopes', { ...nothing, scopes: new Array(1) }],
    ['a hole among the metrics', { ...nothing, scopes: [{ name: 's', metrics: new Array(1) }] }],
    ['a hole among the values', batch({ values: new Array(1) })],
    ['a hole among the points', batch({ points: new Array(3) })],
    ['a hole in attributes', batch({}, { attributes: new Array(2) })],
    ['a hole in an attribute', batch({}, { attributes: ['a', new Array(1)] })],
    ['a hole in a time', batch({}, { times: [1, 0, ...new Array(1), 0] })],
    ['a hole in boundaries', valued(0, [totalsOf, new Array(1), [1, 2]])],
    ['a hole in counts', valued(0, [totalsOf, [1], new Array(2)])],
    ['a sparse list of any length', { ...nothing, scopes: new Array(2 ** 32 - 1) }],
  ])('are refused with %s', (_, value) => {
    expect(decodeMetrics(value)).toBeUndefined();
  });
});

function asBatch(decoded: { scopeMetrics: unknown }): ResourceMetrics {
  return { ...batchOf([]), ...decoded } as ResourceMetrics;
}

describe('plain attributes', () => {
  it('have the same text as a tag as the original attributes', () => {
    fc.assert(
      fc.property(attributes, (given) => {
        const readable = Object.entries(given).filter(([, value]) => isReadable(value));
        const plain = plainAttributes(Object.fromEntries(readable));
        const transferred = JSON.parse(JSON.stringify(Object.entries(plain))) as [string, unknown][];
        expect(transferred.map(([key, value]) => [key, attributeText(value)])).toEqual(
          readable.map(([key, value]) => [key, attributeText(value)]),
        );
      }),
    );
  });

  it('are a copy, lists included', () => {
    const list = ['a'];
    const plain = plainAttributes({ list });
    list.push('b');
    expect(plain).toEqual({ list: ['a'] });
  });
});

function isReadable(value: unknown): boolean {
  try {
    attributeText(value);
    return true;
  } catch {
    return false;
  }
}
