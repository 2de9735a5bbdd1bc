import { describe, expect, it, test } from 'vitest';
import { Gostatsd } from '../gostatsd.js';

function stored(...lines: string[]): ReturnType<Gostatsd['holdings']> {
  const server = new Gostatsd();
  server.receive(lines.join('\n'));
  return server.holdings();
}

const nothing = { counters: {}, gauges: {}, timers: {}, rejected: [] };

describe('the model of gostatsd', () => {
  it.each<[string[], Record<string, number>]>([
    [['a:0.5|c', 'a:0.5|c', 'a:1.9|c'], { a: 1 }],
    [['a:1|c|@0.3'], { a: 3 }],
    [['a:1:2|c|#k:v,b'], { 'a{b,k:v}': 3 }],
    [['a b/c;k=v,l=m#n[o]:1|c'], { 'a_b-ckvlmno': 1 }],
    [['a:1|c|x:y|@0.5'], { a: 2 }],
    [['a\0b:1|c'], {}],
  ])('counts %j as %j', (lines, counters) => {
    expect(stored(...lines).counters).toEqual(counters);
  });

  it('counts packed timers once per line', () => {
    expect(stored('a:1:2:3|ms|@0.5').timers).toEqual({
      a: {
        values: [
          { value: 1, weight: 1 },
          { value: 2, weight: 1 },
          { value: 3, weight: 1 },
        ],
        count: 2,
      },
    });
  });

  it.each(['_a:1|c', 'a:1|d', 'a:1|m', 'a:1|c\r', ':1|c', 'é:1|c', 'a:NaN|g', 'a|c', 'a:1'])(
    'rejects %s',
    (line) => {
      expect(stored(line)).toEqual({ ...nothing, rejected: [line] });
    },
  );

  it('panics at a gauge without a value', () => {
    expect(() => stored('a:|g')).toThrow(RangeError);
  });
});

test('of two gauges in one datagram gostatsd keeps the first, of two datagrams the last', () => {
  const server = new Gostatsd();
  server.receive('a:0|g\na:-5|g');
  expect(server.holdings().gauges).toEqual({ a: 0 });
  server.receive('a:-5|g');
  expect(server.holdings().gauges).toEqual({ a: -5 });
});
