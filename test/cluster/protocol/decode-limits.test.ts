import { DataPointType } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { decodeMetrics } from '../../../src/cluster/protocol/decode-metrics.js';
import {
  MAX_ATTRIBUTE_CHARACTERS,
  MAX_ATTRIBUTES,
  MAX_BATCH_ITEMS,
  MAX_BATCH_PARTS,
  MAX_EXPONENTIAL_BUCKETS,
  MAX_MESSAGE_BYTES,
  MAX_RESOURCE_ATTRIBUTES,
} from '../../../src/cluster/protocol/limits.js';

/** Points without attributes, of these values. */
function metric(type: DataPointType, values: unknown[], changes: object = {}): unknown {
  const points = values.flatMap(() => [0, 0]);
  const header = { name: '', description: '', unit: '', valueType: 1, type, isMonotonic: true };
  return { ...header, points, values, ...changes };
}

const TIMES = [1, 0, 2, 0];
const NOTHING = { resource: [], attributes: [], times: [], scopes: [] };

function batchOf(metrics: unknown[], attributes: unknown[] = [], times: unknown[] = TIMES): unknown {
  return { resource: [], attributes, times, scopes: [{ name: '', metrics }] };
}

/** Metrics that have one scope in common. */
function ofScope(name: string, metrics: number): unknown {
  return { ...NOTHING, scopes: [{ name, metrics: Array(metrics).fill(metric(DataPointType.SUM, [])) }] };
}

const ofValue = (type: DataPointType, value: unknown): unknown => batchOf([metric(type, [value])]);
/** A point that has all of the attributes. */
function counter(attributes: unknown[], start: unknown[] = [1, 0]): unknown {
  const places = Array.from({ length: attributes.length / 2 }, (_, index) => index);
  const points = [0, places.length, ...places];
  return batchOf([metric(DataPointType.SUM, [1], { points })], attributes, [...start, 2, 0]);
}
/** Points that have one attribute in common. */
function sharing(points: number, attribute: [key: string, value: unknown]): unknown {
  const common = Array.from({ length: points }, () => [0, 1, 0]).flat();
  return batchOf([metric(DataPointType.SUM, Array(points).fill(1), { points: common })], attribute);
}
const histogram = (boundaries: unknown[], counts: unknown[]): unknown =>
  ofValue(DataPointType.HISTOGRAM, [[3, 1, null, null], boundaries, counts]);
const totals = (...values: unknown[]): unknown => ofValue(DataPointType.HISTOGRAM, [values, [], [1]]);
const exponential = (scale: unknown, offset: unknown, counts: unknown[] = []): unknown =>
  ofValue(DataPointType.EXPONENTIAL_HISTOGRAM, [[3, 1, null, null], scale, 0, [offset, counts], [0, []]]);

/** Keys and values of that many attributes. */
const attributes = (count: number): unknown[] =>
  Array.from({ length: count }, (_, key) => [`${key}`, 1]).flat();

/** A batch with that many items in its lists: a scope, a metric, a point of 3, a value, an attribute of 2, times of 4. */
const withItems = (count: number): unknown =>
  counter(['k', Array(count - (1 + 1 + 3 + 1 + 2 + 4)).fill(true)]);

