import { describe, expect, it } from 'vitest';
import {
  asSegment,
  constantStart,
  fillTemplate,
  parseTemplate,
  templateFault,
} from '../../../src/mapping/naming/templates.js';

function fill(source: string, values: Record<string, string>): { text: string; missing: string[] } {
  const missing: string[] = [];
  const text = fillTemplate(
    parseTemplate(source),
    (key) => values[key] ?? '',
    (key) => missing.push(key),
  );
  return { text, missing };
}

it.each([
  ['/users/:id', 'users/:id'],
  ['//a', 'a'],
  ['users/:id/', 'users/:id/'],
  ['/', '/'],
  ['v1.2.3', 'v1_2_3'],
  ['/\na', '\na'],
])('%s is %s as a segment of a name', (value, segment) => {
  expect(asSegment(value)).toBe(segment);
});

describe('a template', () => {
  it.each<[string, Record<string, string>, string]>([
    ['', {}, ''],
    ['plain.name', {}, 'plain.name'],
    ['a.{service.name}.b', { 'service.name': 'shop' }, 'a.shop.b'],
    ['{a}-{b}.c', { a: '1', b: '2' }, '1-2.c'],
    ['{a}{a}', { a: 'x' }, 'xx'],
    ['a..b', {}, 'a.b'],
    ['a.{b|none}.c', {}, 'a.none.c'],
    ['a.{b|none}.c', { b: '1' }, 'a.1.c'],
    ['a.{b|x.y}', {}, 'a.x_y'],
    ['{a|b|none}', { b: '2' }, '2'],
    ['{a|b|none}', { a: '1', b: '2' }, '1'],
    ['{a|b|none}', {}, 'none'],
    ['a.{b|}.c', {}, 'a.c'],
  ])('%s with %j is %s', (source, values, text) => {
    expect(fill(source, values)).toEqual({ text, missing: [] });
  });

  it('leaves out the segment in which a value is missing, and reports the key', () => {
    expect(fill('a.x-{b}-{c}.{d}.e', { c: '1', d: 'D' })).toEqual({ text: 'a.D.e', missing: ['b'] });
  });

  it('reports every key that has no value', () => {
    expect(fill('a.{b}.{c}', {})).toEqual({ text: 'a', missing: ['b', 'c'] });
  });

  it('takes braces without a partner as text', () => {
    expect(fill('a}.{b.c{d}', { d: '1' })).toEqual({ text: 'a}.{b.c1', missing: [] });
  });

  it('without an answer to missing values leaves out their segments', () => {
    expect(fillTemplate(parseTemplate('a.{b}.c'), () => '')).toBe('a.c');
  });

  it('lists the keys in its braces', () => {
    expect([...parseTemplate('a.{b.c}.{d}-{b.c}').keys]).toEqual(['b.c', 'd']);
    expect([...parseTemplate('{a|b|none}.{c|}.{d}').keys]).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each(['{', 'a}', '{}', 'a.{b', '{{a}}', '{|none}', '{a||none}'])(
    'is reported as faulty: %s',
    (source) => {
      expect(templateFault(source)).toBe(
        'a name whose placeholders look like {http.route} or {http.route|none}',
      );
    },
  );

  it('with complete braces is valid', () => {
    expect(templateFault('a.{b}.{c.d}-x.{e|none}.{f|g|}')).toBeUndefined();
  });
});

describe('the constant start of a template', () => {
  const start = (source: string): string | undefined =>
    constantStart(parseTemplate(source), (key) => (key === 'name' ? 'n.m' : undefined));

  it.each([
    ['a.b', 'a.b'],
    ['a-{name}.b.{c}.d', 'a-n.m.b'],
    ['{name|c}.a', 'n.m.a'],
    ['a.b{c}', 'a'],
    ['{c}.a', undefined],
    ['', undefined],
  ])('%s is %s', (source, expected) => {
    expect(start(source)).toBe(expected);
  });
});
