import { describe, expect, it } from 'vitest';
import { Vector } from '../vector.js';

function stored(...lines: string[]): ReturnType<Vector['holdings']> {
  const server = new Vector();
  server.receive(lines.join('\n'));
  return server.holdings();
}

const nothing = { counters: {}, gauges: {}, timers: {}, rejected: [] };

describe('the Vector model', () => {
  it.each<[string[], Record<string, number>]>([
    [['a/b c;k=v:0.5|c'], { 'a-b_ckv': 0.5 }],
    [['a:1|c|@0.5|#k:v:w,b'], { 'a{b="",k="v:w"}': 2 }],
    [['a:1|c|#k:v|@0.5'], { 'a{k="v"}': 1 }],
    [['a:1|c|c:x|#k:v'], { a: 1 }],
    [['a:1|c|@0'], { a: 1 }],
  ])('counts %j as %j', (lines, counters) => {
    expect(stored(...lines)).toEqual({ ...nothing, counters });
  });

  it('adds signed gauges', () => {
    expect(stored('a:-5|g', 'a:-5|g', 'b:0|g', 'b:-5|g').gauges).toEqual({ a: -10, b: -5 });
  });

  it('observes seconds of milliseconds, and each value trunc(1/rate) times', () => {
    expect(stored('a:320|ms|@0.1', 'b:320|h|@0.166667').timers).toEqual({
      a: { values: [{ value: 0.32, weight: 10 }], count: 10 },
      b: { values: [{ value: 320, weight: 5 }], count: 5 },
    });
  });

  it('adds counts up modulo 2^32', () => {
    expect(stored('a:1|h|@0.0000000003', 'a:1|h|@0.0000000003').timers['a']?.count).toBe(
      2 * Math.trunc(1 / 0.0000000003) - 2 ** 32,
    );
  });

  it.each(['a', 'a:1', 'a:1|m', 'a:1:2|c', 'a:.5|g', 'a:1|c|@-1', 'a:1|c|#', 'a:1|c|@x'])(
    'rejects %s',
    (line) => {
      expect(stored(line)).toEqual({ ...nothing, rejected: [line] });
    },
  );
});
