import { expect, test } from 'vitest';
import { SignalfxAgent } from '../signalfx.js';

function stored(...lines: string[]) {
  const server = new SignalfxAgent();
  for (const line of lines) server.receive(line);
  return server.holdings();
}

test('the SignalFx agent takes the tags out of the name, wherever they are', () => {
  expect(stored('statsd.[foo=bar,dim=val]test:1|g', 'a[k=v]:2|c').gauges).toEqual({
    'statsd.test{dim="val",foo="bar"}': 1,
  });
});

test('the SignalFx agent divides a timer by its rate, as collectd does', () => {
  expect(stored('a[k=v]:10|ms|@0.1').timers).toEqual({
    'a{k="v"}': { values: [{ value: 100, weight: 1 }], count: 1 },
  });
});

test('the SignalFx agent cuts names at 1023 bytes, tags and all', () => {
  const name = 'n'.repeat(1000);
  expect(Object.keys(stored(`${name}[key=${'v'.repeat(100)}]:1|c`).counters)).toEqual([
    `${name}[key=${'v'.repeat(18)}`,
  ]);
});