describe('a batch', () => {
  it.each<[string, unknown, unknown]>([
    ['items', withItems(MAX_BATCH_ITEMS), withItems(MAX_BATCH_ITEMS + 1)],
    [
      'scopes, metrics and points',
      batchOf([metric(DataPointType.SUM, Array(MAX_BATCH_PARTS - 2).fill(1))]),
      batchOf([metric(DataPointType.SUM, Array(MAX_BATCH_PARTS - 1).fill(1))]),
    ],
    [
      'characters',
      batchOf([metric(DataPointType.SUM, [], { unit: 'x'.repeat(MAX_MESSAGE_BYTES) })]),
      batchOf([metric(DataPointType.SUM, [], { unit: 'x'.repeat(MAX_MESSAGE_BYTES), name: 'y' })]),
    ],
    [
      'characters of a scope, counted for each of its metrics',
      ofScope('x'.repeat(MAX_MESSAGE_BYTES / 16), 16),
      ofScope('x'.repeat(MAX_MESSAGE_BYTES / 16), 17),
    ],
    [
      'texts that points have in common',
      sharing(1_024, ['k', 'x'.repeat(MAX_ATTRIBUTE_CHARACTERS / 1_024 - 1)]),
      sharing(1_025, ['k', 'x'.repeat(MAX_ATTRIBUTE_CHARACTERS / 1_024 - 1)]),
    ],
    [
      'lists that points have in common',
      sharing(256, ['k', Array(2_047).fill(1)]),
      sharing(257, ['k', Array(2_047).fill(1)]),
    ],
    ['attributes of a point', counter(attributes(MAX_ATTRIBUTES)), counter(attributes(MAX_ATTRIBUTES + 1))],
    [
      'attributes of the resource',
      { ...NOTHING, resource: attributes(MAX_RESOURCE_ATTRIBUTES) },
      { ...NOTHING, resource: attributes(MAX_RESOURCE_ATTRIBUTES + 1) },
    ],
    [
      'buckets',
      exponential(0, 0, Array(MAX_EXPONENTIAL_BUCKETS).fill(1)),
      exponential(0, 0, Array(MAX_EXPONENTIAL_BUCKETS + 1).fill(1)),
    ],
    ['boundaries that differ', histogram([1, 2], [1, 1, 1]), histogram([1, 1], [1, 1, 1])],
    ['a scale as high as the data model has', exponential(20, 0), exponential(21, 0)],
    ['a scale as low as the data model has', exponential(-10, 0), exponential(-11, 0)],
    ['the highest offset', exponential(0, 2 ** 31), exponential(0, 2 ** 31 + 1)],
    ['the lowest offset', exponential(0, -(2 ** 31)), exponential(0, -(2 ** 31) - 1)],
    ['the last nanosecond', counter([], [1, 999_999_999]), counter([], [1, 1_000_000_000])],
    ['the first time', counter([], [0, 0]), counter([], [0, -1])],
    ['the largest count', totals(Number.MAX_SAFE_INTEGER, 1, 1, 1), totals(2 ** 53, 1, 1, 1)],
    [
      'the kind of a value',
      batchOf([metric(3, [], { valueType: 0 })]),
      batchOf([metric(3, [], { valueType: 2 })]),
    ],
    ['null as a sum', totals(1, null, 1, 1), totals(null, 1, 1, 1)],
    ['a sum', totals(1, 1, 1, 1), totals(1, 'x', 1, 1)],
    ['a minimum', totals(1, 1, 1, 1), totals(1, 1, 'x', 1)],
    ['a maximum', totals(1, 1, 1, 1), totals(1, 1, 1, 'x')],
    ['an attribute that is a list', counter(['k', ['a', 1, true]]), counter(['k', ['a', null]])],
    ['an attribute without value', counter(['k', null]), counter(['k', Number.NaN])],
    [
      'a scope of a version',
      { ...NOTHING, scopes: [{ name: '', version: '1', metrics: [] }] },
      { ...NOTHING, scopes: [{ name: '', version: 1, metrics: [] }] },
    ],
    [
      'a scope of a schema',
      { ...NOTHING, scopes: [{ name: '', schemaUrl: 'u', metrics: [] }] },
      { ...NOTHING, scopes: [{ name: '', schemaUrl: 1, metrics: [] }] },
    ],
    ['metrics', { ...NOTHING, scopes: [{ name: '', metrics: [] }] }, { ...NOTHING, scopes: [{ name: '' }] }],
    [
      'a record as scope',
      { ...NOTHING, scopes: [{ name: '', metrics: [] }] },
      { ...NOTHING, scopes: [null] },
    ],
  ])('is accepted at the limit of its %s, and refused beyond it', (_what, atLimit, beyond) => {
    expect([decodeMetrics(atLimit) !== undefined, decodeMetrics(beyond)]).toEqual([true, undefined]);
  });
});

it('a list of too many items is refused before its items are read', () => {
  const read: string[] = [];
  const list = new Proxy(Array(MAX_BATCH_ITEMS + 1).fill(1), {
    get: (target, key) => {
      read.push(String(key));
      return Reflect.get(target, key);
    },
  });
  expect([decodeMetrics({ ...NOTHING, resource: list }), read]).toEqual([undefined, ['length']]);
});
