import { describe, expect, it, test } from 'vitest';
import { escapeMetricName, StatsdExporterServer } from '../statsd-exporter.js';

function stored(...lines: string[]): ReturnType<StatsdExporterServer['holdings']> {
  const server = new StatsdExporterServer();
  server.receive(lines.join('\n'));
  return server.holdings();
}

const nothing = { counters: {}, gauges: {}, timers: {}, rejected: [] };

describe('the model of statsd_exporter', () => {
  it.each<[string[], Record<string, number>]>([
    [['a.b-c:1|c|#k.l:v:w'], { 'a_b_c{k_l="v:w"}': 1 }],
    [['a,k=v:1|c', 'a#k=v:1|c', 'a[k=v]:1|c', 'a:1|c|#k:v'], { 'a{k="v"}': 4 }],
    [['a[k=v]b:1|c'], { 'ab{k="v"}': 1 }],
    [['a:1|c|#k,l:,m:1'], { 'a{m="1"}': 1 }],
    [['a:1|c:2|c'], { a: 3 }],
    [['a:1|c|@0.1', 'a:1|c|@0'], { a: 11 }],
    [['a:1|c|#k:v|T100|c:id'], { 'a{container_id="id",k="v"}': 1 }],
    [['a:0.5|c'], { a: 0.5 }],
    [['a:NaN|c'], { a: Number.NaN }],
    [['a--b:1|c'], { a_b: 1 }],
  ])('counts %j as %j', (lines, counters) => {
    expect(stored(...lines)).toEqual({ ...nothing, counters });
  });

  it('keeps signed gauges relative', () => {
    expect(stored('a:-5|g', 'a:-5|g', 'b:0|g', 'b:-5|g', 'c:0|g:-5|g').gauges).toEqual({
      a: -10,
      b: -5,
      c: -5,
    });
  });

  it('observes seconds of milliseconds, and each value trunc(1/rate) times', () => {
    expect(stored('a:500:1000|ms|@0.166667|#k:v', 'b:500|h', 'b:-1|d').timers).toEqual({
      'a{k="v"}': {
        values: [
          { value: 0.5, weight: 5 },
          { value: 1, weight: 5 },
        ],
        count: 10,
      },
      b: {
        values: [
          { value: 500, weight: 1 },
          { value: -1, weight: 1 },
        ],
        count: 2,
      },
    });
  });

  it.each([
    'a',
    ':1|c',
    'a:1',
    'a:-1|c',
    'a:1|s',
    'a:1|x',
    'a:1:2|c',
    'a:1:2|g',
    'a:1|c|',
    'a:1|c|e:x',
    // Without tags, a line is split at every colon.
    'a:1|c|c:id',
    'a:1|c|card:low',
    'a,k=v:1|c|#l:m',
    'a:1|c|#__k:v',
    'a:1|h|#le:1',
    'a:1|h|#quantile:1',
  ])('rejects %s', (line) => {
    expect(stored(line)).toEqual({ ...nothing, rejected: [line] });
  });

  it('rejects a name that was of another kind before', () => {
    expect(stored('a.b:1|c', 'a-b:1|g')).toEqual({ ...nothing, counters: { a_b: 1 }, rejected: ['a-b:1|g'] });
  });
});

test.each([
  ['a.b', 'a_b'],
  ['1a', '_1a'],
  ['a--b---c', 'a_b_c'],
  ['a_-b', 'a__b'],
  ['é', '_'],
])('the name %s becomes %s', (name, escaped) => {
  expect(escapeMetricName(name)).toBe(escaped);
});
