// What collectd 5.12.0 reported of each line on loopback, and what the model holds.
import { describe, expect, it, test } from 'vitest';
import { Collectd } from '../collectd.js';

function stored(...lines: string[]): ReturnType<Collectd['holdings']> {
  const server = new Collectd();
  server.receive(lines.join('\n'));
  return server.holdings();
}

const nothing = { counters: {}, gauges: {}, timers: {}, rejected: [] };

describe('the collectd model', () => {
  it.each<[string[], Record<string, number>]>([
    [['a:0.5|c', 'a:1|c|@0.5'], { a: 2.5 }],
    [['pk:1:2:3|c'], { 'pk:1:2': 3 }],
    [['é b:1|c'], { 'é b': 1 }],
  ])('counts %j as %j', (lines, counters) => {
    expect(stored(...lines)).toEqual({ ...nothing, counters });
  });

  it('reports whole numbers of a counter and carries the rest on', () => {
    const server = new Collectd();
    server.receive('a:0.4|c');
    const first = server.reported('a');
    server.receive('a:0.4|c');
    expect({ first, reported: server.reported('a') }).toEqual({ first: 0, reported: 1 });
  });

  it('adds signed gauges', () => {
    expect(stored('a:-5|g', 'a:-5|g', 'b:7|g', 'b:-0|g', 'c:0|g', 'c:-5|g').gauges).toEqual({
      a: -10,
      b: 7,
      c: -5,
    });
  });

  it('divides a timer by its rate, cuts it to milliseconds and ignores what is below one', () => {
    expect(stored('a:10|ms|@0.1', 'a:5.5|ms', 'a:1.9|ms', 'a:0.9|ms', 'a:0|ms', 'a:-5|ms').timers).toEqual({
      a: {
        values: [
          { value: 100, weight: 1 },
          { value: 5, weight: 1 },
          { value: 1, weight: 1 },
        ],
        count: 3,
      },
    });
  });

  it.each([
    'a:1|h',
    'a:1|d',
    'a:1|m',
    'a:1|c|#k:v',
    'a:1|c|@0.5|#k:v',
    'a:1|c|@0',
    'a:1|c|@2',
    'a:1|g|@0.5',
    'a:1|c\r',
    'a:|c',
    'a:1x|c',
    'a|c',
    'a:1',
  ])('rejects %s', (line) => {
    expect(stored(line)).toEqual({ ...nothing, rejected: [line] });
  });

  it('merges names that differ beyond 127 characters', () => {
    const name = 'n'.repeat(127);
    expect(stored(`${name}a:1|c`, `${name}b:1|c`).counters).toEqual({ [name]: 2 });
  });
});

test('collectd cuts a datagram at 4095 bytes and reads the cut line, which loses its rate here', () => {
  const server = new Collectd();
  server.receive(`${'a:1|c\n'.repeat(681)}cab:123|c|@0.1`);
  expect(server.holdings().counters).toEqual({ a: 681, cab: 123 });
});
