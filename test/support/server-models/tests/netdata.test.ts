// What netdata 1.37.1 showed of each line on loopback, and what the model shows.
import { describe, expect, it, test } from 'vitest';
import { Netdata } from '../netdata.js';

function received(...lines: string[]): Netdata {
  const server = new Netdata();
  server.receive(lines.join('\n'));
  return server;
}

const nothing = { counters: {}, gauges: {}, timers: {}, rejected: [] };

describe('the netdata model', () => {
  it.each<[string[], Record<string, number>]>([
    [['a:0.9|c'], { a: 0 }],
    [['a:2.7|c'], { a: 2 }],
    [['a:1e3|c'], { a: 1 }],
    [['a:v|c'], { a: 0 }],
    [['a:-3|c'], { a: -3 }],
    [['a:1:2:3|c'], { a: 1 }],
    [['x:|c'], { x: 1 }],
    [[':1|c'], { '1': 1 }],
    [['a:1|c|@0.166667'], { a: 6 }],
    [['a:1|c|@0', 'a:1|c|@0.0005'], { a: 2000 }],
    [['a:1|c|#k:v|@0.5|T1|c:x|card:low'], { a: 2 }],
    [['a:1|c@0.5'], { a: 2 }],
    [['cpu,host=a:1|c'], { 'cpu.host': 0 }],
    [['a:1|c\r'], { a: 1 }],
    [[`a:${2 ** 63}|c`], { a: -(2 ** 63) }],
    [['aB.c:1|c', 'AB_C:1|c'], { 'ab.c': 2 }],
  ])('counts %j as %j', (lines, counters) => {
    expect(received(...lines).holdings()).toEqual({ ...nothing, counters });
  });

  it('reads a line without a type as a meter', () => {
    const server = received('bad line', 's:a@b|s', 's:a#b|s', 's:a:b|s', 'x:1');
    expect(Object.fromEntries(server.meters)).toEqual({ 'bad.line': 1, s: 0, x: 1 });
  });

  it('takes `d` for a dictionary', () => {
    expect(Object.fromEntries(received('a:1|d', 'a:2|d').dictionaries)).toEqual({ a: 2 });
  });

  it('adds signed gauges, -0 included, and shows three decimals of a bounded number', () => {
    const server = received(
      'a:-5|g',
      'a:-5|g',
      'b:7|g',
      'b:-0|g',
      'c:4|g|@0.5',
      'd:+4|g|@0.5',
      'e:0.0000001|g',
    );
    expect(['a', 'b', 'c', 'd', 'e'].map((name) => server.shown(name))).toEqual([-10, 7, 4, 8, 0]);
    expect(received('a:1e16|g').shown('a')).toBe(-(2 ** 63) / 1000);
  });

  it('repeats a timer by its rate, a hundred times at most', () => {
    expect(received('t:10|ms|@0.1', 't:20|ms', 't:5|h|@0.001', 't:-1|ms').holdings().timers).toEqual({
      t: {
        values: [
          { value: 10, weight: 10 },
          { value: 20, weight: 1 },
          { value: 5, weight: 100 },
          { value: -1, weight: 1 },
        ],
        count: 112,
      },
    });
  });

  it.each(['a:1|zz', 'a:1|gg', 'g:1|2'])('rejects %s', (line) => {
    expect(received(line).holdings()).toEqual({ ...nothing, rejected: [line] });
  });
});

test('netdata cuts a datagram at 8999 bytes and reads the cut line, which loses its rate here', () => {
  const server = new Netdata();
  const head = 'a:1|c\n'.repeat(1498);
  server.receive(`${head}long.x:1|c|@0.1`);
  expect({ headCount: head.length, counters: Object.fromEntries(server.counters) }).toEqual({
    headCount: 8988,
    counters: { a: 1498, 'long.x': 1 },
  });
});
