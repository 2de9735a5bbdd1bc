import type { MetricData } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeLine, LineDecoder } from '../../../src/cluster/channel/ndjson.js';
import { decodeMetrics } from '../../../src/cluster/protocol/decode-metrics.js';
import {
  MAX_ATTRIBUTES,
  MAX_BATCH_ITEMS,
  MAX_EXPONENTIAL_BUCKETS,
  MAX_MESSAGE_BYTES,
  MAX_RESOURCE_ATTRIBUTES,
} from '../../../src/cluster/protocol/limits.js';
import { envelope } from '../../../src/cluster/protocol/messages.js';
import type { PlainAttributes } from '../../../src/cluster/protocol/wire-attributes.js';
import { wireSize } from '../../../src/cluster/protocol/wire-size.js';
import { encodeBatches } from '../support/encode-batches.js';
import { batchOf, counter, exponential, histogram, pointsOf } from '../support/metrics.js';

function encodeAll(metrics: Parameters<typeof batchOf>[0], resource: PlainAttributes = {}) {
  const dropped: string[] = [];
  const batches = encodeBatches(batchOf(metrics), resource, (reason) => dropped.push(reason));
  return { batches, dropped };
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const BUCKETS = MAX_BATCH_ITEMS / 2.5;

describe('encoded batches', () => {
  it('have 500 points at most, whatever their metrics', () => {
    const metrics = Array.from({ length: 1_200 }, (_, index) => counter('c', 1, { index }));
    const { batches, dropped } = encodeAll(metrics);
    expect([batches.map(({ points }) => points), dropped]).toEqual([[500, 500, 200], []]);
  });

  it('stay below the bytes of a message, with every point in one of them', () => {
    const metrics = Array.from({ length: 300 }, (_, index) =>
      counter('c', index, { path: `/${index}/${'\u0001'.repeat(10_000)}` }),
    );
    const { batches, dropped } = encodeAll(metrics);
    const decoded = batches.map((batch) => decodeMetrics(JSON.parse(JSON.stringify(batch.metrics))));
    expect(dropped).toEqual([]);
    expect(decoded.flatMap((batch) => pointsOf(batch).map(([, value]) => value))).toEqual(
      Array.from({ length: 300 }, (_, index) => index),
    );
    expect(Math.max(...batches.map((batch) => bytesOf(batch.metrics)))).toBeLessThan(MAX_MESSAGE_BYTES);
  });

  it('stay below the items of a message', () => {
    const boundaries = Array.from({ length: BUCKETS / 2 }, (_, index) => index);
    const value = {
      buckets: { boundaries, counts: Array(BUCKETS / 2 + 1).fill(1) },
      ...{ count: BUCKETS / 2 + 1, sum: 1, min: 0, max: BUCKETS },
    };
    const { batches, dropped } = encodeAll([1, 2, 3].map((index) => histogram('h', value, { index })));
    expect([batches.map(({ points }) => points), dropped]).toEqual([[2, 1], []]);
    for (const { metrics } of batches) expect(decodeMetrics(metrics)).toBeDefined();
  });

  it.each(largeExports())(
    'stay within the limits of a message where %s take most of it',
    (_what, metrics, resource) => {
      const { batches, dropped } = encodeAll(metrics, resource);
      const decoded = batches.map(({ metrics: wire }) => decodeMetrics(wire));
      const largest = Math.max(...batches.map(({ metrics: wire }) => bytesOf(wire)));
      expect([batches.length > 1, largest < MAX_MESSAGE_BYTES, dropped]).toEqual([true, true, []]);
      expect(decoded.flatMap(pointsOf)).toEqual(pointsOf(batchOf(metrics)));
    },
  );

  it('have an attribute once, however many points have it', () => {
    const metrics = Array.from({ length: 3 }, (_, index) =>
      counter('c', index, { a: 'x', index }, 2 + (index >> 1)),
    );
    const { batches } = encodeAll(metrics);
    expect(batches.map(({ metrics: { attributes, times, scopes } }) => [attributes, times, scopes])).toEqual([
      [
        ['a', 'x', 'index', 0, 'index', 1, 'index', 2],
        [1, 0, 2, 0, 1, 0, 3, 0],
        metrics.map((_, index) => ({
          ...{ name: 's', version: '' },
          metrics: [
            {
              ...{ name: 'c', description: '', unit: '', valueType: 1, type: 3, isMonotonic: true },
              points: [index >> 1, 2, 0, index + 1],
              values: [index],
            },
          ],
        })),
      ],
    ]);
  });

  it('stay below the characters that the attributes of all points may have', () => {
    const metrics = Array.from({ length: 300 }, (_, index) =>
      counter('c', index, { text: 'x'.repeat(20_000) }),
    );
    const { batches, dropped } = encodeAll(metrics);
    expect([batches.map(({ points }) => points), dropped]).toEqual([[52, 52, 52, 52, 52, 40], []]);
    for (const { metrics: wire } of batches) expect(decodeMetrics(wire)).toBeDefined();
  });

  it('stay within all limits and hold every point, for attributes of any length', () => {
    const text = fc
      .tuple(fc.constantFrom('x', '\u0001', '語', '😀'), fc.nat({ max: 400 }))
      .map(([unit, count]) => unit.repeat(count * count));
    const value = fc.oneof(
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(text, { maxLength: 3 }),
    );
    const points = fc.array(
      fc.tuple(fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'long'.repeat(99)), value), fc.nat(2)),
    );
    fc.assert(
      fc.property(points, fc.nat({ max: 300_000 }), (all, scopeLength) => {
        const scope = { name: 's'.repeat(scopeLength) };
        const metrics = all.map(([attributes, at]) => counter('c', 1, attributes, at));
        const dropped: string[] = [];
        const scopeMetrics = metrics.map((metric) => ({ scope, metrics: [metric] }));
        const batches = encodeBatches({ scopeMetrics }, {}, (reason) => dropped.push(reason));
        const decoded = batches.map(({ metrics: wire }) => {
          const json = JSON.stringify(wire);
          expect(Buffer.byteLength(json)).toBeLessThan(MAX_MESSAGE_BYTES);
          return decodeMetrics(JSON.parse(json));
        });
        const kept = decoded.flatMap((batch) => {
          expect(batch).toBeDefined();
          return pointsOf(batch);
        });
        if (dropped.length === 0) expect(kept).toEqual(pointsOf({ scopeMetrics }));
        expect(kept.length + dropped.length).toBe(metrics.length);
      }),
      { numRuns: 50 },
    );
  });

  it('have exponential histograms of a lower scale where they have too many buckets', () => {
    const value = {
      ...{ count: 5_001, sum: 1, min: -1, max: 1, scale: 5, zeroCount: 0 },
      positive: { offset: -100, bucketCounts: [0, ...Array(5_000).fill(1), 0] },
      negative: { offset: 7, bucketCounts: [1] },
    };
    const { batches, dropped } = encodeAll([exponential('e', value)]);
    const [[, decoded]] = pointsOf(decodeMetrics(batches[0]?.metrics)) as [[string, typeof value]];
    // At scale 5 - 3, a bucket holds eight.
    expect([decoded.scale, decoded.negative, dropped]).toEqual([2, { offset: 0, bucketCounts: [1] }, []]);
    expect(decoded.positive).toEqual({ offset: -13, bucketCounts: [3, ...Array(624).fill(8), 5] });
  });

  it('leave out a point that fits into no message, and keep the others', () => {
    const { batches, dropped } = encodeAll([
      counter('c', 1),
      counter('c', 2, { text: 'x'.repeat(MAX_MESSAGE_BYTES) }),
      counter('c', 3),
    ]);
    expect(batches.flatMap(({ metrics }) => pointsOf(decodeMetrics(metrics)))).toEqual([
      ['c', 1],
      ['c', 3],
    ]);
    expect(dropped).toEqual(['too_large']);
  });

  it('leave out a point of too many attributes', () => {
    const attributes = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [index, 1]));
    const { batches, dropped } = encodeAll([
      counter('c', 1, attributes(MAX_ATTRIBUTES + 1)),
      counter('c', 2, attributes(MAX_ATTRIBUTES)),
    ]);
    expect([batches.flatMap(({ metrics }) => pointsOf(decodeMetrics(metrics)).length), dropped]).toEqual([
      [1],
      ['too_large'],
    ]);
  });

  it('leave out points whose metric, or the name of its scope, fits into no message', () => {
    const text = 'x'.repeat(MAX_MESSAGE_BYTES / 6);
    const described = counter('c', 1);
    const { batches, dropped } = encodeAll([
      { ...described, descriptor: { ...described.descriptor, description: text } },
      counter('c', 2),
    ]);
    expect([batches.map(({ points }) => points), dropped]).toEqual([[1], ['too_large']]);
    const droppedScopes: string[] = [];
    const scopeMetrics = [{ scope: { name: text }, metrics: [counter('c', 1)] }];
    expect(encodeBatches({ scopeMetrics }, {}, (reason) => droppedScopes.push(reason))).toEqual([]);
    expect(droppedScopes).toEqual(['too_large']);
  });

  it('count the texts of a metric once for each batch that has points of it', () => {
    // Six of them, of 180,000 bytes each at most, are more than a message may have.
    const described = (values: readonly number[]): MetricData => {
      const metric = counter('c', 0);
      const dataPoints = values.map((value) => counter('c', value, { value }).dataPoints[0]!);
      const descriptor = { ...metric.descriptor, description: 'x'.repeat(30_000) };
      return { ...metric, descriptor, dataPoints } as MetricData;
    };
    expect(encodeAll([described([1, 2, 3, 4, 5, 6])]).batches.map(({ points }) => points)).toEqual([6]);
    expect(
      encodeAll([1, 2, 3, 4, 5, 6].map((value) => described([value]))).batches.map(({ points }) => points),
    ).toEqual([5, 1]);
  });

  it('have no fields for what a scope does not have, and null for totals that a histogram does not have', () => {
    const of = (totals: object) =>
      histogram('h', { buckets: { boundaries: [], counts: [2] }, count: 2, ...totals });
    const scopeMetrics = [
      {
        scope: { name: 's' },
        metrics: [
          of({}),
          of({ sum: Infinity, min: -Infinity, max: Number.NaN }),
          of({ sum: -0, min: 1, max: 2 }),
        ],
      },
    ];
    const [batch] = encodeBatches({ scopeMetrics }, {}, (reason) => expect.unreachable(reason));
    const scopes = batch!.metrics.scopes;
    expect(scopes.map((scope) => Object.keys(scope))).toEqual(Array(3).fill(['name', 'metrics']));
    expect(scopes.flatMap(({ metrics }) => metrics.map(({ values }) => values[0]))).toEqual([
      [[2, null, null, null], [], [2]],
      [[2, null, null, null], [], [2]],
      [[2, '-0', 1, 2], [], [2]],
    ]);
  });

  it('keep exponential histograms of as many buckets as a message may have', () => {
    const value = {
      ...{ count: 1_022, sum: 1, min: -1, max: 1, scale: 5, zeroCount: 0 },
      positive: { offset: -100, bucketCounts: [0, ...Array(MAX_EXPONENTIAL_BUCKETS - 2).fill(1), 0] },
      negative: { offset: 7, bucketCounts: [] },
    };
    const { batches } = encodeAll([exponential('e', value)]);
    expect(pointsOf(decodeMetrics(batches[0]?.metrics))).toEqual([['e', value]]);
  });

  it('are messages within the limits of JSON, also with as many items as a batch may have', () => {
    const metrics = Array.from({ length: 600 }, (_, index) =>
      counter('c', 1, { index, list: [index, ...Array(48).fill(1)] }),
    );
    for (const batch of encodeAll(metrics).batches) {
      const message = envelope({
        kind: 'batch',
        from: 'w',
        secret: 's',
        sequence: 1,
        intervalMillis: 1,
        ...batch,
      });
      expect([...new LineDecoder().decode(Buffer.from(encodeLine(message)))]).toEqual([message]);
    }
  });

  it('have as many attributes of the resource as a message may have', () => {
    const resource = Object.fromEntries(
      Array.from({ length: MAX_RESOURCE_ATTRIBUTES + 1 }, (_, index) => [index, 'a']),
    );
    const { batches } = encodeAll([counter('c', 1)], resource);
    const decoded = decodeMetrics(batches[0]?.metrics);
    expect(Object.keys(decoded?.resource ?? {}).length).toBe(MAX_RESOURCE_ATTRIBUTES);
  });

  it('leave out values that became infinite by merging', () => {
    const { batches, dropped } = encodeAll([counter('c', Infinity), counter('c', 1)]);
    expect([batches.map(({ points }) => points), dropped]).toEqual([[1], ['non_finite']]);
  });
});

