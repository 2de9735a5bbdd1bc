import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMetrics } from '../../../src/cluster/protocol/decode-metrics.js';
import { encodeBatches } from '../../../src/cluster/protocol/encode-metrics.js';
import {
  MAX_ATTRIBUTES,
  MAX_BATCH_ITEMS,
  MAX_MESSAGE_BYTES,
  MAX_RESOURCE_ATTRIBUTES,
} from '../../../src/cluster/protocol/limits.js';
import { wireSize } from '../../../src/cluster/protocol/wire-size.js';
import { batchOf, counter, exponential, histogram, pointsOf } from '../support/metrics.js';

function encodeAll(metrics: Parameters<typeof batchOf>[0], resource: Record<string, string> = {}) {
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
    const attributes = Object.fromEntries(
      Array.from({ length: MAX_ATTRIBUTES + 1 }, (_, index) => [index, 1]),
    );
    const { batches, dropped } = encodeAll([counter('c', 1, attributes), counter('c', 2)]);
    expect([batches.map(({ points }) => points), dropped]).toEqual([[1], ['too_large']]);
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

function countItems(value: unknown): number {
  return Array.isArray(value) ? value.reduce((sum, item) => sum + 1 + countItems(item), 0) : 0;
}
