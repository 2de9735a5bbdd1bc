import { describe, expect, it } from 'vitest';
import { fillTemplate, parseTemplate, templateFault } from '../../../src/mapping/naming/templates.js';

function fill(source: string, values: Record<string, string>): { text: string; missing: string[] } {
  const missing: string[] = [];
  const text = fillTemplate(
    parseTemplate(source),
    (key) => values[key] ?? '',
    (key) => missing.push(key),
  );
  return { text, missing };
}

describe('a template', () => {
  it.each<[string, Record<string, string>, string]>([
    ['', {}, ''],
    ['plain.name', {}, 'plain.name'],
    ['a.{service.name}.b', { 'service.name': 'shop' }, 'a.shop.b'],
    ['{a}-{b}.c', { a: '1', b: '2' }, '1-2.c'],
    ['{a}{a}', { a: 'x' }, 'xx'],
    ['a..b', {}, 'a.b'],
  ])('%s with %j is %s', (source, values, text) => {
    expect(fill(source, values)).toEqual({ text, missing: [] });
  });

  it('leaves out the segment in which a value is missing, and reports the key', () => {
    expect(fill('a.x-{b}-{c}.{d}.e', { c: '1', d: 'D' })).toEqual({ text: 'a.D.e', missing: ['b'] });
  });

  it('lists the keys in its braces', () => {
    expect([...parseTemplate('a.{b.c}.{d}-{b.c}').keys]).toEqual(['b.c', 'd']);
  });

  it.each(['{', 'a}', '{}', 'a.{b', '{{a}}'])('%s is at fault', (source) => {
    expect(templateFault(source)).toBe('a name whose placeholders look like {http.route}');
  });

  it('with whole braces is not at fault', () => {
    expect(templateFault('a.{b}.{c.d}-x')).toBeUndefined();
  });
});
