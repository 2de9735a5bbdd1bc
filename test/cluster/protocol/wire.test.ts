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

  const point = [[], [1, 0], [2, 0], 1];
  const metricOf = (changes: object) => ({
    ...{
      name: 'm',
      description: '',
      unit: '',
      valueType: 1,
      type: DataPointType.SUM,
      isMonotonic: true,
      points: [],
    },
    ...changes,
  });
  const batch = (changes: object) => ({
    resource: [],
    scopes: [{ name: 's', metrics: [metricOf(changes)] }],
  });
  const totalsOf = [3, 1, null, null];

  it.each<[string, unknown]>([
    ['nothing at all', undefined],
    ['a text', 'x'],
    ['no scopes', { resource: [] }],
    ['no resource', { scopes: [] }],
    ['an odd number of keys and values', { resource: ['a'], scopes: [] }],
    ['a key that is no text', { resource: [1, 'a'], scopes: [] }],
    ['a value that is an object', { resource: ['a', {}], scopes: [] }],
    ['an unknown kind of data', batch({ type: 7 })],
    ['a name that is no text', batch({ name: 1 })],
    ['a name that is a list', batch({ name: ['m'] })],
    ['a function', Object.assign(() => {}, { resource: [], scopes: [] })],
    ['a point too short', batch({ points: [point.slice(1)] })],
    ['a time with a fraction', batch({ points: [[[], [1.5, 0], [2, 0], 1]] })],
    ['a time with too many nanoseconds', batch({ points: [[[], [1, 1e9], [2, 0], 1]] })],
    ['a value that is no number', batch({ points: [[[], [1, 0], [2, 0], 'many']] })],
    [
      'counts that do not fit the boundaries',
      batch({ type: 0, points: [[[], [1, 0], [2, 0], [totalsOf, [1], [3]]]] }),
    ],
    [
      'boundaries out of order',
      batch({ type: 0, points: [[[], [1, 0], [2, 0], [totalsOf, [2, 1], [1, 1, 1]]]] }),
    ],
    ['a negative count', batch({ type: 0, points: [[[], [1, 0], [2, 0], [totalsOf, [], [-1]]]] })],
    [
      'a scale out of bounds',
      batch({ type: 1, points: [[[], [1, 0], [2, 0], [totalsOf, 21, 0, [0, []], [0, []]]]] }),
    ],
    [
      'more items than a message may have',
      batch({
        type: 1,
        points: [[[], [1, 0], [2, 0], [totalsOf, 3, 0, [0, Array(MAX_BATCH_ITEMS).fill(1)], [0, []]]]],
      }),
    ],
    ['more points than a message may have', batch({ points: Array(MAX_BATCH_PARTS).fill(point) })],
    [
      'more scopes than a message may have',
      { resource: [], scopes: Array(MAX_BATCH_PARTS + 1).fill({ name: '', metrics: [] }) },
    ],
    [
      'more attributes than a point may have',
      batch({ points: [[Array(2 * MAX_ATTRIBUTES + 2).fill('a'), [1, 0], [2, 0], 1]] }),
    ],
    ['more characters than a message may have', batch({ description: 'x'.repeat(MAX_MESSAGE_BYTES) })],
    ['a sum that is NaN', batch({ points: [[[], [1, 0], [2, 0], Number.NaN]] })],
    ['a sum that is infinite', batch({ points: [[[], [1, 0], [2, 0], Infinity]] })],
    ['a sum that is named NaN', batch({ points: [[[], [1, 0], [2, 0], 'NaN']] })],
    ...[Number.NaN, Infinity, -Infinity, 'NaN', 'Infinity', '-Infinity'].map(
      (boundary): [string, unknown] => [
        `the boundary ${boundary} (${typeof boundary})`,
        batch({ type: 0, points: [[[], [1, 0], [2, 0], [totalsOf, [boundary], [1, 2]]]] }),
      ],
    ),
    ['a hole among the scopes', { resource: [], scopes: new Array(1) }],
    ['a hole among the metrics', { resource: [], scopes: [{ name: 's', metrics: new Array(1) }] }],
    ['a hole among the points', batch({ points: new Array(1) })],
    ['a hole in a point', batch({ points: [new Array(4)] })],
    ['a hole in attributes', batch({ points: [[new Array(2), [1, 0], [2, 0], 1]] })],
    ['a hole in an attribute', batch({ points: [[['a', new Array(1)], [1, 0], [2, 0], 1]] })],
    ['a hole in a time', batch({ points: [[[], new Array(2), [2, 0], 1]] })],
    [
      'a hole in boundaries',
      batch({ type: 0, points: [[[], [1, 0], [2, 0], [totalsOf, new Array(1), [1, 2]]]] }),
    ],
    ['a hole in counts', batch({ type: 0, points: [[[], [1, 0], [2, 0], [totalsOf, [1], new Array(2)]]] })],
    ['a sparse list of any length', { resource: [], scopes: new Array(2 ** 32 - 1) }],
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
