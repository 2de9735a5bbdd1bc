import {
  AggregationTemporality,
  DataPointType,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { batchOf, counter, gauge, mapOnce, mapperOf, point } from '../../support/mapping.js';
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
    expect({ lines: fits!.lines, drops: fits!.drops }).toEqual({
      lines: [`${'n'.repeat(127)}:1|c`],
      drops: {},
    });
    expect({ lines: exceeds!.lines, drops: exceeds!.drops }).toEqual({ lines: [], drops: { too_long: 1 } });
  });

  it('counts with its prefix, its suffix and the attributes folded into it, which are shortened to fit', () => {
    const metric = gauge([point(1, { attributes: { k: 'v'.repeat(60) } })], { name: 'n'.repeat(60) });
    const mapped = ['ppp', 'pppp', 'p'.repeat(63)].map((prefix) => mapOnce(collectd, [metric], { prefix }));
    expect(mapped.map(({ lines, drops }) => [lines, drops])).toEqual([
      [[`ppp.${'n'.repeat(60)}.k.${'v'.repeat(60)}:1|g`], {}],
      [[`pppp.${'n'.repeat(60)}.k.${'v'.repeat(59)}:1|g`], {}],
      [[], { too_long: 1 }],
    ]);
    const text = `metric "${'n'.repeat(60)}" has attributes longer than the server reads whole; they are sent shortened`;
    expect(mapped.map(({ warnings }) => warnings)).toEqual([[], [text], []]);
  });

  it('beside its tags is dropped from the length on that the server does not keep', () => {
    const mapped = [dogstatsd, graphite].flatMap((dialect) =>
      [20, 21].map((length) => {
        const limited = { ...dialect, limits: { ...dialect.limits, nameLength: 20 } };
        const metric = counter([point(1, { attributes: { k: 'v' } })], { name: 'n'.repeat(length) });
        const { lines, drops } = mapOnce(limited, [metric]);
        return [lines, drops];
      }),
    );
    expect(mapped).toEqual([
      [[`${'n'.repeat(20)}:1|c|#k:v`], {}],
      [[], { too_long: 1 }],
      [[`${'n'.repeat(20)};k=v:1|c`], {}],
      [[], { too_long: 1 }],
    ]);
  });

  it('counts without the tags that stand after it', () => {
    const attributes = { k: 'v'.repeat(100) };
    expect(
      isWritten(mapOnce(dogstatsd, [gauge([point(1, { attributes })], { name: 'n'.repeat(200) })])),
    ).toBe(true);
  });
});

describe('a tag', () => {
  it('of the length that the server keeps is sent; a longer one is cut, and no count is lost', () => {
    const points = [198, 199, 1_000].map((length) => point(1, { attributes: { k: 'v'.repeat(length) } }));
    const { lines, drops, warnings } = mapOnce(dogstatsd, [counter(points)]);
    const line = `m:1|c|#k:${'v'.repeat(198)}`;
    expect({ lines, drops }).toEqual({ lines: [line, line, line], drops: {} });
    expect([...new Set(warnings)]).toEqual([
      'metric "m" has attributes longer than the server reads whole; they are sent shortened',
    ]);
  });

  it('that is configured is cut, too, and reported once', () => {
    const { lines, warnings } = mapOnce(dogstatsd, [counter([point(1)])], { tags: { k: 'v'.repeat(300) } });
    expect({ lines, warnings }).toEqual({
      lines: [`m:1|c|#k:${'v'.repeat(198)}`],
      warnings: ['configured tags are longer than the server reads whole; they are sent shortened'],
    });
  });

  it('is cut at 255 bytes per segment where it is folded into the name', () => {
    const attributes = { k: 'v'.repeat(300) };
    const { lines, drops } = mapOnce(dialects.statsd, [
      counter([point(1, { attributes })]),
      gauge([point(1, { attributes })], { name: 'g' }),
    ]);
    expect({ lines, drops }).toEqual({
      lines: [`m.k.${'v'.repeat(251)}:1|c`, `g.k.${'v'.repeat(251)}:1|g`],
      drops: {},
    });
  });

  it('in a template of the name is cut at 255 bytes, too', () => {
    const metric = counter([point(1, { attributes: { route: 'r'.repeat(300) } })]);
    const { lines, warnings } = mapOnce(dialects.statsd, [metric], { names: { m: 'calls.{route}' } });
    expect({ lines, warnings }).toEqual({
      lines: [`calls.${'r'.repeat(251)}:1|c`],
      warnings: ['metric "m" has attributes longer than the server reads whole; they are sent shortened'],
    });
  });

  it('of a service without a name is left out', () => {
    const resource = { 'service.name': 'unknown_service:node', 'service.version': '1.2' };
    const options = { resourceTags: dogstatsd.resourceTags };
    expect(mapperOf(dogstatsd, options)(batchOf([counter([point(1)])], { resource })).lines).toEqual([
      'm:1|c|#version:1.2',
    ]);
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
    expect({ lines: exceeds!.lines, drops: exceeds!.drops }).toEqual({ lines: [], drops: { too_long: 1 } });
    const wide = { ...dogstatsd, limits: { ...short.limits } };
    const bytesOf = (length: number) => {
      const { lines, drops } = mapOnce(wide, [
        counter([point(1, { attributes: { k: 'é'.repeat(length) } })]),
      ]);
      return [lines.map((line) => Buffer.byteLength(line)), drops];
    };
    // `m:1|c|#k:`; 64 bytes are kept for the value and its type.
    expect([bytesOf(465), bytesOf(500), bytesOf(5_000)]).toEqual([
      [[939], {}],
      [[939], {}],
      [[939], {}],
    ]);
  });

  it('keeps 64 bytes for the value and its type, of whatever characters it is', () => {
    const wide = { ...dogstatsd, limits: short.limits };
    const results = [931, 932].map((length) => {
      const { lines, warnings } = mapOnce(wide, [
        counter([point(1, { attributes: { k: 'v'.repeat(length) } })]),
      ]);
      return [lines.map((line) => line.length), warnings.length];
    });
    // `m|#k:`, and `:1|c` between.
    expect(results).toEqual([
      [[1000 - 64 + 4], 0],
      [[1000 - 64 + 4], 1],
    ]);
  });

  it('of a sample counts with its value and its rate, and a point is dropped whole', () => {
    const linesOf = (length: number) => mapOnce(short, [histogram('n'.repeat(length))]);
    const longest = (length: number) => Math.max(...linesOf(length).lines.map((line) => line.length));
    const room = 1000 - (longest(100) - 100);
    expect({ longest: longest(room), drops: linesOf(room).drops }).toEqual({ longest: 1000, drops: {} });
    expect({ lines: linesOf(room + 1).lines, drops: linesOf(room + 1).drops }).toEqual({
      lines: [],
      drops: { too_long: 1 },
    });
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
    expect({ lines, drops }).toEqual({ lines: [`m:${below}|c`], drops: { out_of_range: 1 } });
  });
});
