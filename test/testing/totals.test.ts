import { describe, expect, it } from 'vitest';
import { type DialectName, InMemorySink, type Totals } from '../../src/testing.js';

const NOTHING: Totals = { counters: {}, gauges: {}, timings: {}, sets: {}, points: {} };

function totals(dialect: DialectName, lines: string[]): Totals {
  const memory = new InMemorySink({ dialect });
  memory.sink(lines);
  return memory.totals();
}

describe('totals', () => {
  it('are empty at first', () => {
    expect(totals('statsd', [])).toEqual(NOTHING);
  });

  it('add up counters, each divided by its sample rate', () => {
    expect(totals('statsd', ['a:1|c', 'a:2|c|@0.5', 'b:-1|c'])).toEqual({
      ...NOTHING,
      counters: { a: 5, b: -1 },
    });
  });

  it('keep series apart by their tags, whatever the order of those', () => {
    expect(totals('dogstatsd', ['a:1|c|#k:v,b:w', 'a:1|c|#b:w,k:v', 'a:1|c', 'a:1|c|#k:w'])).toEqual({
      ...NOTHING,
      counters: { 'a{b=w,k=v}': 2, a: 1, 'a{k=w}': 1 },
    });
  });

  it('add signed gauges where a sign means a change, and take the last value elsewhere', () => {
    const lines = ['a:5|g', 'a:-2|g', 'a:+1|g', 'b:-3|g', 'c:1|g', 'c:2|g'];
    expect([totals('statsd', lines), totals('dogstatsd', lines)]).toEqual([
      { ...NOTHING, gauges: { a: 4, b: -3, c: 2 } },
      { ...NOTHING, gauges: { a: 1, b: -3, c: 2 } },
    ]);
  });

  it('list the values of timers with their weights', () => {
    expect(totals('dogstatsd', ['a:1:2|d|@0.25', 'a:3|ms', 'b:4|h'])).toEqual({
      ...NOTHING,
      timings: {
        a: [
          { value: 1, weight: 4 },
          { value: 2, weight: 4 },
          { value: 3, weight: 1 },
        ],
        b: [{ value: 4, weight: 1 }],
      },
    });
  });

  it('hold the members of sets once', () => {
    expect(totals('statsd', ['u:ann|s', 'u:1|s', 'u:ann|s'])).toEqual({
      ...NOTHING,
      sets: { u: ['ann', '1'] },
    });
  });

  it('replace a timestamped counter by a later line for the same second', () => {
    expect(totals('dogstatsd', ['a:1|c|T100', 'a:3|c|T100', 'a:4|c|T110', 'a:1|c'])).toEqual({
      ...NOTHING,
      counters: { a: 8 },
    });
  });

  it('keep one value per second of lines without a type', () => {
    expect(totals('carbon', ['a 1 100', 'a 2 100', 'a;k=v 3 110'])).toEqual({
      ...NOTHING,
      points: { a: { 100: 2 }, 'a{k=v}': { 110: 3 } },
    });
  });
});
