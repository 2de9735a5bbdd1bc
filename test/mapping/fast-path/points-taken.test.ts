// Which points the fast path takes. What it declines has the same lines by the slow path, so only here a point that it
// declines for no reason is noticed.
import type { DataPoint } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { type DialectName, dialects } from '../../../src/mapping/dialects/index.js';
import { FastPath } from '../../../src/mapping/fast-path/fast-path.js';
import type { FastPathKind } from '../../../src/mapping/fast-path/line-template.js';
import { unitScale } from '../../../src/mapping/numbers/unit-scale.js';
import type { MappingOptions } from '../../../src/mapping/options.js';
import { GaugeCollisionDetector } from '../../../src/mapping/state/gauge-collisions.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';
import {
  batchOf,
  counter,
  type Group,
  gauge,
  mapperOf,
  mappingOptions,
  point,
  recordingSink,
} from '../../support/mapping.js';

const { dogstatsd } = dialects;

interface Facts {
  readonly name?: string;
  readonly kind?: FastPathKind;
  readonly isNameUnique?: boolean;
  readonly factor?: number;
  readonly takesBytes?: boolean;
  readonly from?: number;
  readonly constantTags?: readonly Tag[];
}

/** One export after the other with the same state; answers up to which point they are taken, and the lines. */
function exporter(
  dialect: Dialect = dogstatsd,
  options: Partial<MappingOptions> = {},
  now: () => number = () => 0,
) {
  const collisions = new GaugeCollisionDetector();
  const fastPath = new FastPath(mappingOptions(dialect, options), collisions, now);
  const metrics = new Map<string, ReturnType<typeof gauge>>();
  return (points: readonly DataPoint<number>[], facts: Facts = {}) => {
    const { name = 'm', kind = 'gauge', isNameUnique = true, factor = 1, takesBytes = true } = facts;
    const metric = metrics.get(name) ?? (kind === 'gauge' ? gauge([], { name }) : counter([], { name }));
    metrics.set(name, metric);
    const groups: Group[] = [];
    collisions.beginExport();
    fastPath.beginExport();
    fastPath.beginScope(facts.constantTags ?? []);
    const sink = recordingSink(groups, takesBytes);
    const isTaken = fastPath.beginMetric(name, metric, kind, isNameUnique, unitScale(factor), sink);
    const taken = isTaken ? fastPath.write(points, facts.from ?? 0, points.length) : 'none';
    fastPath.endExport();
    return { taken, lines: groups.map(({ text }) => text) };
  };
}

function pointsOf(...all: readonly unknown[]): DataPoint<number>[] {
  return all.map((attributes) => point(1, { attributes: attributes as object }));
}

function numbered(count: number, value: unknown = 1): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]));
}

/** Different series, none of which needs more than a copy of its texts. */
const ORDINARY = pointsOf(
  {},
  { a: 'x' },
  { a: 'other' },
  { a: 0 },
  { a: 1_023 },
  { a: 1_024 },
  { a: -1 },
  { a: 0.5 },
  { a: true },
  { b: 'x' },
  { b: 'x', a: 'y' },
  { a: 'x', b: 'z' },
  { c: 200, b: 'x', a: false },
  { d: 'a text that is longer than thirty-two bytes, so that it takes several turns' },
  numbered(16),
);

describe.each(Object.keys(dialects) as DialectName[])('for %s the fast path takes', (name) => {
  const dialect = dialects[name];
  const isStamped = dialect.timestamps === 'required';
  it.each<FastPathKind>(['counter', 'gauge'])('every ordinary point of a %s in every export', (kind) => {
    const write = exporter(dialect);
    const expected = isStamped && kind === 'counter' ? 'none' : ORDINARY.length;
    const taken = Array.from({ length: 12 }, () => write(ORDINARY, { kind }).taken);
    expect(taken).toEqual(taken.map(() => expected));
  });
});