describe('the size of a value on the wire', () => {
  it('is never below its bytes as JSON, nor below the items of its lists', () => {
    const leaf = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.constant(null),
    );
    const value = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value'))),
    })).value;
    fc.assert(
      fc.property(value, (any) => {
        const { bytes, items } = wireSize(any);
        expect(bytes).toBeGreaterThanOrEqual(bytesOf(any));
        expect(items).toBeGreaterThan(countItems(any));
      }),
    );
    expect(wireSize(Array(MAX_BATCH_ITEMS).fill(0)).items).toBe(MAX_BATCH_ITEMS + 1);
  });
});

/** Exports that are too large for one batch, each because of something else. */
function largeExports(): [what: string, metrics: MetricData[], resource: PlainAttributes][] {
  const range = Array.from({ length: 500 }, (_, index) => index);
  const attributes = (count: number) =>
    Object.fromEntries(range.slice(0, count).map((index) => [index, true]));
  const oneMetric = (metrics: MetricData[]): MetricData[] => [
    {
      ...metrics[0]!,
      dataPoints: metrics.flatMap(({ dataPoints }) => dataPoints as unknown[]),
    } as MetricData,
  ];
  const points = (count: number, time = (_index: number) => 2): MetricData[] =>
    oneMetric(range.map((index) => counter('c', 1 / 3, attributes(count), time(index))));
  const control = (bytes: number): string => '\u0001'.repeat(bytes / BYTES_OF_CONTROL_CHARACTER);
  const counts = range.map(() => 2 ** 52);
  const value = { buckets: { boundaries: range.slice(1), counts }, count: 1 };
  return [
    ['places of attributes', points(60), {}],
    ['times', points(46, (index) => index), {}],
    ['the texts of metrics', range.map((index) => counter(`c${index}`, 1, attributes(49))), {}],
    ['lists of the resource', points(25), { list: Array(13_000).fill(true) }],
    ['bytes of the resource', points(0), { text: control(1_030_000) }],
    ['bytes of places', points(40), { text: control(960_000) }],
    [
      'bytes of values',
      oneMetric(range.slice(0, 40).map(() => histogram('h', value))),
      { text: control(800_000) },
    ],
    ['bytes of times', points(0, (index) => 1_700_000_000 + index), { text: control(1_020_000) }],
  ];
}

/** As JSON: `\u0001`. */
const BYTES_OF_CONTROL_CHARACTER = 6;

function countItems(value: unknown): number {
  return Array.isArray(value) ? value.reduce((sum, item) => sum + 1 + countItems(item), 0) : 0;
}
