import { describe, expect, it } from 'vitest';
import { StatsdExporter } from '../../../../src/exporter/statsd-exporter.js';
import { dialects } from '../../../../src/mapping/dialects/index.js';
import type { NamingTable } from '../../../../src/mapping/naming/naming-rules.js';
import { type NamePreset, namePresets } from '../../../../src/mapping/naming/presets/index.js';
import { counter, gauge, mapOnce, point } from '../../../support/mapping.js';

const { dogstatsd, statsd } = dialects;

describe.each(Object.keys(namePresets) as NamePreset[])('the preset %s', (preset) => {
  it('is accepted as names of one’s own', async () => {
    const exporter = new StatsdExporter({ names: { ...namePresets[preset] }, enabled: false });
    await exporter.shutdown();
  });

  it('leaves the attributes of unknown metrics', () => {
    const orders = counter([point(2, { attributes: { shop: 'a', country: 'fi' } })], { name: 'orders' });
    const { lines } = mapOnce(statsd, [orders], { names: namePresets[preset] });
    const prefix = preset === 'sprockets' ? 'counters.' : '';
    expect(lines).toEqual([`${prefix}orders.country.fi.shop.a:2|c`]);
  });
});

it('no preset keeps an attribute of merged metrics beside those with a position', () => {
  const rules = Object.values(namePresets).flatMap((table) => Object.values<NamingTable[string]>(table));
  const lists = rules.map((rule) => (typeof rule === 'object' ? rule.attributes : []));
  expect(lists).toEqual(rules.map(() => []));
});

describe('the preset semconv', () => {
  const active = (attributes: object, value = 1) => point(value, { attributes });

  it('keeps the positions of missing attributes', () => {
    const requests = counter([active({}), active({ 'http.request.method': 'GET' })], {
      name: 'http.server.request.duration',
    });
    expect(mapOnce(statsd, [requests], { names: namePresets.semconv }).lines).toEqual([
      'http.server.request.duration.none.none.none:1|c',
      'http.server.request.duration.GET.none.none:1|c',
    ]);
  });

  it('adds up series that differ in other attributes alone', () => {
    const requests = counter(
      [
        active({ 'http.request.method': 'GET', 'url.scheme': 'http' }),
        active({ 'http.request.method': 'GET', 'url.scheme': 'https' }, 2),
      ],
      { name: 'http.server.active_requests', monotonic: false },
    );
    expect(mapOnce(statsd, [requests], { names: namePresets.semconv }).lines).toEqual([
      'http.server.active_requests.GET:3|g',
    ]);
  });

  it('keeps all attributes of gauges, of which only one would be sent otherwise', () => {
    const lag = gauge([active({ 'v8js.heap.space.name': 'old_space', worker: 1 })], {
      name: 'v8js.memory.heap.used',
    });
    expect(mapOnce(statsd, [lag], { names: namePresets.semconv }).lines).toEqual([
      'v8js.memory.heap.used.old_space.worker.1:1|g',
    ]);
  });

  it('gives way to the attributes that the user wants', () => {
    const requests = counter([active({ 'http.request.method': 'GET', 'url.scheme': 'http' })], {
      name: 'http.server.active_requests',
      monotonic: false,
    });
    const attributes = { 'http.server.*': ['url.scheme'] };
    const options = { names: namePresets.semconv, attributes };
    expect([
      mapOnce(statsd, [requests], options).lines,
      mapOnce(dogstatsd, [requests], options).lines,
    ]).toEqual([
      ['http.server.active_requests.none.url_scheme.http:1|g'],
      ['http.server.active_requests.none:1|g|#url.scheme:http'],
    ]);
  });
});
