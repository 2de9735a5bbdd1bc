// What brubeck and statsite put out for each line on loopback, and what the models do.
import { describe, expect, it, test } from 'vitest';
import { Brubeck, brubeckOutput } from '../brubeck.js';
import type { Holdings, Server } from '../server.js';
import { Statsite, statsiteOutput } from '../statsite.js';

function stored(server: Server, ...lines: string[]): Holdings {
  server.receive(lines.join('\n'));
  return server.holdings();
}

const nothing = { counters: {}, gauges: {}, timers: {}, rejected: [] };

describe('the brubeck model', () => {
  it('counts, by differences with `C`', () => {
    expect(stored(new Brubeck(), 'a:0.5|c', 'a:1|c|@0.5', 'b:10|C', 'b:14|C', 'c:|c').counters).toEqual({
      a: 2.5,
      b: 4,
      c: 0,
    });
  });

  it('adds signed gauges', () => {
    expect(stored(new Brubeck(), 'a:-5|g', 'a:-5|g', 'b:0|g', 'b:-5|g', 'c:7|g', 'c:-0|g').gauges).toEqual({
      a: -10,
      b: -5,
      c: 7,
    });
  });

  it('scales only the count of a timer', () => {
    const { timers } = stored(new Brubeck(), 'a:10|ms|@0.1', 'a:-1|h');
    expect(timers).toEqual({
      a: {
        values: [
          { value: 10, weight: 1 },
          { value: -1, weight: 1 },
        ],
        count: 11,
      },
    });
  });

  it.each([
    'a b:1|c',
    'a.:1|c',
    'a:1|s',
    'a:1|d',
    'a:1|m',
    'a:1|c|#k:v',
    'a:1|c|@0.5|#k:v',
    'a:1|c\r',
    'a:0x1|c',
    'a:inf|g',
    'a:1:2|ms',
    'a:1|c|@0',
  ])('rejects %s', (line) => {
    expect(stored(new Brubeck(), line)).toEqual({ ...nothing, rejected: [line] });
  });

  it('counts recordings modulo 2^32', () => {
    const line = `a:1|ms|@${1 / 3e9}`.replace(/[\d.]+e-\d+/, '0.0000000003333333333333333');
    expect(stored(new Brubeck(), line, line).timers['a']?.count).toBe(6_000_000_000 - 2 ** 32);
  });

  it('ends at a name longer than its buffer', () => {
    expect(stored(new Brubeck(), `${'n'.repeat(981)}:1|g`).rejected).toEqual([]);
    expect(() => stored(new Brubeck(), `${'n'.repeat(982)}:1|g`)).toThrow('brubeck ends');
  });

  it('cuts a datagram at 8191 bytes', () => {
    expect(stored(new Brubeck(), 'a:1|c\n'.repeat(1364), 'b:12345|g').gauges).toEqual({});
  });
});

test.each([
  [16_777_217, 16_777_216],
  [0.0001, 0],
  [0.5, 0.5],
  [0.99999, 0.9999],
  [5_000_000_000, 705_032_704],
  [2 ** 32, 0],
  [1e12, 3_567_583_232],
  [-2.5, -2.5],
])('brubeck sends %d to carbon as %d', (value, output) => {
  expect(brubeckOutput(value)).toBe(output);
});

describe('the statsite model', () => {
  it('counts', () => {
    expect(stored(new Statsite(), 'a:0.5|c', 'a:1|c|@0.5', 'a:1|c|@2', 'a:1|c|@1|#k:v').counters).toEqual({
      a: 4.5,
    });
  });

  it('adds signed gauges, and begins anew after each flush', () => {
    const server = new Statsite();
    server.receive('a:5|g');
    server.flush();
    server.receive('a:-2|g\nb:0|g\nb:-5|g');
    expect(server.holdings().gauges).toEqual({ a: -2, b: -5 });
  });

  it('scales only the count of a timer, and stops reading at what is no digit', () => {
    expect(stored(new Statsite(), 'a:1:2:3|ms|@0.1', 'a:0x10|h').timers).toEqual({
      a: {
        values: [
          { value: 1, weight: 1 },
          { value: 0, weight: 1 },
        ],
        count: 11,
      },
    });
  });

  it.each(['a:1|d', 'a:1|m', 'a:1|c|#k:v', 'a:1|g|@0.5', 'a:1|c\r', 'a:NaN|g', 'a:|c', ':1|c', 'a'])(
    'rejects %s',
    (line) => {
      expect(stored(new Statsite(), line)).toEqual({ ...nothing, rejected: [line] });
    },
  );
});

test('statsite prints six decimals', () => {
  expect([1e-7, 0.1, 5].map(statsiteOutput)).toEqual(['0.000000', '0.100000', '5.000000']);
});
