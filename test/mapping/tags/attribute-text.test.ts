import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeText } from '../../../src/mapping/tags/attribute-text.js';

const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;

const revoked = Proxy.revocable({}, {});
revoked.revoke();
const revokedFunction = Proxy.revocable(() => {}, {});
revokedFunction.revoke();
const revokedArray = Proxy.revocable([], {});
revokedArray.revoke();

const throwing = (): never => {
  throw new Error('no');
};
const hostileHandler = Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((trap) => [trap, throwing]),
) as ProxyHandler<object>;

describe('the text of an attribute value', () => {
  it.each<[unknown, string]>([
    ['text', 'text'],
    ['', ''],
    [' a:b|c,d#e\n', ' a:b|c,d#e\n'],
    [200, '200'],
    [1.5, '1.5'],
    [-0, '0'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [true, 'true'],
    [false, 'false'],
    [12345678901234567890n, '12345678901234567890'],
    [null, ''],
    [undefined, ''],
  ])('of %o is itself', (value, text) => {
    expect(attributeText(value)).toBe(text);
  });

  it.each<[unknown, string]>([
    [[], '[]'],
    [['a', 'b'], '["a","b"]'],
    [[1, null, 2], '[1,null,2]'],
    [[Number.NaN, Number.NEGATIVE_INFINITY], '["NaN","-Infinity"]'],
    [{ a: { b: [true] } }, '{"a":{"b":[true]}}'],
    [new Map([['a', 1]]), '{}'],
  ])('of the array or map %o is JSON', (value, text) => {
    expect(attributeText(value)).toBe(text);
  });

  it.each<[unknown, string]>([
    [new Uint8Array([1, 2, 255]), 'AQL/'],
    [new Uint8Array(), ''],
    [Buffer.from('hello'), 'aGVsbG8='],
  ])('of the bytes %o is Base64', (value, text) => {
    expect(attributeText(value)).toBe(text);
  });

  it.each<[unknown, string]>([
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new URL('http://a.example/b'), 'http://a.example/b'],
    [new String('boxed'), 'boxed'],
    [new Number(5), '5'],
    [{ toJSON: () => 'own' }, 'own'],
  ])('of %o is what it turns itself into', (value, text) => {
    expect(attributeText(value)).toBe(text);
  });

  it.each<[string, unknown]>([
    ['a symbol', Symbol('s')],
    ['a function', () => 'x'],
    ['a class', class {}],
    ['a cycle', cycle],
    ['a bigint in a map', { a: 1n }],
    ['a getter that throws', Object.defineProperty({}, 'a', { enumerable: true, get: throwing })],
    ['a toJSON that throws', { toJSON: throwing }],
    ['a toJSON that returns a symbol', { toJSON: () => Symbol('s') }],
    ['a revoked proxy', revoked.proxy],
    ['a revoked proxy of a function', revokedFunction.proxy],
    ['a revoked proxy of an array', revokedArray.proxy],
    ['a proxy that throws at everything', new Proxy({}, hostileHandler)],
    ['a proxy of bytes', new Proxy(new Uint8Array(2), {})],
    ['an invalid date', new Date(Number.NaN)],
  ])('of %s is empty', (_kind, value) => {
    expect(attributeText(value)).toBe('');
  });

  it('has no quotes around a string, and keeps those inside', () => {
    expect(attributeText({ toJSON: () => 'say "hi"\n' })).toBe('say "hi"\n');
  });

  it('is a string for any value, and never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withBoxedValues: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withObjectString: true,
          withSet: true,
          withSparseArray: true,
          withTypedArray: true,
          withUnicodeString: true,
        }),
        (value) => {
          expect(attributeText(value)).toBeTypeOf('string');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('survives a nesting deeper than the stack', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    expect(attributeText(deep)).toBe('');
  });
});
