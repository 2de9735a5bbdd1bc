// Which lines of a histogram are written as bytes. The slow path writes the same for those that are declined, so only here
// a line that is declined for no reason is noticed.
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { type DialectName, dialects } from '../../../src/mapping/dialects/index.js';
import { FastPath } from '../../../src/mapping/fast-path/fast-path.js';
import { boundText, type PointLines } from '../../../src/mapping/fast-path/point-lines.js';
import { ByteBuffer } from '../../../src/mapping/lines/byte-buffer.js';
import type { MappingOptions } from '../../../src/mapping/options.js';
import { GaugeCollisionDetector } from '../../../src/mapping/state/gauge-collisions.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';
import { type Group, gauge, mappingOptions, recordingSink } from '../../support/mapping.js';

const { dogstatsd, statsd } = dialects;

function linesOf(
  dialect: Dialect = dogstatsd,
  options: Partial<MappingOptions> = {},
  tags: readonly Tag[] = [],
) {
  const collisions = new GaugeCollisionDetector();
  const fastPath = new FastPath(mappingOptions(dialect, options), collisions, () => 0);
  const groups: Group[] = [];
  collisions.beginExport();
  fastPath.beginExport();
  fastPath.beginScope(tags);
  const lines = fastPath.histogramLines('m', gauge([]), recordingSink(groups, true))!;
  const take = (attributes: object, ...writes: readonly ((of: PointLines) => boolean)[]) => {
    lines.beginPoint(attributes as Record<string, unknown>);
    const taken = writes.map((write) => write(lines));
    return { taken, lines: groups.splice(0).map(({ text, kind }) => `${kind} ${text}`) };
  };
  return { take, fastPath, lines };
}

const count = (value: number) => (of: PointLines) => of.counter('count', value);
const bucket = (bound: number, value: number) => (of: PointLines) => of.bucket('bucket', bound, value);
const max = (value: number) => (of: PointLines) => of.gauge('max', value);

describe.each(Object.keys(dialects) as DialectName[])('lines of a histogram for %s', (name) => {
  it('are taken for ordinary attributes', () => {
    const isStamped = dialects[name].timestamps === 'required';
    const { take } = linesOf(dialects[name]);
    const points = [{}, { a: 'x' }, { b: 1, a: true }, { a: 0.5 }, { z: 'x', a: 1_023 }];
    const taken = [1, 2].flatMap(() =>
      points.map((each) => take(each, count(1), bucket(5, 1), max(7)).taken),
    );
    const expected = points.map(() => [!isStamped, !isStamped, !isStamped]);
    expect(taken.slice(0, points.length)).toEqual(expected);
    // The gauges are those of this export, too.
    expect(taken.slice(points.length)).toEqual(expected.map(([first, second]) => [first, second, false]));
  });
});

