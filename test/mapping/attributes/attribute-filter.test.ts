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