describe('the fast path takes', () => {
  it('points without a tag for an attribute, unless another series of the metric is the same', () => {
    const write = exporter();
    expect([
      write(pointsOf({ a: null }, { b: 'x', a: undefined }, { a: 'x', b: '' })),
      write(pointsOf({}, { a: null })),
    ]).toEqual([
      { taken: 3, lines: ['m:1|g\n', 'm:1|g|#b:x\n', 'm:1|g|#a:x\n'] },
      { taken: 1, lines: ['m:1|g\n'] },
    ]);
  });

  it('points with tags of the scope', () => {
    const constantTags = [
      ['b', 'of the scope'],
      ['z', 'last'],
    ] as const;
    expect(exporter()(pointsOf({ c: 1, a: 2 }, {}, { b: 3 }), { kind: 'counter', constantTags })).toEqual({
      taken: 3,
      lines: [
        'm:1|c|#a:2,b:of the scope,c:1,z:last\n',
        'm:1|c|#b:of the scope,z:last\n',
        'm:1|c|#b:of the scope,z:last\n',
      ],
    });
  });

  it('gauges with a time', () => {
    const points = [1, 1, 2].map((second, index) =>
      point(index, { attributes: { index }, endTime: [second, 0] }),
    );
    expect(exporter(dogstatsd, { timestamps: true })(points)).toEqual({
      taken: 3,
      lines: ['m:0|g|#index:0|T1\n', 'm:1|g|#index:1|T1\n', 'm:2|g|#index:2|T2\n'],
    });
  });

  it('counters of zero, without a line', () => {
    expect(exporter()([point(0), point(-0), point(2)], { kind: 'counter' })).toEqual({
      taken: 3,
      lines: ['m:2|c\n'],
    });
  });

  it('numbers of another unit', () => {
    expect(exporter()([point(0.022399), point(0.3)], { kind: 'counter', factor: 1_000 })).toEqual({
      taken: 2,
      lines: ['m:22.399|c\n', 'm:300|c\n'],
    });
  });

  it('more different values of a key than it keeps', () => {
    const write = exporter();
    const points = pointsOf(...Array.from({ length: 6_000 }, (_, index) => ({ a: `value ${index}` })));
    expect([1, 2].map(() => write(points, { kind: 'counter' }).taken)).toEqual([6_000, 6_000]);
  });
});

const ODD_POINTS: readonly [string, DataPoint<number>][] = [
  ['NaN', point(Number.NaN)],
  ['infinity', point(Infinity)],
  ['a value that is no number', point('1' as unknown as number)],
  ['no value', point(undefined as unknown as number)],
  ['attributes that are undefined', { ...point(1), attributes: undefined as never }],
  ['attributes that are null', { ...point(1), attributes: null as never }],
  ['attributes that are a text', { ...point(1), attributes: 'text' as never }],
  ['inherited attributes', point(1, { attributes: Object.create({ a: 1 }) as object })],
  ['an attribute that is an array', point(1, { attributes: { a: ['x'] } })],
  ['an attribute that is an object', point(1, { attributes: { a: {} } })],
  ['seventeen attributes', point(1, { attributes: numbered(17) })],
  ['two attributes of one tag', point(1, { attributes: { 'a,b': 1, a_b: 2 } })],
  ['a tag that is too long', point(1, { attributes: { a: 'x'.repeat(300) } })],
];

