import { describe, expect, it } from 'vitest';
import {
  attributesBytes,
  plainAttributes,
  plainResource,
} from '../../../src/cluster/protocol/wire-attributes.js';

describe('plain attributes', () => {
  const unreadableList = new Proxy([1], {
    get(target, key) {
      if (key === 'every') throw new Error('no');
      return Reflect.get(target, key);
    },
  });

  it.each<[string, unknown, unknown]>([
    ['a text', 'a', 'a'],
    ['a boolean', false, false],
    ['a number', 1.5, 1.5],
    ['minus zero', -0, 0],
    ['NaN', Number.NaN, 'NaN'],
    ['an infinite number', -Infinity, '-Infinity'],
    ['a bigint', 12n, '12'],
    ['null', null, null],
    ['undefined', undefined, null],
    ['a function', () => 1, null],
    ['a symbol', Symbol('a'), null],
    ['a list of texts, numbers and booleans', ['a', 1.5, -0, true], ['a', 1.5, 0, true]],
    ['an empty list', [], []],
    ['a list with a number that is not finite', [1, Number.NaN], '[1,"NaN"]'],
    ['a list with null', ['a', null], '["a",null]'],
    ['a list that throws when it is read', unreadableList, '[1]'],
    ['an object', { a: 1 }, '{"a":1}'],
  ])('hold %s in a form that JSON keeps', (_what, given, plain) => {
    expect(plainAttributes({ given })).toEqual({ given: plain });
  });
});

describe('the estimated memory of attributes', () => {
  it('is two bytes for each character of a key, a text or a list as JSON, and 50 for each attribute', () => {
    expect([
      attributesBytes({}),
      attributesBytes({ four: 1 }),
      attributesBytes({ four: true, k: null }),
      attributesBytes({ four: 'threes' }),
      attributesBytes({ four: ['a', 1] }),
    ]).toEqual([0, 50 + 8, 50 + 8 + 50 + 2, 50 + 8 + 12, 50 + 8 + 2 * '["a",1]'.length]);
  });
});

describe('a resource', () => {
  it('has the attributes, and merged with another those of both, of which the other’s win', () => {
    const resource = plainResource({ a: 1, b: 2 });
    expect([resource.attributes, resource.getRawAttributes()]).toEqual([
      { a: 1, b: 2 },
      [
        ['a', 1],
        ['b', 2],
      ],
    ]);
    expect(resource.merge(plainResource({ b: 3, c: 4 })).attributes).toEqual({ a: 1, b: 3, c: 4 });
    expect(resource.merge(null)).toBe(resource);
  });
});
