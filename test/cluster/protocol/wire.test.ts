import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMetrics } from '../../../src/cluster/protocol/decode-metrics.js';
import { encodeMetrics } from '../../../src/cluster/protocol/encode-metrics.js';
import { plainAttributes } from '../../../src/cluster/protocol/wire-attributes.js';
import { wireTemporality } from '../../../src/cluster/protocol/wire-metrics.js';
import { attributeText } from '../../../src/mapping/tags/attribute-text.js';
import { attributes } from '../../support/metrics/arbitrary-metrics.js';
import { batchOf, counter, exponential, gauge, histogram, upDown } from '../support/metrics.js';

/** Encodes the batch and parses it as JSON, as a channel does. */
function transfer(batch: ResourceMetrics, resource: Record<string, unknown> = {}): unknown {
  return JSON.parse(JSON.stringify(encodeMetrics(batch, plainAttributes(resource))));
}

const anyNumber = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0));
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
    .uniqueArray(fc.oneof(fc.double({ noNaN: true }), fc.constant(Infinity)), { maxLength: 5 })
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
          { maxLength: 3 },
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
          const scopeMetrics = all.map(([scope, metrics]) => ({ scope, metrics }));
          const sent = { resource: { attributes: {} }, scopeMetrics } as unknown as ResourceMetrics;
          expect(decodeMetrics(transfer(sent, resource))).toEqual({ resource, scopeMetrics });
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
        if (decoded !== undefined)
          expect(decodeMetrics(transfer(asBatch(decoded), decoded.resource))).toEqual(decoded);
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
      'too many buckets',
      batch({
        type: 1,
        points: [[[], [1, 0], [2, 0], [totalsOf, 3, 0, [0, Array(16_385).fill(1)], [0, []]]]],
      }),
    ],
    ['too many points', batch({ points: Array(100_001).fill(point) })],
  ])('are refused with %s', (_, value) => {
    expect(decodeMetrics(value)).toBeUndefined();
  });
});

function asBatch(decoded: { scopeMetrics: unknown }): ResourceMetrics {
  return { ...batchOf([]), ...decoded } as ResourceMetrics;
}

/** A copy whose value at this place, counted over all values, is replaced. */
function damaged(value: unknown, place: number, damage: unknown): unknown {
  const places: (() => void)[] = [];
  const copy = { root: structuredClone(value) };
  const visit = (holder: Record<string, unknown>): void => {
    for (const key of Object.keys(holder)) {
      places.push(() => {
        holder[key] = damage;
      });
      const child = holder[key];
      if (typeof child === 'object' && child !== null) visit(child as Record<string, unknown>);
    }
  };
  visit(copy);
  places[place % places.length]!();
  return copy.root;
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
