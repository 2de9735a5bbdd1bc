import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttributeTable, attributesBytes } from '../../../src/mapping/merge/attribute-table.js';

function tableOf(...all: readonly Record<string, unknown>[]): AttributeTable {
  const table = new AttributeTable((value) => value);
  for (const attributes of all) {
    table.intern(attributes);
    table.retain();
  }
  return table;
}

/** The ids of the point that was read last. */
function idsOf(table: AttributeTable): number[] {
  return [...table.ids.subarray(0, table.count)];
}

function hashOf(table: AttributeTable, attributes: Record<string, unknown>): number {
  table.read(attributes);
  return table.hash;
}

describe('a table of attributes', () => {
  it('gives each key and value an id, and finds it again in any order', () => {
    const table = tableOf({ a: 1, b: 'x' }, { b: 'x', a: 2 });
    const found = [{ a: 1, b: 'x' }, { b: 'x', a: 2 }, { b: 'x' }, {}].map((attributes) => ({
      isKnown: table.read(attributes),
      ids: idsOf(table),
    }));
    expect(found).toEqual([
      { isKnown: true, ids: [1, 2] },
      { isKnown: true, ids: [2, 3] },
      { isKnown: true, ids: [2] },
      { isKnown: true, ids: [] },
    ]);
    expect([1, 2, 3].map((id) => table.get(id))).toMatchObject([
      { key: 'a', value: 1, characters: 2 },
      { key: 'b', value: 'x', characters: 2 },
      { key: 'a', value: 2, characters: 2 },
    ]);
    expect({ size: table.size, inUse: table.inUse }).toEqual({ size: 4, inUse: 3 });
  });

  it('has no id for a value or a key that no series has', () => {
    const table = tableOf({ a: 1, b: 2 });
    const found = [{ a: 2 }, { c: 1 }, { c: 1, b: 2 }].map((attributes) => ({
      isKnown: table.read(attributes),
      ids: idsOf(table),
    }));
    expect(found).toEqual([
      { isKnown: false, ids: [0] },
      { isKnown: false, ids: [0] },
      { isKnown: false, ids: [0, 2] },
    ]);
  });

  it('has room for points of many attributes', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, index]));
    const table = tableOf({ a: 1 }, many);
    expect({ isKnown: table.read(many), ids: idsOf(table) }).toEqual({
      isKnown: true,
      ids: Array.from({ length: 100 }, (_, index) => index + 2),
    });
  });

  it('keeps texts, finite numbers and booleans as they are, and a copy of each other value', () => {
    const table = new AttributeTable((value) => ({ copy: String(value) }));
    const values = ['x', '', 1, -0.5, true, false, Number.NaN, Infinity, null, undefined, [1, 2]];
    const kept = values.map((value) => {
      table.intern({ a: value });
      return table.get(table.ids[0]!).value;
    });
    expect(kept).toEqual([
      ...['x', '', 1, -0.5, true, false],
      ...['NaN', 'Infinity', 'null', 'undefined', '1,2'].map((copy) => ({ copy })),
    ]);
    expect(values.map((value) => table.read({ a: value }))).toEqual(values.map(() => true));
  });

  it('tells values of equal texts apart by their types, and objects by their texts', () => {
    const values = [1, '1', true, 'true', [1], '[1]', null, '', 0, -0, { b: 1 }, '{"b":1}'];
    const table = tableOf(...values.map((a) => ({ a })));
    const ids = values.map((a) => {
      table.read({ a: typeof a === 'object' ? structuredClone(a) : a });
      return idsOf(table)[0];
    });
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10, 11]);
  });

  it('takes a copy that is a text for that text', () => {
    const table = new AttributeTable(String);
    table.intern({ a: null });
    const [ofNull] = idsOf(table);
    table.intern({ a: 'null' });
    expect(idsOf(table)).toEqual([ofNull]);
  });

  it('has the same hash for every order of attributes, and hardly ever for others', () => {
    const points = Array.from({ length: 1_000 }, (_, index) => ({ a: index % 40, b: index % 25, c: index }));
    const table = tableOf(...points);
    const hashes = points.map((attributes) => hashOf(table, attributes));
    const reversed = points.map((point) =>
      hashOf(table, Object.fromEntries(Object.entries(point).reverse())),
    );
    expect(reversed).toEqual(hashes);
    expect(new Set(hashes).size).toBeGreaterThan(990);
    table.intern(points[0]!);
    expect(table.hash).toBe(hashes[0]);
  });

  it('forgets an attribute with the last series that has it, and gives its id to another', () => {
    const table = tableOf({ a: 1 }, { a: 1 }, { b: 2 });
    table.release(1);
    expect({ isKnown: table.read({ a: 1 }), inUse: table.inUse }).toEqual({ isKnown: true, inUse: 2 });
    table.release(1);
    expect({ isKnown: table.read({ a: 1 }), inUse: table.inUse }).toEqual({ isKnown: false, inUse: 1 });
    table.intern({ c: 3 });
    table.retain();
    expect({ ids: idsOf(table), size: table.size, inUse: table.inUse }).toEqual({
      ids: [1],
      size: 3,
      inUse: 2,
    });
  });

  it.each<[string, unknown, unknown]>([
    ['two numbers', 1, 2],
    ['a number and an array', 1, [2]],
    ['an array and a number', [1], 2],
    ['two arrays', [1], [2]],
  ])('still finds the other of %s under one key after one was released', (_, released, other) => {
    const table = tableOf({ a: released }, { a: other });
    table.release(1);
    expect([table.read({ a: other }), table.read({ a: released })]).toEqual([true, false]);
  });

  it('finds the attribute of a key that had been forgotten', () => {
    const table = tableOf({ a: 1 });
    table.read({ a: 1 });
    table.release(1);
    table.intern({ a: 2 });
    expect([table.read({ a: 2 }), table.read({ a: 1 })]).toEqual([true, false]);
  });

  it('is not confused by an object whose text has changed when it is released', () => {
    const value = [1];
    const table = tableOf({ a: value });
    value.push(2);
    table.release(1);
    expect([table.read({ a: [1] }), table.read({ a: [1, 2] })]).toEqual([false, false]);
  });

  it('reads only own attributes', () => {
    const table = tableOf({ a: 1, b: 2 });
    table.read(Object.create({ a: 1 }, { b: { value: 2, enumerable: true } }) as Record<string, unknown>);
    expect(idsOf(table)).toEqual([2]);
  });
});

