import { expect, it } from 'vitest';
import { AttributeFilter, compileAttributeRules } from '../../../src/mapping/attributes/attribute-filter.js';

it('a list keeps the attributes in it, in the order of the point', () => {
  const filter = new AttributeFilter(['a', 'c', 'x']);
  expect(filter.apply({ c: 1, b: 2, a: 3 })).toEqual({ c: 1, a: 3 });
});

it('an exception keeps all other attributes', () => {
  const filter = new AttributeFilter({ except: ['b'] });
  expect([filter.apply({ c: 1, b: 2 }), filter.keepsAll({ c: 1 }), filter.keepsAll({ b: 1 })]).toEqual([
    { c: 1 },
    true,
    false,
  ]);
});

it('inherited attributes are not kept', () => {
  const attributes = Object.create({ a: 1 }) as Record<string, unknown>;
  expect(new AttributeFilter(['a']).apply(attributes)).toEqual({});
});

it('the filter of an exact name beats that of a glob', () => {
  const table = compileAttributeRules({ '*': [], 'http.server': { except: [] } });
  expect(['http.server', 'other'].map((name) => table.find(name)?.apply({ a: 1 }))).toEqual([{ a: 1 }, {}]);
});

it('the filter with one more attribute, or one less, decides alike about all others', () => {
  const selections = [['a', 'b'], { except: ['a', 'b'] }, [], { except: [] }];
  const attributes = { a: 1, b: 2, c: 3 };
  const kept = (key: string, stays: boolean): string[] =>
    selections.map((selection) =>
      Object.keys(new AttributeFilter(selection).with(key, stays).apply(attributes)).join(''),
    );
  expect([kept('a', true), kept('a', false), kept('c', true), kept('c', false)]).toEqual([
    ['ab', 'ac', 'a', 'abc'],
    ['b', 'c', '', 'bc'],
    ['abc', 'c', 'c', 'abc'],
    ['ab', '', '', 'ab'],
  ]);
});

it('the filter with one more attribute leaves the one that it is made from as it was', () => {
  const filter = new AttributeFilter(['a']);
  filter.with('b', true);
  expect(filter.apply({ a: 1, b: 2 })).toEqual({ a: 1 });
});

it('an attribute of any name is kept, and no prototype is set', () => {
  const attributes = JSON.parse('{"__proto__":{"x":1},"constructor":2,"b":3}') as Record<string, unknown>;
  const kept = new AttributeFilter({ except: ['b'] }).apply(attributes);
  expect([Object.entries(kept), Object.getPrototypeOf(kept)]).toEqual([
    [
      ['__proto__', { x: 1 }],
      ['constructor', 2],
    ],
    Object.prototype,
  ]);
});

it('no rules are a table without filters', () => {
  expect(compileAttributeRules().find('a')).toBeUndefined();
});