describe('the fast path ends at', () => {
  it.each(ODD_POINTS)('%s, and begins again behind it', (_, odd) => {
    const points = [odd, ...pointsOf({ b: 1 }, { b: 2 })];
    const write = exporter();
    expect([0, 1].map((from) => write(points, { kind: 'counter', from }).taken)).toEqual([0, 3]);
  });

  it.each(ODD_POINTS)('%s where measuring showed that it should not look at the next points', (_, odd) => {
    // In every trial the half that looks ahead takes longer: the first one, then the second, and so on.
    const tookMillis = [2, 1, 1, 2];
    let [calls, millis] = [0, 0];
    const now = (): number => {
      if (calls++ % 3 > 0) millis += tookMillis.shift() ?? 1;
      return millis;
    };
    const write = exporter(dogstatsd, {}, now);
    const many = pointsOf(...Array.from({ length: 200 }, (_, id) => ({ id })));
    for (let count = 0; count < 8; count++) write(many, { kind: 'counter' });
    expect(calls).toBe(6);
    const points = [...pointsOf({ b: 1 }), odd, ...pointsOf({ b: 2 })];
    expect([0, 1, 2].map((from) => write(points, { kind: 'counter', from }).taken)).toEqual([1, 1, 3]);
  });

  it('a point in the middle, once those before it are written', () => {
    const points = pointsOf(...Array.from({ length: 300 }, (_, id) => (id === 140 ? { id: [id] } : { id })));
    const write = exporter();
    const ends = Array.from({ length: 12 }, () => write(points, { kind: 'counter' }));
    expect(ends.map(({ taken, lines }) => [taken, lines.length])).toEqual(ends.map(() => [140, 140]));
  });

  it.each<[string, Dialect, FastPathKind, number, number]>([
    ['a counter below zero', dogstatsd, 'counter', -Number.MIN_VALUE, 0],
    ['a counter of zero', dogstatsd, 'counter', 0, 1],
    ['a gauge below zero, where it is absolute', dogstatsd, 'gauge', -5, 1],
    ['a gauge below zero, where a sign means a change', dialects.statsd, 'gauge', -5, 0],
    ['a gauge of zero, where a sign means a change', dialects.statsd, 'gauge', 0, 1],
    ['a fraction', { ...dogstatsd, counterDecimals: 0 }, 'counter', 0.5, 0],
    ['a whole number', { ...dogstatsd, counterDecimals: 0 }, 'counter', 5, 1],
    ['a fraction of a gauge', { ...dogstatsd, counterDecimals: 0 }, 'gauge', 0.5, 1],
  ])('what the server does not take as it is: %s', (_, dialect, kind, value, taken) => {
    expect(exporter(dialect)([point(value)], { kind }).taken).toBe(taken);
  });

  it.each<[FastPathKind, number, number]>([
    ['counter', 99, 1],
    ['counter', 100, 0],
    ['gauge', 49, 1],
    ['gauge', 50, 0],
    ['gauge', -49, 1],
    ['gauge', -50, 0],
  ])('the limits of the numbers: a %s of %d', (kind, value, taken) => {
    const dialect = { ...dogstatsd, limits: { ...dogstatsd.limits, counter: 100, gauge: 50 } };
    expect(exporter(dialect)([point(value)], { kind }).taken).toBe(taken);
  });

  it('the gauge that is one with an earlier one to the server', () => {
    const points = pointsOf({ a: 1 }, { a: '1' }, { a: 2 });
    const write = exporter();
    expect([write(points).taken, write(points).taken]).toEqual([1, 1]);
    expect(write(points, { kind: 'counter' }).taken).toBe(3);
  });

  it('no equal gauge once its metric was seen, unless others have its name', () => {
    const points = pointsOf({ a: 1 }, { a: 1 });
    const [write, writeShared] = [exporter(), exporter()];
    const unique = [pointsOf({ a: 1 }), points].map((each) => write(each).taken);
    const shared = [pointsOf({ a: 1 }), points].map(
      (each) => writeShared(each, { isNameUnique: false }).taken,
    );
    expect({ unique, shared }).toEqual({ unique: [1, 2], shared: [1, 1] });
  });
});

