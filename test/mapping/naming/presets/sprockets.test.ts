import { expect, it } from 'vitest';
import { dialects } from '../../../../src/mapping/dialects/index.js';
import { namePresets } from '../../../../src/mapping/naming/presets/index.js';
import { counter, gauge, mapOnce, point } from '../../../support/mapping.js';

const { statsd } = dialects;

function linesOf(...metrics: Parameters<typeof mapOnce>[1]): readonly string[] {
  return mapOnce(statsd, metrics, { names: namePresets.sprockets }).lines;
}

it.each(['http.server.request.duration', 'http.server.duration'])(
  'the preset sprockets names the requests of %s by route, method and status alone',
  (name) => {
    const attributes = [
      { 'http.route': '/users', 'http.request.method': 'GET', 'http.response.status_code': 200, other: 1 },
      { 'http.route': '/users', 'http.method': 'PUT', 'http.status_code': 404 },
      {},
    ];
    const points = attributes.map((each) => point(1, { attributes: each }));
    expect(linesOf(counter(points, { name }))).toEqual([
      'counters.users.GET.200:1|c',
      'counters.users.PUT.404:1|c',
      'counters.none.none.none:1|c',
    ]);
  },
);

it('the preset sprockets puts the type before the names that semconv gives, and before all others', () => {
  const attributes = { 'server.address': 'a', 'v8js.heap.space.name': 'old', other: 1 };
  const points = [point(1, { attributes })];
  expect(
    linesOf(
      counter(points, { name: 'http.client.connection.duration' }),
      gauge(points, { name: 'v8js.memory.heap.used' }),
      counter([point(1)], { name: 'orders' }),
    ),
  ).toEqual([
    'counters.http.client.connection.duration.a:1|c',
    'gauges.v8js.memory.heap.used.old.other.1.server_address.a:1|g',
    'counters.orders:1|c',
  ]);
});

it.each(['nodejs.eventloop.delay.max', 'process.memory.usage', 'system.uptime'])(
  'the preset sprockets puts the type before %s, which semconv does not rename',
  (name) => {
    expect(linesOf(gauge([point(1)], { name }))).toEqual([`gauges.${name}:1|g`]);
  },
);
