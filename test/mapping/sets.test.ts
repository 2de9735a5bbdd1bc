import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctUnit, SetTable } from '../../src/mapping/sets.js';

describe('SetTable', () => {
  it('finds the attribute by the name of the metric, or by a glob, before that of the unit', () => {
    const table = new SetTable({ 'shop.*': 'user.id', visitors: 'session.id' });
    const found = [
      { name: 'shop.visitors', unit: '' },
      { name: 'visitors', unit: '{distinct:other}' },
      { name: 'visits', unit: '{distinct:other}' },
      { name: 'visits', unit: '1' },
    ].map((metric) => table.attributeOf(metric));
    expect(found).toEqual(['user.id', 'session.id', 'other', undefined]);
  });

  it.each([
    '',
    'distinct:k',
    '{distinct:}',
    '{distinct:k',
    '{distinct:k}s',
    '1{distinct:k}',
    '{distinct:{k}}',
  ])('finds no attribute in the unit %j', (unit) => {
    expect(new SetTable().attributeOf({ name: 'm', unit })).toBeUndefined();
  });

  it('finds the attribute in the unit that distinctUnit makes of it', () => {
    const attributes = fc.string({ minLength: 1 }).filter((name) => !/[{}]/.test(name));
    fc.assert(
      fc.property(attributes, (attribute) => {
        const metric = { name: 'm', unit: distinctUnit(attribute) };
        expect(new SetTable().attributeOf(metric)).toBe(attribute);
      }),
    );
  });
});
