import { describe, expect, it } from 'vitest';
import { FormatError, JsonNode } from '../../../src/cli/preview/json-node.js';

const node = (value: unknown): JsonNode => new JsonNode(value, 'a.b');

describe('a number', () => {
  it.each<[unknown, number]>([
    [1.5, 1.5],
    ['NaN', Number.NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
    ['-12.25', -12.25],
    ['12', 12],
    ['1e5', 100_000],
    ['1e+12', 1e12],
    ['-1E-2', -0.01],
  ])('may be %o', (value, number) => {
    expect(node(value).number()).toBe(number);
  });

  it.each([undefined, null, '', 'x1', '1x', '1e', true, ['1'], '--1', '1.2.3', '.', '1.', 'nan'])(
    'is not %o',
    (value) => {
      expect(() => node(value).number()).toThrow(/^a\.b: expected a number, got /);
    },
  );
});

describe('a whole number', () => {
  it.each<[unknown, number]>([
    [undefined, 0],
    [null, 0],
    ['-12', -12],
    ['0', 0],
    [7, 7],
  ])('may be %o', (value, number) => {
    expect(node(value).integer()).toBe(number);
  });

  it.each([1.5, '1.5', 'x1', '1x', ' 1', '1 ', '1e3', '0x10', '', true, [1]])('is not %o', (value) => {
    expect(() => node(value).integer()).toThrow(/^a\.b: expected a whole number, got /);
  });
});

describe('a time', () => {
  it('is in seconds and nanoseconds', () => {
    expect(['1700000000000000001', 5, undefined].map((value) => node(value).time())).toEqual([
      [1_700_000_000, 1],
      [0, 5],
      [0, 0],
    ]);
  });

  it.each(['x1', '1x', '-1', 1.5, ['1'], { toString: 1 }, '1'.repeat(21)])('is not %o', (value) => {
    expect(() => node(value).time()).toThrow(/^a\.b: expected nanoseconds since 1970, got /);
  });

  it('is no list of twenty thousand levels', () => {
    const deep: unknown = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000));
    expect(() => node(deep).time()).toThrow(
      'a.b: expected nanoseconds since 1970, got a value with too many levels',
    );
  });
});

it('a flag that is missing is off', () => {
  expect([undefined, null, true, false].map((value) => node(value).flag())).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

it('a text may be missing only where there is a fallback', () => {
  expect([node('x').text('y'), node('x').text(), node('').text('y'), node(null).text('y')]).toEqual([
    ...['x', 'x', '', 'y'],
  ]);
  expect(() => node(undefined).text()).toThrow('a.b: expected a text, got nothing');
});

it('a fault quotes the beginning of what is there', () => {
  const fault = (value: unknown): string => {
    try {
      return node(value).object().toString();
    } catch (error) {
      return error instanceof FormatError ? `${error.name}: ${error.message}` : String(error);
    }
  };
  const got = 'FormatError: a.b: expected an object, got ';
  expect([undefined, null, 'x'.repeat(58), 'x'.repeat(59), [1]].map(fault)).toEqual([
    `${got}nothing`,
    `${got}nothing`,
    `${got}"${'x'.repeat(58)}"`,
    `${got}"${'x'.repeat(56)}...`,
    `${got}[1]`,
  ]);
});
