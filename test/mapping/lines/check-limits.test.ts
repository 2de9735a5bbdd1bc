import {
  AggregationTemporality,
  DataPointType,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { counter, gauge, mapOnce, point } from '../../support/mapping.js';
import { explicitPoint } from '../../support/metrics/histogram-points.js';
import { valuesOf } from '../../support/metrics/random-values.js';

const { collectd, dogstatsd, graphite } = dialects;

function histogram(name: string): MetricData {
  const value = explicitPoint(valuesOf('lognormal', 10_000, 1));
  return {
    descriptor: { name, unit: 'ms', description: '', valueType: 1 },
    aggregationTemporality: AggregationTemporality.DELTA,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [point<Histogram>(value)],
  };
}

const isWritten = (mapped: ReturnType<typeof mapOnce>): boolean => mapped.lines.length > 0;

describe('a name', () => {
  it('of the length that the server keeps is sent, a longer one is dropped and counted', () => {
    const [fits, exceeds] = [127, 128].map((length) =>
      mapOnce(collectd, [counter([point(1)], { name: 'n'.repeat(length) })]),
    );
    expect([fits!.lines, fits!.drops]).toEqual([[`${'n'.repeat(127)}:1|c`], {}]);
    expect([exceeds!.lines, exceeds!.drops]).toEqual([[], { too_long: 1 }]);
  });

  it('counts with its prefix, its suffix and the attributes folded into it', () => {
    const metric = gauge([point(1, { attributes: { k: 'v'.repeat(60) } })], { name: 'n'.repeat(60) });
    expect(isWritten(mapOnce(collectd, [metric], { prefix: 'ppp' }))).toBe(true);
    expect(mapOnce(collectd, [metric], { prefix: 'pppp' }).drops).toEqual({ too_long: 1 });
  });

  it('counts without the tags that stand after it', () => {
    const attributes = { k: 'v'.repeat(100) };
    expect(
      isWritten(mapOnce(dogstatsd, [gauge([point(1, { attributes })], { name: 'n'.repeat(200) })])),
    ).toBe(true);
  });
});

describe('a tag', () => {
  it('of the length that the server keeps is sent; a longer one drops its own point only', () => {
    const points = [198, 199].map((length) => point(1, { attributes: { k: 'v'.repeat(length) } }));
    const { lines, drops } = mapOnce(dogstatsd, [counter(points)]);
    expect([lines, drops]).toEqual([[`m:1|c|#k:${'v'.repeat(198)}`], { too_long: 1 }]);
  });
});

describe('a line', () => {
  const short = { ...graphite, limits: { ...graphite.limits, lineBytes: 1000 } };

  it('of the most that the server reads is sent, a longer one is dropped and counted, in bytes', () => {
    // `:1|c`
    const [fits, exceeds] = [996, 997].map((length) =>
      mapOnce(short, [counter([point(1)], { name: 'n'.repeat(length) })]),
    );
    expect([fits!.lines.map((line) => line.length), fits!.drops]).toEqual([[1000], {}]);
    expect([exceeds!.lines, exceeds!.drops]).toEqual([[], { too_long: 1 }]);
    const wide = { ...dogstatsd, limits: { ...short.limits } };
    const bytesOf = (length: number) => {
      const { lines, drops } = mapOnce(wide, [
        counter([point(1, { attributes: { k: 'é'.repeat(length) } })]),
      ]);
      return [lines.map((line) => Buffer.byteLength(line)), drops];
    };
    // `m:1|c|#k:`
    expect([bytesOf(495), bytesOf(496)]).toEqual([
      [[999], {}],
      [[], { too_long: 1 }],
    ]);
  });

  it('of a sample counts with its value and its rate, and a point is dropped whole', () => {
    const linesOf = (length: number) => mapOnce(short, [histogram('n'.repeat(length))]);
    const longest = (length: number) => Math.max(...linesOf(length).lines.map((line) => line.length));
    const room = 1000 - (longest(100) - 100);
    expect([longest(room), linesOf(room).drops]).toEqual([1000, {}]);
    expect([linesOf(room + 1).lines, linesOf(room + 1).drops]).toEqual([[], { too_long: 1 }]);
  });

  it('has room for the longest number there is', () => {
    const { lines } = mapOnce(short, [gauge([point(-5e-324)], { name: 'n'.repeat(616) })]);
    expect(lines.map((line) => line.length <= 1000)).toEqual([true, true]);
  });
});

describe('a number', () => {
  it.each([
    ['netdata', 2 ** 63 / 1000],
    ['brubeck', 2 ** 32 - 128],
    ['cloudwatch', 2 ** 360],
  ] as const)('that a gauge of %s cannot hold is dropped and counted', (name, limit) => {
    const below = limit * (1 - 2 ** -52);
    const values = [limit, -limit, below, -below];
    const { lines, drops } = mapOnce(
      dialects[name],
      values.map((value, index) => gauge([point(value)], { name: `g${index}` })),
    );
    expect(drops).toEqual({ out_of_range: 2 });
    expect(lines.map((line) => line.split(':')[0])).toEqual(['g2', 'g3', 'g3']);
  });

  it.each([
    ['telegraf', 2 ** 63],
    ['gostatsd', 2 ** 63],
    ['veneur', 2 ** 63],
    ['netdata', 2 ** 63],
    ['cloudwatch', 2 ** 63],
    ['brubeck', 2 ** 32 - 128],
    ['collectd', 2 ** 63],
  ] as const)('that a counter of %s cannot hold is dropped and counted', (name, limit) => {
    // The largest double below 2^63, as it is printed.
    const below = limit === 2 ** 63 ? 9_223_372_036_854_775_000 : limit - 1;
    const { lines, drops } = mapOnce(dialects[name], [counter([point(limit), point(below)])]);
    expect([lines, drops]).toEqual([[`m:${below}|c`], { out_of_range: 1 }]);
  });
});
