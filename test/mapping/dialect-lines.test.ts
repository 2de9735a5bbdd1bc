// The same five points in every dialect, line by line.
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import { batchOf, counter, gauge, mapperOf, point } from '../support/mapping.js';

function histogram(name: string, unit: string, value: number): MetricData {
  const recorded = {
    buckets: { boundaries: [], counts: [1] },
    count: 1,
    sum: value,
    min: value,
    max: value,
  };
  return {
    descriptor: { name, unit, description: '', valueType: 1 },
    dataPointType: DataPointType.HISTOGRAM,
    aggregationTemporality: AggregationTemporality.DELTA,
    dataPoints: [point(recorded)],
  };
}

const attributes = { 'http.route': '/a:b', host: 'x' };
const batch = batchOf([
  counter([point(1.5, { attributes })], { name: 'c' }),
  gauge([point(-5, { attributes: { k: 'v' } })], { name: 'g' }),
  histogram('t', 's', 0.25),
  histogram('h', 'By', 512),
]);

test.each<[DialectName, string[]]>([
  ['statsd', ['c.host.x.http_route._a_b:1.5|c', 'g.k.v:0|g', 'g.k.v:-5|g', 't:250|ms', 'h:512|ms']],
  ['graphite', ['c;host=x;http.route=_a_b:1.5|c', 'g;k=v:0|g', 'g;k=v:-5|g', 't:250|ms', 'h:512|ms']],
  ['dogstatsd', ['c:1.5|c|#host_:x,http.route:/a:b', 'g:-5|g|#k:v', 't:0.25|d', 'h:512|d']],
  [
    'telegraf',
    [
      'c,host=x,http.route=/a_b:2|c',
      'g,k=v:0|g:-5|g',
      't.count:1|c',
      't.min:0.25|g',
      't.max:0.25|g',
      'h.count:1|c',
      'h.sum:512|c',
      'h.min:512|g',
      'h.max:512|g',
    ],
  ],
  [
    'statsd-exporter',
    ['c:1.5|c|#host:x,http_route:/a:b', 'g:0|g|#k:v', 'g:-5|g|#k:v', 't:250|ms', 'h:512|h'],
  ],
  ['otel-collector', ['c:2|c|#host:x,http.route:/a:b', 'g:0|g|#k:v', 'g:-5|g|#k:v', 't:250|ms', 'h:512|h']],
  ['gostatsd', ['c:2|c|#host_:x,http.route:/a:b', 'g:-5|g|#k:v', 't:250|ms', 'h:512|h']],
  ['vector', ['c:1.5|c|#host:x,http.route:/a:b', 'g:0|g|#k:v', 'g:-5|g|#k:v', 't:250|ms', 'h:512|h']],
  ['netdata', ['c.host.x.http_route._a_b:2|c', 'g.k.v:0|g', 'g.k.v:-5|g', 't:250|ms', 'h:512|h']],
  [
    'collectd',
    [
      'c.host.x.http_route._a_b:1.5|c',
      'g.k.v:0|g',
      'g.k.v:-5|g',
      't.count:1|c',
      't.sum:0.25|c',
      't.min:0.25|g',
      't.max:0.25|g',
      'h.count:1|c',
      'h.sum:512|c',
      'h.min:512|g',
      'h.max:512|g',
    ],
  ],
  ['statsite', ['c.host.x.http_route._a_b:1.5|c', 'g.k.v:0|g', 'g.k.v:-5|g', 't:250|ms', 'h:512|ms']],
  ['brubeck', ['c.host.x.http_route._a_b:1.5|c', 'g.k.v:0|g', 'g.k.v:-5|g', 't:250|ms', 'h:512|ms']],
  ['veneur', ['c:2|c|#host:x,http.route:/a:b', 'g:-5|g|#k:v', 't:250|ms', 'h:512|h']],
  ['cloudwatch', ['c,host=x,http.route=/a_b:2|c', 'g,k=v:0|g', 'g,k=v:-5|g', 't:250|ms', 'h:512|h']],
  ['signalfx', ['c[host=x,http_route=/a_b]:1.5|c', 'g[k=v]:0|g', 'g[k=v]:-5|g', 't:250|ms', 'h:512|h']],
  ['librato', ['c#host=x,http_route=/a_b:1.5|c', 'g#k=v:0|g', 'g#k=v:-5|g', 't:250|ms', 'h:512|h']],
  ['sysdig', ['c#host=x,http.route=/a_b:1.5|c', 'g#k=v:0|g', 'g#k=v:-5|g', 't:250|ms', 'h:512|ms']],
  [
    'carbon',
    [
      'c;host=x;http.route=/a:b 1.5 1700000010',
      'g;k=v -5 1700000010',
      't.count 1 1700000010',
      't.sum 0.25 1700000010',
      't.min 0.25 1700000010',
      't.max 0.25 1700000010',
      'h.count 1 1700000010',
      'h.sum 512 1700000010',
      'h.min 512 1700000010',
      'h.max 512 1700000010',
    ],
  ],
])('%s', (name, lines) => {
  const { histograms } = dialects[name];
  const map = mapperOf(dialects[name], {
    histograms: { mode: histograms, exactSum: false, percentiles: [] },
  });
  expect(map(batch)).toMatchObject({ lines, drops: {}, warnings: [] });
});
