import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { batchOf, counter, mapOnce, mapperOf, point } from '../../support/mapping.js';

const { CUMULATIVE, DELTA } = AggregationTemporality;
const { statsd, dogstatsd, carbon } = dialects;

describe('a monotonic sum', () => {
  it('of delta temporality is a counter of its value, and no line when it is zero', () => {
    const metric = counter([point(3), point(0), point(-0), point(0.25, { attributes: { k: 'v' } })]);
    expect(mapOnce(statsd, [metric])).toEqual({
      groups: [
        { text: 'm:3|c\n', lines: 1, kind: 'additive' },
        { text: 'm.k.v:0.25|c\n', lines: 1, kind: 'additive' },
      ],
      lines: ['m:3|c', 'm.k.v:0.25|c'],
      drops: {},
      warnings: [],
    });
  });

  it('of cumulative temporality is a counter of its increase, from the first point on', () => {
    const map = mapperOf(statsd);
    const lines = [5, 5, 8, 2].flatMap(
      (value) => map(batchOf([counter([point(value)], { temporality: CUMULATIVE })])).lines,
    );
    expect(lines).toEqual(['m:5|c', 'm:3|c', 'm:2|c']);
  });

  it('is sent whole after a new start time', () => {
    const map = mapperOf(statsd);
    const starts = [1, 1, 2].map((second) => {
      const later = point(10 * second + 5, { startTime: [second, 0] });
      return map(batchOf([counter([later], { temporality: CUMULATIVE })])).lines;
    });
    expect(starts).toEqual([['m:15|c'], [], ['m:25|c']]);
  });

  it('keeps two instruments of one name apart', () => {
    const map = mapperOf(statsd);
    const both = (value: number) =>
      map(
        batchOf([
          counter([point(value)], { temporality: CUMULATIVE, unit: 's' }),
          counter([point(1000 + value)], { temporality: CUMULATIVE, unit: 'ms' }),
        ]),
      ).lines;
    expect([both(1), both(3)]).toEqual([
      ['m:1000|c', 'm:1001|c'],
      ['m:2000|c', 'm:2|c'],
    ]);
  });

  it('distinguishes series whose attributes have the same text', () => {
    const map = mapperOf(statsd);
    const both = (value: number) =>
      map(
        batchOf([
          counter([point(value, { attributes: { k: 1 } }), point(100 + value, { attributes: { k: '1' } })], {
            temporality: CUMULATIVE,
          }),
        ]),
      ).lines;
    expect([both(1), both(3)]).toEqual([
      ['m.k.1:1|c', 'm.k.1:101|c'],
      ['m.k.1:2|c', 'm.k.1:2|c'],
    ]);
  });

  it('is the increase since the last finite value, whatever came in between', () => {
    const map = mapperOf(statsd);
    const sent = [5, Number.NaN, 9].map((value) =>
      map(batchOf([counter([point(value)], { temporality: CUMULATIVE })])),
    );
    expect(sent.map(({ lines, drops }) => [lines, drops])).toEqual([
      [['m:5|c'], {}],
      [[], { non_finite: 1 }],
      [['m:4|c'], {}],
    ]);
  });

  it('cannot fall', () => {
    const { lines, drops } = mapOnce(statsd, [
      counter([point(-1)]),
      counter([point(-2)], { temporality: CUMULATIVE, name: 'n' }),
    ]);
    expect({ lines, drops }).toEqual({ lines: [], drops: { unsupported: 2 } });
  });

  it('is dropped and counted when the state for cumulative series is full', () => {
    const points = ['a', 'b', 'c'].map((k) => point(1, { attributes: { k } }));
    const metric = counter(points, { temporality: CUMULATIVE });
    const { lines, drops } = mapOnce(statsd, [metric], { maxSeries: 2 });
    expect({ lines, drops }).toEqual({ lines: ['m.k.a:1|c', 'm.k.b:1|c'], drops: { series_limit: 1 } });
  });
});

