import { describe, expect, it, test } from 'vitest';
import { OtelCollector } from '../otel-collector.js';

function stored(...lines: string[]): ReturnType<OtelCollector['holdings']> {
  const server = new OtelCollector();
  server.receive(lines.join('\n'));
  return server.holdings();
}

const nothing = { counters: {}, gauges: {}, timers: {}, rejected: [] };

describe('the model of the OpenTelemetry Collector', () => {
  it.each<[string[], Record<string, number>]>([
    [['a:0.5|c', 'a:1|c|@0.5', 'a:1|c|@2'], { a: 3 }],
    [['a:1|c|#k:v:w,k:x|c:id'], { 'a{container.id="id",k="x"}': 1 }],
    [['a:1|c|#'], { a: 1 }],
    [['a:1|c|T100'], { a: 1 }],
  ])('counts %j as %j', (lines, counters) => {
    expect(stored(...lines)).toEqual({ ...nothing, counters });
  });

  it('cuts weights to whole numbers', () => {
    expect(stored('a:5|ms|@0.166667').timers).toEqual({ a: { values: [{ value: 5, weight: 5 }], count: 5 } });
  });

  it.each([
    'a:1|s',
    'a:1|m',
    'a:1|c\r',
    'a:1|c|#k',
    'a:1|c|#k:',
    'a:1|c|#:v',
    'a:1|c|e:x',
    'a:1|h|T100',
    'a:1:2|h',
    'a:NaN|g',
    'a:|c',
    ':1|c',
    'a',
  ])('rejects %s', (line) => {
    expect(stored(line)).toEqual({ ...nothing, rejected: [line] });
  });
});

test('the Collector adds a signed gauge to what it has of this interval, or takes it as it is', () => {
  const server = new OtelCollector();
  server.receive('a:-5|g\na:-5|g\nb:0|g\nb:-5|g');
  expect(server.holdings().gauges).toEqual({ a: -10, b: -5 });
  server.flush();
  server.receive('a:-5|g');
  expect(server.holdings().gauges).toEqual({ a: -5 });
});