describe('the attributes that were read last', () => {
  it('are compared with those of a series in any order', () => {
    const key = fc.integer({ min: 1, max: 5 });
    const someKeys = fc.uniqueArray(key, { maxLength: 5 });
    fc.assert(
      fc.property(someKeys, someKeys, someKeys, fc.nat(3), (before, last, other, start) => {
        const attributesOf = (keys: readonly number[]) =>
          Object.fromEntries(keys.map((each) => [`k${each}`, 0]));
        const table = tableOf(attributesOf([1, 2, 3, 4, 5]));
        table.read(attributesOf(before));
        table.read(attributesOf(last));
        const ids = Int32Array.from([...new Array<number>(start).fill(9), ...other, 9]);
        expect(table.isLast(ids, start, start + other.length)).toBe(
          last.toSorted().join() === other.toSorted().join(),
        );
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, number[], number, number, boolean]>([
    ['the same', [1, 2], 0, 2, true],
    ['another order', [2, 1], 0, 2, true],
    ['the same further on', [9, 1, 2], 1, 3, true],
    ['fewer', [1, 2], 0, 1, false],
    ['more', [1, 2, 3], 0, 3, false],
    ['one other', [1, 3], 0, 2, false],
    ['one other at first', [3, 2], 0, 2, false],
    ['all others', [3, 4], 0, 2, false],
    ['others that are what was read before', [9, 4, 3], 1, 3, false],
  ])('are compared: %s', (_, ids, start, end, isLast) => {
    const table = tableOf({ a: 1, b: 1, c: 1, d: 1 });
    table.read({ a: 1, b: 1, d: 1, c: 1 });
    table.read({ a: 1, b: 1 });
    expect(table.isLast(Int32Array.from(ids), start, end)).toBe(isLast);
  });
});

it('attributes take 28 bytes each, and two for each character of key and value', () => {
  const attributes = { ab: 'cde', f: 12.5, g: [1], h: undefined };
  const bytes = 4 * 28 + 2 * (5 + 5 + 4 + 1);
  const table = tableOf({ other: 1 }, attributes);
  const ids = Int32Array.from([1, ...idsOf(table), 1]);
  expect([attributesBytes({}), attributesBytes(attributes), table.bytesOf(ids, 1, 5)]).toEqual([
    0,
    bytes,
    bytes,
  ]);
});