describe('the fast path takes no point of', () => {
  it.each<[string, Partial<MappingOptions>, Facts]>([
    ['a metric for a sink without bytes', {}, { takesBytes: false }],
    ['a counter with times', { timestamps: true }, { kind: 'counter' }],
    ['a metric with a name that is too long', {}, { name: 'm'.repeat(201) }],
    ['a metric with long fields', { fields: `|c:${'x'.repeat(1_200)}` }, {}],
    [
      'a scope with more than 64 tags',
      {},
      { constantTags: Array.from({ length: 65 }, (_, index) => [`k${100 + index}`, 'x'] as const) },
    ],
    ['a scope with a tag that is too long', {}, { constantTags: [['a', 'x'.repeat(300)]] }],
  ])('%s', (_, options, facts) => {
    expect(exporter(dogstatsd, options)(pointsOf({ a: 1 }), facts)).toEqual({ taken: 'none', lines: [] });
  });

  it('nothing else at those limits', () => {
    const constantTags = Array.from({ length: 64 }, (_, index) => [`k${100 + index}`, 'x'] as const);
    const taken = [{ constantTags }, { name: 'm'.repeat(200) }].map(
      (facts) => exporter()(pointsOf({ a: 1 }), facts).taken,
    );
    expect(taken).toEqual([1, 1]);
  });

  it('an attribute beyond 256 keys, until the eighth export after it', () => {
    const write = exporter();
    const keyed = (key: number) => pointsOf({ [`k${key}`]: 1 });
    const first = Array.from({ length: 257 }, (_, key) => write(keyed(key), { name: `m${key >> 4}` }).taken);
    expect(first).toEqual(first.map((_, key) => (key < 256 ? 1 : 0)));
    const later = Array.from({ length: 9 }, () => write(keyed(256), { name: 'm16' }).taken);
    expect(later).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1]);
  });
});

it('the fast path takes the points of more scopes than it remembers', () => {
  const write = exporter();
  const taken = Array.from({ length: 600 }, (_, scope) =>
    write(pointsOf({ a: 1 }), { constantTags: [['scope', `${scope}`]] }),
  );
  expect(taken).toEqual(taken.map((_, scope) => ({ taken: 1, lines: [`m:1|g|#a:1,scope:${scope}\n`] })));
});

it('the fast path tells apart the same values of different keys, however many there are', () => {
  const write = exporter();
  const values = Array.from({ length: 300 }, (_, index) => `value ${index}`);
  const points = values.flatMap((value, index) =>
    pointsOf({ a: value, b: values[(index * 7) % 300] }, { b: value, c: index }, { c: index + 1, a: index }),
  );
  const expected = points.map(({ attributes }) => {
    const tags = Object.entries(attributes).map(([key, value]) => `${key}:${value}`);
    return `m:1|g|#${tags.sort().join()}\n`;
  });
  for (let count = 0; count < 3; count++) {
    expect(write(points, { name: 'm' })).toEqual({ taken: points.length, lines: expected });
  }
  // An empty text is no tag, whatever was kept in its place.
  expect(write(pointsOf({ a: '' }, { b: '', a: 'x' }), { name: 'c', kind: 'counter' }).lines).toEqual([
    'c:1|c\n',
    'c:1|c|#a:x\n',
  ]);
});

it('the fast path has the names, marks and tags of any length', () => {
  const write = exporter();
  for (let length = 1; length <= 70; length++) {
    const name = 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(2).slice(0, length);
    const tag = `b${name.split('').reverse().join('')}`;
    const points = pointsOf({}, { a: tag }, { [tag]: 1, a: tag });
    const linesOf = (type: string) => [
      `${name}:1|${type}\n`,
      `${name}:1|${type}|#a:${tag}\n`,
      `${name}:1|${type}|#a:${tag},${tag}:1\n`,
    ];
    expect(write(points, { name, kind: 'counter' }).lines).toEqual(linesOf('c'));
    expect(write(points.slice(0, 2), { name: `${name}_`, kind: 'gauge' }).lines).toEqual([
      `${name}_:1|g\n`,
      `${name}_:1|g|#a:${tag}\n`,
    ]);
  }
});

