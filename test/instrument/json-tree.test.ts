import { describe, expect, it } from 'vitest';
import { JsonTree } from '../../src/instrument/json-tree.js';

function tree(...entries: [path: string, value: number][]): unknown {
  const grown = new JsonTree(new Set(['value', 'type']));
  for (const [path, value] of entries) grown.put(path.split('.'), { value });
  return JSON.parse(JSON.stringify(grown.root));
}

describe('a tree', () => {
  it('nests by the segments of a path', () => {
    expect(tree(['a.b', 1], ['a.c', 2], ['d', 3])).toEqual({
      a: { b: { value: 1 }, c: { value: 2 } },
      d: { value: 3 },
    });
  });

  it('has room for a place and for places below it, in either order', () => {
    expect(tree(['a', 1], ['a.b', 2], ['c.d', 3], ['c', 4])).toEqual({
      a: { value: 1, b: { value: 2 } },
      c: { value: 4, d: { value: 3 } },
    });
  });

  it('keeps paths apart from the keys of values', () => {
    expect(tree(['a', 1], ['a.value', 2], ['type', 3])).toEqual({
      a: { value: 1, value_: { value: 2 } },
      type_: { value: 3 },
    });
  });

  it('holds the names of what every object inherits', () => {
    const text = JSON.stringify(
      (() => {
        const grown = new JsonTree(new Set());
        grown.put(['constructor', '__proto__', 'polluted'], { value: 1 });
        return grown.root;
      })(),
    );
    expect([text, Reflect.get({}, 'polluted')]).toEqual([
      '{"constructor":{"__proto__":{"polluted":{"value":1}}}}',
      undefined,
    ]);
  });

  it('keeps a segment apart from a reserved segment with its suffix', () => {
    expect(tree(['type', 1], ['type_', 2], ['type__', 3], ['_type', 4], ['ty_pe', 5])).toEqual({
      type_: { value: 1 },
      type__: { value: 2 },
      type___: { value: 3 },
      _type: { value: 4 },
      ty_pe: { value: 5 },
    });
  });

  it('of more than 128 segments keeps the last ones together', () => {
    const names = Array.from({ length: 130 }, (_, index) => `s${index}`);
    const expected = names
      .slice(0, 127)
      .reduceRight<unknown>((below, name) => ({ [name]: below }), { 's127.s128.s129': { value: 1 } });
    expect(tree([names.join('.'), 1])).toEqual(expected);
  });

  it('of 20,000 segments nests 128 levels deep, and stays distinct and printable', () => {
    const path = Array.from({ length: 20_000 }, () => 'a').join('.');
    const text = JSON.stringify(tree([path, 1], [`${path}.b`, 2]));
    expect([
      text.match(/\{/g)?.length,
      text.includes(`.a":{"value":1}`),
      text.includes(`.a.b":{"value":2}`),
    ]).toEqual([130, true, true]);
  });
});
