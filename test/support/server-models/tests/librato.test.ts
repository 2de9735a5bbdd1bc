import { expect, test } from 'vitest';
import { LibratoStatsd } from '../librato.js';

function stored(...lines: string[]) {
  const server = new LibratoStatsd();
  for (const line of lines) server.receive(line);
  return server.holdings();
}

test('Librato’s backend takes the tags out of the name', () => {
  expect(stored('a.b#k=v,l=w:1|c', 'a.b#l=w,k=v:2|c', 'c:1|c').counters).toEqual({
    'a.b{k="v",l="w"}': 3,
    c: 1,
  });
});

test('Librato’s backend runs in the statsd daemon, which splits a line at each colon', () => {
  const { timers, rejected } = stored('lat#k=v:3:80|ms');
  expect({ timers, rejected }).toEqual({
    timers: { 'lat{k="v"}': { values: [{ value: 80, weight: 1 }], count: 1 } },
    rejected: ['lat#k=v:3:80|ms'],
  });
});