describe('lines of a histogram', () => {
  it('have the tags of the point and the scope, and the bound of a bucket among them', () => {
    const { take } = linesOf(dogstatsd, {}, [['m', 'scope']]);
    expect(take({ z: 1, a: 'x' }, count(3), bucket(0.5, 2), bucket(Infinity, 4), max(7))).toEqual({
      taken: [true, true, true, true],
      lines: [
        'additive m.count:3|c|#a:x,m:scope,z:1\n',
        'additive m.bucket:2|c|#a:x,le:0.5,m:scope,z:1\n',
        'additive m.bucket:4|c|#a:x,le:inf,m:scope,z:1\n',
        'idempotent m.max:7|g|#a:x,m:scope,z:1\n',
      ],
    });
    expect(linesOf(statsd).take({ z: 1, a: 'x' }, count(3), bucket(0.5, 2), max(7)).lines).toEqual([
      'additive m.count.a.x.z.1:3|c\n',
      'additive m.bucket.a.x.le.0_5.z.1:2|c\n',
      'idempotent m.max.a.x.z.1:7|g\n',
    ]);
  });

  it('of zero are taken and not written, unless they are of a gauge', () => {
    expect(linesOf().take({}, count(0), bucket(1, 0), max(0))).toEqual({
      taken: [true, true, true],
      lines: ['idempotent m.max:0|g\n'],
    });
  });

  it('may have no suffix', () => {
    expect(linesOf().take({}, (of) => of.counter('', 1)).lines).toEqual(['additive m:1|c\n']);
  });

  it.each<[string, Dialect, (of: PointLines) => boolean, boolean]>([
    ['a counter of NaN', dogstatsd, count(Number.NaN), false],
    ['a counter of infinity', dogstatsd, count(Infinity), false],
    ['a counter below zero', dogstatsd, count(-1), false],
    ['a bucket below zero', dogstatsd, bucket(1, -1), false],
    ['a fraction', dogstatsd, count(0.5), true],
    ['a fraction where counters are whole', { ...dogstatsd, counterDecimals: 0 }, count(0.5), false],
    ['a whole number where counters are whole', { ...dogstatsd, counterDecimals: 0 }, count(5), true],
    ['a gauge of NaN', dogstatsd, max(Number.NaN), false],
    ['a gauge of infinity', dogstatsd, max(Infinity), false],
    ['a gauge of minus infinity', dogstatsd, max(-Infinity), false],
    ['a gauge below zero', dogstatsd, max(-1), true],
    ['a gauge below zero where a sign means a change', statsd, max(-1), false],
    ['a counter with a suffix that is too long', dogstatsd, (of) => of.counter('x'.repeat(199), 1), false],
    ['a counter with the longest suffix', dogstatsd, (of) => of.counter('x'.repeat(198), 1), true],
    ['a bucket with a suffix that is too long', dogstatsd, (of) => of.bucket('x'.repeat(199), 1, 1), false],
    ['a gauge with a suffix that is too long', dogstatsd, (of) => of.gauge('x'.repeat(199), 1), false],
  ])('are declined where the slow path is needed: %s', (_, dialect, write, isTaken) => {
    expect(linesOf(dialect).take({ a: 1 }, write, write).taken[0]).toBe(isTaken);
  });

  it('of gauges are declined when they are one with another to the server', () => {
    const { take } = linesOf();
    expect([
      take({ a: 1 }, max(1)).taken,
      take({ a: '1' }, max(1)).taken,
      take({}, max(1)).taken,
      take({ a: null }, max(1)).taken,
      take({ a: 2 }, max(1), (of) => of.gauge('min', 1)).taken,
    ]).toEqual([[true], [false], [true], [false], [true, true]]);
  });

  it('are declined for buckets of a point that has their key', () => {
    const { take } = linesOf();
    const le = [{ le: 1 }, { a: 1, le: 'x' }, { a: 1 }].map((attributes) =>
      take(attributes, bucket(1, 1), count(1)),
    );
    expect(le.map(({ taken }) => taken)).toEqual([
      [false, true],
      [false, true],
      [true, true],
    ]);
    expect(linesOf(dogstatsd, {}, [['le', 'x']]).take({}, bucket(1, 1), count(1)).taken).toEqual([
      false,
      true,
    ]);
  });

  it('with times are all declined', () => {
    const writes = [count(1), bucket(1, 1), max(1)];
    expect(linesOf(dogstatsd, { timestamps: true }).take({}, ...writes).taken).toEqual([false, false, false]);
  });

  it.each<[string, object]>([
    ['an array', { a: [1] }],
    ['inherited attributes', Object.create({ a: 1 }) as object],
    ['two attributes of one tag', { 'a,b': 1, a_b: 2 }],
    ['seventeen attributes', Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 1]))],
    [
      'more than 4 KiB of tags',
      Object.fromEntries([...'abcdefghijklmnop'].map((key) => [key.repeat(90), 'x'.repeat(200)])),
    ],
    [
      'attributes that throw',
      Object.defineProperty({}, 'a', { enumerable: true, get: () => expect.unreachable() }),
    ],
  ])('are all declined for a point with %s, and not for the next one', (_, attributes) => {
    const unlimited = { ...dogstatsd.limits, lineBytes: 65_536, tagLength: 400 };
    const { take } = linesOf({ ...dogstatsd, limits: unlimited });
    const writes = [count(1), bucket(1, 1), max(1)];
    expect([take(attributes, ...writes), take({ a: 1 }, ...writes).taken]).toEqual([
      { taken: [false, false, false], lines: [] },
      [true, true, true],
    ]);
  });

  it('are declined when they may be longer than a line', () => {
    const dialect = { ...dogstatsd, limits: { ...dogstatsd.limits, lineBytes: 600 } };
    const { take } = linesOf(dialect);
    const writes = [count(1), bucket(1, 1), max(1)];
    const taken = [10, 100, 140, 150, 160, 190].map(
      (length) => take({ a: 'x'.repeat(length) }, ...writes).taken,
    );
    expect(taken).toEqual([
      [true, true, true],
      [true, true, true],
      [true, true, true],
      [true, true, true],
      [true, false, true],
      [false, false, false],
    ]);
  });

  it('of samples are declined when they may be longer than a line', () => {
    const dialect = { ...dogstatsd, limits: { ...dogstatsd.limits, lineBytes: 600 } };
    const { take } = linesOf(dialect);
    const samples = (of: PointLines) => of.samples('', new ByteBuffer(), new ByteBuffer());
    const taken = [10, 150, 190].map((length) => take({ a: 'x'.repeat(length) }, samples).taken);
    expect(taken).toEqual([[true], [true], [false]]);
  });

  it('are all declined for a sink that takes no bytes', () => {
    const { take, lines } = linesOf();
    lines.beginMetric('m', gauge([]), recordingSink([], false));
    const samples = (of: PointLines) => of.samples('', new ByteBuffer(), new ByteBuffer());
    const { taken } = take({ a: 1 }, count(1), bucket(1, 1), max(1), samples);
    expect(taken).toEqual([false, false, false, false]);
  });

  it.each(['counter', 'gauge'])('have the type of a %s, however long it is', (kind) => {
    const types = { ...dogstatsd.types, [kind]: 't'.repeat(100) };
    const number = 2.234567890123456e-308;
    const text = `0.${'0'.repeat(307)}2234567890123456`;
    const { take } = linesOf({ ...dogstatsd, types });
    const { lines } = take({ a: 1 }, count(number), max(number));
    expect(lines).toEqual([
      `additive m.count:${text}|${types.counter}|#a:1\n`,
      `idempotent m.max:${text}|${types.gauge}|#a:1\n`,
    ]);
  });

  it('of buckets are declined where the server does not take their bound as a whole tag', () => {
    const dialect = { ...dogstatsd, limits: { ...dogstatsd.limits, tagLength: 8 } };
    const { take } = linesOf(dialect);
    const bounds = [5, 0.123456, 5, 0.123456];
    expect(bounds.map((bound) => take({}, bucket(bound, 1)).taken)).toEqual([
      [true],
      [false],
      [true],
      [false],
    ]);
  });

  it('tell apart the same values of different keys, however many there are', () => {
    const { take } = linesOf();
    const values = Array.from({ length: 300 }, (_, index) => `value ${index}`);
    const lineOf = (tags: string) => [`additive m.count:1|c|#${tags}\n`];
    for (let turn = 0; turn < 3; turn++) {
      values.forEach((value, index) => {
        const other = values[(index * 7) % 300]!;
        expect(take({ a: value, b: other }, count(1)).lines).toEqual(lineOf(`a:${value},b:${other}`));
        expect(take({ c: index, b: value }, count(1)).lines).toEqual(lineOf(`b:${value},c:${index}`));
      });
    }
    expect(take({ a: '' }, count(1)).lines).toEqual(['additive m.count:1|c\n']);
    expect(take({ a: 'x', b: '' }, count(1)).lines).toEqual(lineOf('a:x'));
  });

  it('of more bounds than are remembered are all right', () => {
    const { take } = linesOf();
    const bounds = Array.from({ length: 2_100 }, (_, index) => index + 0.5);
    for (const bound of [...bounds, ...bounds.slice(0, 10)]) {
      expect(take({ a: 1 }, bucket(bound, 1)).lines).toEqual([`additive m.bucket:1|c|#a:1,le:${bound}\n`]);
    }
  });

  it('are declined after the export', () => {
    const { take, fastPath } = linesOf();
    fastPath.endExport();
    expect(take({}, count(1), bucket(1, 1), max(1))).toEqual({ taken: [false, false, false], lines: [] });
  });

  it('of samples have what is before and behind the value', () => {
    const partsOf = (dialect: Dialect, attributes: object) => {
      const [head, tail] = [ByteBuffer.of('old'), ByteBuffer.of('old')];
      const { taken } = linesOf(dialect).take(attributes, (of) => of.samples('', head, tail));
      return { taken: taken[0], head: head.decode(), tail: tail.decode() };
    };
    expect([partsOf(dogstatsd, { a: 1 }), partsOf(dogstatsd, {}), partsOf(statsd, { a: 1 })]).toEqual([
      { taken: true, head: 'm', tail: '|#a:1\n' },
      { taken: true, head: 'm', tail: '\n' },
      { taken: true, head: 'm.a.1', tail: '\n' },
    ]);
    expect(partsOf(dogstatsd, { a: [1] })).toEqual({ taken: false, head: 'old', tail: 'old' });
  });
});

it('the bound of a bucket is a number or an infinity', () => {
  expect([0.5, 1e21, -3, Infinity, -Infinity].map(boundText)).toEqual([
    '0.5',
    '1000000000000000000000',
    '-3',
    'inf',
    '-inf',
  ]);
});