it('the fast path removes the noise of adding up from counters, and from no gauge', () => {
  const noisy = [point(0.1 + 0.2)];
  const textOf = (facts: Facts) => exporter()(noisy, facts).lines;
  expect([
    textOf({ kind: 'counter' }),
    textOf({ kind: 'gauge' }),
    textOf({ kind: 'counter', factor: 1_000 }),
    textOf({ kind: 'gauge', factor: 1_000 }),
  ]).toEqual([['m:0.3|c\n'], ['m:0.30000000000000004|g\n'], ['m:300|c\n'], ['m:300.00000000000006|g\n']]);
});

it('the fast path takes counters where the server has no times, asked for or not', () => {
  expect(exporter(dialects.statsd, { timestamps: true })([point(1)], { kind: 'counter' })).toEqual({
    taken: 1,
    lines: ['m:1|c\n'],
  });
});

it('counters are lines that add up, and gauges are not', () => {
  const points = [point(1, { attributes: { a: 1 } })];
  const batch = batchOf([counter(points, { name: 'c' }), gauge(points, { name: 'g' })]);
  expect(mapperOf(dogstatsd)(batch).groups).toEqual([
    { text: 'c:1|c|#a:1\n', lines: 1, kind: 'additive' },
    { text: 'g:1|g|#a:1\n', lines: 1, kind: 'idempotent' },
  ]);
});

it('the fast path has no lines of histograms for a scope that needs the slow path, or a sink without bytes', () => {
  const linesOf = (tags: readonly Tag[], takesBytes: boolean) => {
    const fastPath = new FastPath(mappingOptions(dogstatsd), new GaugeCollisionDetector(), () => 0);
    fastPath.beginExport();
    fastPath.beginScope([['few', '1']]);
    fastPath.beginScope(tags);
    return fastPath.histogramLines('m', gauge([]), recordingSink([], takesBytes));
  };
  const many = Array.from({ length: 65 }, (_, index): Tag => [`t${index}`, '1']);
  expect([linesOf([], true) === undefined, linesOf(many, true), linesOf([], false)]).toEqual([
    false,
    undefined,
    undefined,
  ]);
});

it('the fast path has types that are longer than a word', () => {
  const types = { ...dogstatsd.types, counter: 'counter-of-things', gauge: 'gauge-of-things' };
  for (const dialect of [dogstatsd, dialects.statsd].map((each): Dialect => ({ ...each, types }))) {
    const linesOf = (takesBytes: boolean) => {
      const points = pointsOf({}, { a: 'x' });
      return mapperOf(dialect, {}, { takesBytes })(batchOf([counter(points, { name: 'c' }), gauge(points)]))
        .lines;
    };
    expect(linesOf(true)).toEqual(linesOf(false));
    expect(linesOf(true)[0]).toBe('c:1|counter-of-things');
  }
});

it('the fast path has the largest of the small numbers before any other', () => {
  expect(exporter()(pointsOf({ a: 1_023 }, { b: 1_023 }))).toEqual({
    taken: 2,
    lines: ['m:1|g|#a:1023\n', 'm:1|g|#b:1023\n'],
  });
});

it.each(Object.keys(dialects) as DialectName[])(
  'the fast path has tags of any length beside long numbers for %s',
  (name) => {
    const write = exporter({ ...dialects[name], limits: { ...dialects[name].limits, lineBytes: 65_000 } });
    const text = 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(3);
    const value = 2.234567890123456e-308;
    for (let length = 1; length <= 100; length++) {
      const attributes = { a: text.slice(0, length) };
      const one = write([point(value, { attributes })], { name: 'g' }).lines;
      const two = write([point(1, { attributes })], { name: 'g' }).lines;
      expect(one.map((line) => line.replace(`0.${'0'.repeat(307)}2234567890123456`, '1'))).toEqual(two);
    }
  },
);