describe('a sum that can fall', () => {
  it('of cumulative temporality is a gauge of its total, zero included', () => {
    const metric = counter([point(3), point(0, { attributes: { k: 'v' } })], {
      monotonic: false,
      temporality: CUMULATIVE,
    });
    expect(mapOnce(dogstatsd, [metric]).groups).toEqual([
      { text: 'm:3|g\n', lines: 1, kind: 'idempotent' },
      { text: 'm:0|g|#k:v\n', lines: 1, kind: 'idempotent' },
    ]);
  });

  it('of cumulative temporality is its total in every export', () => {
    const map = mapperOf(dogstatsd);
    const lines = [3, 5, 5, 1].map(
      (value) => map(batchOf([counter([point(value)], { monotonic: false, temporality: CUMULATIVE })])).lines,
    );
    expect(lines).toEqual([['m:3|g'], ['m:5|g'], ['m:5|g'], ['m:1|g']]);
  });

  it('of delta temporality is added up first', () => {
    const map = mapperOf(statsd);
    const lines = [5, -7, Number.NaN, 1].map(
      (value) => map(batchOf([counter([point(value)], { monotonic: false, temporality: DELTA })])).lines,
    );
    expect(lines).toEqual([['m:5|g'], ['m:0|g', 'm:-2|g'], [], ['m:0|g', 'm:-1|g']]);
  });
});

describe('a value that is not finite', () => {
  it.each([Number.NaN, Infinity, -Infinity, null, undefined, '5', {}, 5n])(
    'such as %s is sent for a sum of any kind; it is counted',
    (value) => {
      const points = [point(value as number), point(1)];
      for (const monotonic of [true, false]) {
        for (const temporality of [CUMULATIVE, DELTA]) {
          const { lines, drops } = mapOnce(statsd, [counter(points, { monotonic, temporality })]);
          expect({ lines, drops }).toEqual({
            lines: [monotonic ? 'm:1|c' : 'm:1|g'],
            drops: { non_finite: 1 },
          });
        }
      }
    },
  );
});

describe('a counter with a time', () => {
  const at = (value: number, seconds: number) => point(value, { endTime: [seconds, 5e8] });

  it('holds all counts of its second, because a later line replaces an earlier one', () => {
    const map = mapperOf(carbon);
    const sent = [at(5, 100), at(2, 100), at(3, 110)].map((each) => map(batchOf([counter([each])])).groups);
    expect(sent).toEqual([
      [{ text: 'm 5 100\n', lines: 1, kind: 'idempotent' }],
      [{ text: 'm 7 100\n', lines: 1, kind: 'idempotent' }],
      [{ text: 'm 3 110\n', lines: 1, kind: 'idempotent' }],
    ]);
  });

  it('holds its own count alone where the time is that of arrival', () => {
    const map = mapperOf(carbon);
    const sent = [at(5, 0), at(2, 0)].map((each) => map(batchOf([counter([each])])).groups);
    expect(sent).toEqual([
      [{ text: 'm 5 -1\n', lines: 1, kind: 'additive' }],
      [{ text: 'm 2 -1\n', lines: 1, kind: 'additive' }],
    ]);
  });

  it('holds the counts of two metrics that are one to the server', () => {
    const { lines } = mapOnce(carbon, [
      counter([at(5, 100)], { name: 'a b' }),
      counter([at(2, 100)], { name: 'a_b' }),
    ]);
    expect(lines).toEqual(['a_b 5 100', 'a_b 7 100']);
  });

  it('does so with Datadog when asked to, after the tags', () => {
    const metric = counter([point(3, { attributes: { k: 'v' }, endTime: [100, 0] })]);
    expect(mapOnce(dogstatsd, [metric], { timestamps: true }).groups).toEqual([
      { text: 'm:3|c|#k:v|T100\n', lines: 1, kind: 'idempotent' },
    ]);
  });
});

it('a total that is not finite is dropped and counted', () => {
  const metrics = [counter([point(Number.MAX_VALUE)]), counter([point(Number.MAX_VALUE)])];
  const { lines, drops } = mapOnce(carbon, metrics);
  expect({ lineCount: lines.length, drops }).toEqual({ lineCount: 1, drops: { out_of_range: 1 } });
  const falling = counter([point(Number.MAX_VALUE), point(Number.MAX_VALUE)], { monotonic: false });
  expect(mapOnce(statsd, [falling]).drops).toEqual({ out_of_range: 1 });
});
