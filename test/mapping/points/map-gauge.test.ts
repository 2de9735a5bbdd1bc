import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { batchOf, gauge, mapOnce, mapperOf, point } from '../../support/mapping.js';

const { statsd, dogstatsd, telegraf, carbon, netdata, 'statsd-exporter': statsdExporter } = dialects;

describe('a gauge', () => {
  it.each([AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE])(
    'is its value, whatever its temporality (%i)',
    (temporality) => {
      const metric = gauge([point(1.5), point(-0, { attributes: { k: 1 } })], { temporality });
      expect(mapOnce(statsd, [metric])).toEqual({
        groups: [
          { text: 'm:1.5|g\n', lines: 1, kind: 'idempotent' },
          { text: 'm.k.1:0|g\n', lines: 1, kind: 'idempotent' },
        ],
        lines: ['m:1.5|g', 'm.k.1:0|g'],
        drops: {},
        warnings: [],
      });
    },
  );

  it.each([Number.NaN, Infinity, -Infinity, null, undefined, '5'])('%s is not sent but counted', (value) => {
    const { lines, drops } = mapOnce(statsd, [gauge([point(value as number), point(1)])]);
    expect({ lines, drops }).toEqual({ lines: ['m:1|g'], drops: { non_finite: 1 } });
  });
});

describe('a gauge below zero', () => {
  const metric = gauge([point(-5, { attributes: { k: 'v' } })]);

  it('follows a zero in the same group where a sign is relative', () => {
    expect(mapOnce(statsdExporter, [metric]).groups).toEqual([
      { text: 'm:0|g|#k:v\nm:-5|g|#k:v\n', lines: 2, kind: 'idempotent' },
    ]);
  });

  it('follows a zero in the same line where lines may be reordered', () => {
    expect(mapOnce(telegraf, [metric]).groups).toEqual([
      { text: 'm,k=v:0|g:-5|g\n', lines: 1, kind: 'idempotent' },
    ]);
  });

  it('is a single line where a sign has no meaning', () => {
    expect([mapOnce(dogstatsd, [metric]).groups, mapOnce(carbon, [metric]).groups]).toEqual([
      [{ text: 'm:-5|g|#k:v\n', lines: 1, kind: 'idempotent' }],
      [{ text: 'm;k=v -5 1700000010\n', lines: 1, kind: 'idempotent' }],
    ]);
  });

  it('has its sign, however small it is', () => {
    expect(mapOnce(statsd, [gauge([point(-1e-7)])]).lines).toEqual(['m:0|g', 'm:-0.0000001|g']);
  });
});

describe('gauges that are one to the server', () => {
  const warning = (metrics: string, series: string): string =>
    `several series of ${metrics} are one to the server, ${series}: ` +
    'each of their gauges overwrites the one before';

  it('are sent, with a warning', () => {
    const metric = gauge([1, '1'].map((k) => point(5, { attributes: { k } })));
    const { lines, warnings } = mapOnce(dogstatsd, [metric]);
    expect({ lines, warnings }).toEqual({
      lines: ['m:5|g|#k:1', 'm:5|g|#k:1'],
      warnings: [warning('m', 'm|#k:1')],
    });
  });

  it('may be of two metrics', () => {
    const metrics = ['a b', 'a_b'].map((name) => gauge([point(5)], { name }));
    expect(mapOnce(dogstatsd, metrics).warnings).toEqual([warning('a b and a_b', 'a_b')]);
  });

  it('may be sent again in the next export', () => {
    const map = mapperOf(dogstatsd);
    const warnings = [1, 2].map((value) => map(batchOf([gauge([point(value)])])).warnings);
    expect(warnings).toEqual([[], []]);
  });

  it.each([
    ['netdata', 'A.b', 'a.B'],
    ['netdata', 'a.b', 'a_b'],
    ['telegraf', 'a.b', 'a_b'],
    ['cloudwatch', 'a.b', 'a_b'],
    ['statsd-exporter', 'a.b', 'a-b'],
    ['statsd-exporter', 'a_b', 'a--b'],
  ] as const)('are found by the rules of %s: %s and %s', (name, one, other) => {
    const metrics = [one, other].map((metric) => gauge([point(5)], { name: metric }));
    expect(mapOnce(dialects[name], metrics).warnings).toHaveLength(1);
    expect(mapOnce(statsd, metrics).warnings).toEqual([]);
  });

  it('are not found where only tag values differ that the server tells apart', () => {
    const points = ['a.b', 'a_b', 'a-b'].map((k) => point(5, { attributes: { k } }));
    expect(mapOnce(statsdExporter, [gauge(points)]).warnings).toEqual([]);
    expect(mapOnce(telegraf, [gauge(points)]).warnings).toEqual([]);
  });

  it('are found where folded values differ, which are part of the name', () => {
    const points = ['a', 'A'].map((k) => point(5, { attributes: { k } }));
    expect(mapOnce(netdata, [gauge(points)]).warnings).toHaveLength(1);
  });

  it('are found with bounded memory', () => {
    const many = Array.from({ length: 20_001 }, (_, k) => point(5, { attributes: { k } }));
    const last = point(5, { attributes: { k: '20000' } });
    const first = point(5, { attributes: { k: '0' } });
    expect(mapOnce(statsd, [gauge([...many, last])]).warnings).toEqual([]);
    expect(mapOnce(statsd, [gauge([...many, first])]).warnings).toHaveLength(1);
  });
});
