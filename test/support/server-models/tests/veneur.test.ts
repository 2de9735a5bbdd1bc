import { describe, expect, it, test } from 'vitest';
import { Veneur } from '../veneur.js';

function stored(...lines: string[]): ReturnType<Veneur['holdings']> {
  const server = new Veneur();
  server.receive(lines.join('\n'));
  return server.holdings();
}

const nothing = { counters: {}, gauges: {}, timers: {}, rejected: [] };

describe('the veneur model', () => {
  it.each<[string[], Record<string, number>]>([
    [['a:0.5|c', 'a:1.9|c'], { a: 1 }],
    [['a:1|c|@0.1'], { a: 9 }],
    [['a:1:2|c|#k:v:w,b'], { 'a{b="",k="v:w"}': 3 }],
    [['a:1|counter|#veneurlocalonly,k:v'], { 'a{k="v"}': 1 }],
  ])('counts %j as %j', (lines, counters) => {
    expect(stored(...lines)).toEqual({ ...nothing, counters });
  });

  it('takes a sign of a gauge as part of its value', () => {
    expect(stored('a:-5|g', 'a:-5|g').gauges).toEqual({ a: -5 });
  });

  it('weighs by the inverse of a 32-bit rate', () => {
    expect(stored('a:1:2|h|@0.25', 'a:3|d').timers).toEqual({
      a: {
        values: [
          { value: 1, weight: 4 },
          { value: 2, weight: 4 },
          { value: 3, weight: 1 },
        ],
        count: 9,
      },
    });
  });

  it.each([
    'a:1|x',
    'a:1|c|',
    'a:1|c|T1',
    'a:1|c|c:x',
    'a:1|c|@0',
    'a:1|c|@2',
    'a:1|c|@0.5|@0.5',
    'a:NaN|g',
    ':1|c',
    'a:|c',
    'a',
  ])('rejects %s', (line) => {
    expect(stored(line)).toEqual({ ...nothing, rejected: [line] });
  });
});

test('veneur drops a datagram of more than 4096 bytes whole', () => {
  const datagram = 'a:1|c\n'.repeat(683);
  expect(stored(datagram)).toEqual({ ...nothing, rejected: [`${datagram}`] });
});
