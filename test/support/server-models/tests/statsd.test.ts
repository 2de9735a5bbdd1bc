// What the real daemon stored of each line (statsd 0.9.0 on loopback), and what the model stores.
import { createRequire } from 'node:module';
import { describe, expect, it, test } from 'vitest';
import { StatsdServer } from '../statsd.js';

function stored(...lines: string[]): ReturnType<StatsdServer['holdings']> {
  const server = new StatsdServer();
  server.receive(lines.join('\n'));
  return server.holdings();
}

describe('the statsd model counts', () => {
  it.each<[string[], Record<string, number>]>([
    [['a.h:5|h'], { 'a.h': 5 }],
    [['a:5|d', 'a:5|m'], { a: 10 }],
    [['f:0.5|c', 'f:0.25|c'], { f: 0.75 }],
    [['sm:1|c|@1e-2'], { sm: 1 }],
    [['zr:3|c|@0'], { zr: Infinity }],
    [['negd:-5|d'], { negd: -5 }],
    [['r:2|c|@0.5'], { r: 4 }],
    [['t:1|c|#k:v:w,b,e;f:g,sp:a b/c'], { 't;k=vw;b;e_f=g;sp=a_b-c': 1 }],
    [['cid:1|c|#k:v|c:ci-1'], { 'cid;k=vcci-1': 1 }],
    [['n;k=v:1|c', 'i,x=y:1|c', 's[k=v]:1|c', 'l#k=v:1|c'], { 'n;k=v': 1, 'ix=y': 1, 'sk=v': 1, 'lk=v': 1 }],
    [['ord:1|c|#k:v|@0.5'], { 'ord;k=v0.5': 1 }],
  ])('%j as %j', (lines, counters) => {
    expect(stored(...lines)).toEqual({ counters, gauges: {}, timers: {}, rejected: [] });
  });
});

describe('the statsd model keeps gauges', () => {
  it.each<[string[], Record<string, number>]>([
    [['neg:-5|g'], { neg: -5 }],
    [['neg:-5|g', 'neg:-5|g'], { neg: -10 }],
    [['neg2:0|g', 'neg2:-5|g'], { neg2: -5 }],
    [['n:0|g:-5|g'], { n: -5 }],
    [['z:7|g', 'z:-0|g'], { z: 7 }],
    [['exp:1e-7|g', 'inf:Infinity|g', 'hex:0x10|g'], { exp: 1e-7, inf: Infinity, hex: 16 }],
  ])('%j as %j', (lines, gauges) => {
    expect(stored(...lines)).toEqual({ counters: {}, gauges, timers: {}, rejected: [] });
  });
});

test('the statsd model keeps timers unweighted, and counts by the rate', () => {
  expect(stored('tm:10|ms|@0.1', 'tm:20|ms').timers).toEqual({
    tm: {
      values: [
        { value: 10, weight: 1 },
        { value: 20, weight: 1 },
      ],
      count: 11,
    },
  });
});

test('the statsd model rejects bad pieces and keeps the good ones', () => {
  const lines = ['ts:1|c|T1700000000', 'negt:-5|ms', 'bad', 'pk:1:2:3|d'];
  expect(stored(...lines)).toEqual({ counters: { pk: 3 }, gauges: {}, timers: {}, rejected: lines });
});

test('the statsd model dies where the daemon does', () => {
  expect(() => stored('crash:1|c|@+0.5')).toThrow(TypeError);
});

test('the model’s check of a piece is that of lib/helpers.js', () => {
  const { is_valid_packet: isValid }: { is_valid_packet: (fields: string[]) => boolean } = createRequire(
    import.meta.url,
  )('statsd/lib/helpers.js');
  const values = ['1', '-1', '0x10', ' 1', '', 'NaN', 'Infinity', '1_0', '+5', '.5', '5.', '1e3'];
  for (const value of values) {
    for (const type of ['c', 'g', 'ms', 's', 'h', undefined]) {
      for (const sampling of [undefined, '@1', '@0.5', '@', '@x', '@-1', '1', 'T5']) {
        const fields = [value, type, sampling].slice(0, sampling === undefined ? 2 : 3) as string[];
        const line = `n:${fields.join('|')}`;
        if (type === undefined) continue;
        expect([line, stored(line).rejected.length === 0]).toEqual([line, isValid(fields)]);
      }
    }
  }
});
