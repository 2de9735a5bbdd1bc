import { describe, expect, it, test } from 'vitest';
import { CloudWatchAgent } from '../cloudwatch.js';
import type { Holdings } from '../server.js';
import { Telegraf, type TelegrafOptions } from '../telegraf.js';

function stored(lines: readonly string[], options: TelegrafOptions = {}): Holdings {
  const server = new Telegraf(options);
  server.receive(lines.join('\n'));
  return server.holdings();
}

function storedByCloudWatch(...lines: string[]): Holdings {
  const server = new CloudWatchAgent();
  server.receive(lines.join('\n'));
  return server.holdings();
}

const nothing = { counters: {}, gauges: {}, timers: {}, rejected: [] };

describe('the model of Telegraf', () => {
  it.each<[string[], Record<string, number>]>([
    [['a.b:1|c\r'], { a_b: 1 }],
    [['a:0.5|c', 'a:0.5|c', 'a:2.7|c'], { a: 2 }],
    [['a:1|c|@0.166667'], { a: 5 }],
    [['a,k=v,x=y=z:1|c'], { 'a{k="v",x="y=z"}': 1 }],
    [['a,k=v w:1|c'], { 'a{k="v w"}': 1 }],
    [['a b:1|c'], { a: 1 }],
    [['a:1|c:2|c'], { a: 3 }],
    [['a,metric_type=x:1|c'], { a: 1 }],
    [['a:1|c|T100'], { a: 1 }],
    [['a:1|c|T100|@0.5'], { a: 1 }],
  ])('counts %j as %j', (lines, counters) => {
    expect(stored(lines)).toEqual({ ...nothing, counters });
  });

  it('counts a line with DogStatsD tags without them, unless it is told to read them', () => {
    expect(stored(['a:1|c|#k:v'])).toEqual({ ...nothing, counters: { a: 1 }, rejected: ['a:1|c|#k:v'] });
    expect(stored(['a:1|c|#k:v,b|@0.5'], { datadogExtensions: true })).toEqual({
      ...nothing,
      counters: { 'a{b="true",k="v"}': 2 },
    });
  });

  it('keeps signed gauges relative, until its flush', () => {
    expect(stored(['a:-5|g', 'a:-5|g', 'b:0|g:-5|g'])).toEqual({ ...nothing, gauges: { a: -10, b: -5 } });
    const server = new Telegraf();
    server.receive('a:5|g');
    server.flush();
    server.receive('a:-2|g');
    expect(server.holdings().gauges).toEqual({ a: -2 });
  });

  it('repeats a timer by its rate', () => {
    expect(stored(['a:5|ms|@0.1', 'a:6|h', 'a:7|ms|@2'])).toEqual({
      ...nothing,
      timers: {
        a: {
          values: [
            { value: 5, weight: 10 },
            { value: 6, weight: 1 },
          ],
          count: 11,
        },
      },
    });
  });

  it('loses distributions unless it is told to keep them, and then their rate', () => {
    const options = { datadogExtensions: true, datadogDistributions: true };
    expect([stored(['a:5|d']).timers, stored(['a:5|d|@0.1'], options).timers]).toEqual([
      {},
      { a: { values: [{ value: 5, weight: 1 }], count: 1 } },
    ]);
  });

  it.each(['a', 'a:1', 'a:1|m', 'a:x|c', 'a:-1|ms', 'a:+1|h', 'a:1:2|h'])('rejects %s', (line) => {
    expect(stored([line])).toEqual({ ...nothing, rejected: [line] });
  });
});

describe('the model of the CloudWatch agent', () => {
  it('differs from Telegraf in tags, weights and distributions', () => {
    expect(storedByCloudWatch('a,k=v,x=y=z:1.5|c', 'a:5|ms|@0.4', 'b:1|d')).toEqual({
      counters: { 'a{k="v"}': 1 },
      gauges: {},
      timers: { a: { values: [{ value: 5, weight: 2.5 }], count: 2.5 } },
      rejected: ['b:1|d'],
    });
  });
});

test('the CloudWatch agent keeps its gauges', () => {
  const server = new CloudWatchAgent();
  server.receive('a:5|g');
  server.flush();
  server.receive('a:-2|g');
  expect(server.holdings().gauges).toEqual({ a: 3 });
});
