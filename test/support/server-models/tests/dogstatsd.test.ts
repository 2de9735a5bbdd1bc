import { describe, expect, it, test } from 'vitest';
import { DatadogAgent } from '../dogstatsd.js';

function stored(...lines: string[]): ReturnType<DatadogAgent['holdings']> {
  const server = new DatadogAgent();
  server.receive(lines.join('\n'));
  return server.holdings();
}

const nothing = { counters: {}, gauges: {}, timers: {}, rejected: [] };

describe('the model of the Datadog agent', () => {
  it.each<[string[], Record<string, number>]>([
    [['a:1|c|#k:v,b', 'a:2|c|@0.5|#b,k:v'], { 'a{b="",k="v"}': 5 }],
    [['a:1|c|e:x|card:low|c:ci-1'], { a: 1 }],
    [['a:1:2:3|c'], { a: 6 }],
    [['a:1|c\r'], { a: 1 }],
    [['a:NaN|c', 'a:inf|c'], {}],
    [['a:1|c|@0'], { a: Infinity }],
    [['a:1|c|#host:x,dd.internal.entity_id:y,k:v:w'], { 'a{k="v:w"}': 1 }],
    [['a:5|c|T100', 'a:2|c|T100', 'a:3|c|@0.1|T110'], { 'a@100': 2, 'a@110': 3 }],
  ])('counts %j as %j', (lines, counters) => {
    expect(stored(...lines)).toEqual({ ...nothing, counters });
  });

  it('takes a sign of a gauge as part of its value', () => {
    expect(stored('a:5|g', 'a:-5|g', 'a:-5|g', 'b:1:2|g|@0.1')).toEqual({
      ...nothing,
      gauges: { a: -5, b: 2 },
    });
  });

  it('cuts weights to whole numbers', () => {
    expect(stored('a:10:20|d|@0.166667', 'a:30|h|@0')).toEqual({
      ...nothing,
      timers: {
        a: {
          values: [
            { value: 10, weight: 5 },
            { value: 20, weight: 5 },
            { value: 30, weight: 1 },
          ],
          count: 11,
        },
      },
    });
  });

  it.each(['a:1|m', 'a|c', ':1|c', 'a:|c', 'a:1|c|@x', 'a:1|c|Tx', 'a:1|c|T0', 'a:1|d|T100', 'a:x|c'])(
    'rejects %s',
    (line) => {
      expect(stored(line)).toEqual({ ...nothing, rejected: [line] });
    },
  );
});

test('the agent cuts a datagram at its buffer and reads the cut line', () => {
  const server = new DatadogAgent();
  server.receive(`${'a:1|c\n'.repeat(1365)}b:12345|g`);
  expect(server.holdings()).toEqual({ counters: { a: 1365 }, gauges: {}, timers: {}, rejected: ['b:'] });
});

test('the agent takes the host from a tag', () => {
  const server = new DatadogAgent();
  server.receive('a:1|c|#host:web1');
  expect(Object.fromEntries(server.hosts)).toEqual({ a: 'web1' });
});
