import { describe, expect, it } from 'vitest';
import { type SeriesRow, SeriesTable } from '../../../src/cli/listen/series-table.js';
import { type DialectName, dialects } from '../../../src/mapping/dialects/index.js';
import { parseLine } from '../../../src/mapping/lines/parse-line.js';

/** Lines, each at its second. */
function rows(dialect: DialectName, lines: [second: number, line: string][], atSecond: number): SeriesRow[] {
  const book = new SeriesTable(dialects[dialect]);
  feed(book, dialect, lines);
  return book.rows(atSecond * 1000);
}

function feed(book: SeriesTable, dialect: DialectName, lines: [second: number, line: string][]): void {
  for (const [second, line] of lines) {
    const parsed = parseLine(line, dialects[dialect]);
    for (const sample of 'samples' in parsed ? parsed.samples : []) book.add(sample, second * 1000);
  }
}

describe('a counter', () => {
  it('has a total, its last increment, a rate over ten seconds, and a bar for each burst', () => {
    const lines: [number, string][] = [
      [100, 'a:4|c'],
      [100.5, 'a:1|c|@0.5'],
      [110, 'a:3|c'],
      [110.1, 'b:1|c'],
      [120, 'b:5|c'],
    ];
    expect(rows('statsd', lines, 121)).toEqual([
      {
        name: 'a',
        tags: {},
        type: 'c',
        ratePerSecond: 0,
        last: 3,
        total: 9,
        percentiles: undefined,
        trend: [6, 3, 0],
      },
      {
        name: 'b',
        tags: {},
        type: 'c',
        ratePerSecond: 0.5,
        last: 5,
        total: 6,
        percentiles: undefined,
        trend: [1, 5],
      },
    ]);
  });

  it('has a rate over the time so far at its beginning, at least a second', () => {
    expect(rows('statsd', [[100, 'a:6|c']], 100.2)[0]?.ratePerSecond).toBe(6);
    expect(rows('statsd', [[100, 'a:6|c']], 103)[0]?.ratePerSecond).toBe(2);
  });
});

describe('a gauge', () => {
  it('follows relative values, and its trend stays flat while nothing arrives', () => {
    const lines: [number, string][] = [
      [1, 'a:5|g'],
      [1, 'a:-2|g'],
      [3, 'b:1|c'],
      [5, 'a:+4|g'],
    ];
    expect(rows('statsd', lines, 5)[0]).toEqual({
      name: 'a',
      tags: {},
      type: 'g',
      ratePerSecond: 3 / 4,
      last: 7,
      total: 7,
      percentiles: undefined,
      trend: [3, 3, 7],
    });
  });
});

describe('a timer', () => {
  const lines = Array.from({ length: 100 }, (_, at): [number, string] => [1, `t:${at + 1}|ms|@0.5`]);

  it('has percentiles of its latest values, a count of recordings, and means as bars', () => {
    expect(rows('statsd', [...lines, [3, 'c:1|c'], [5, 't:9|ms']], 5)[1]).toEqual({
      name: 't',
      tags: {},
      type: 'ms',
      ratePerSecond: 201 / 4,
      last: 9,
      total: 201,
      percentiles: [50, 95, 99],
      trend: [50.5, Number.NaN, 9],
    });
  });

  it('keeps the last 512 values', () => {
    const many = Array.from({ length: 1000 }, (_, at): [number, string] => [1, `t:${at}|ms`]);
    expect(rows('statsd', many, 1)[0]?.percentiles).toEqual([743, 974, 994]);
  });

  it('weights values by their sample rates only where the server does', () => {
    const weighted: [number, string][] = [
      [1, 't:1|ms|@0.01'],
      [1, 't:2|ms'],
      [1, 't:3|ms'],
    ];
    expect([
      rows('statsd', weighted, 1)[0]?.percentiles,
      rows('dogstatsd', weighted, 1)[0]?.percentiles,
    ]).toEqual([
      [2, 3, 3],
      [1, 1, 2],
    ]);
  });
});

describe('other lines', () => {
  it('of sets count recordings, show the last member, and have empty bars while nothing arrives', () => {
    const lines: [number, string][] = [
      [1, 'u:ann|s'],
      [1, 'u:bob|s'],
      [3, 'z:1|c'],
    ];
    expect(rows('statsd', lines, 3)[0]).toEqual({
      name: 'u',
      tags: {},
      type: 's',
      ratePerSecond: 1,
      last: 'bob',
      total: 2,
      percentiles: undefined,
      trend: [2, 0],
    });
  });

  it('without a type show the value, and have gaps while nothing arrives', () => {
    const lines: [number, string][] = [
      [1, 'a;k=v 3 100'],
      [3, 'z 1 100'],
      [5, 'a;k=v 4 100'],
    ];
    expect(rows('carbon', lines, 5)[0]).toEqual({
      name: 'a',
      tags: { k: 'v' },
      type: '',
      ratePerSecond: 0.5,
      last: 4,
      total: 2,
      percentiles: undefined,
      trend: [3, Number.NaN, 4],
    });
  });
});

it('series are distinguished by name, tags and type, and sorted in that order', () => {
  const lines: [number, string][] = [
    [1, 'b:1|c|#k:v'],
    [1, 'a:1|g'],
    [1, 'b:1|c|#k:u'],
    [1, 'a:1|c'],
    [1, 'b:1|c|#k:v'],
  ];
  const labels = rows('dogstatsd', lines, 1).map(({ name, tags, type, total }) => [name, tags, type, total]);
  expect(labels).toEqual([
    ['a', {}, 'c', 1],
    ['a', {}, 'g', 1],
    ['b', { k: 'u' }, 'c', 1],
    ['b', { k: 'v' }, 'c', 2],
  ]);
});

it('samples of series beyond the limit are counted and not kept', () => {
  const book = new SeriesTable(dialects.statsd, { maxSeries: 2 });
  feed(book, 'statsd', [
    [1, 'a:1|c'],
    [1, 'b:1|c'],
    [1, 'c:1|c'],
    [1, 'a:1|c'],
  ]);
  expect([book.size, book.ignoredSamples]).toEqual([2, 1]);
});

it('10,000 series are kept unless told otherwise', () => {
  const lines = Array.from({ length: 10_001 }, (_, at): [number, string] => [1, `a${at}:1|c`]);
  const book = new SeriesTable(dialects.statsd);
  feed(book, 'statsd', lines);
  expect([book.size, book.ignoredSamples]).toEqual([10_000, 1]);
});

it('a trend holds at most 24 bars', () => {
  const lines = Array.from({ length: 40 }, (_, at): [number, string] => [at * 2, `a:${at}|c`]);
  expect(rows('statsd', lines, 80)[0]?.trend).toEqual(Array.from({ length: 24 }, (_, at) => at + 16));
});

it('the samples of one line are of one series for each type, whose key is made once', () => {
  let keys = 0;
  const tags = new Proxy(
    { k: 'v' },
    {
      ownKeys: (target) => {
        keys += 1;
        return Reflect.ownKeys(target);
      },
    },
  );
  const sample = { name: 'a', tags, isRelative: false, sampleRate: 1, timestamp: undefined };
  const table = new SeriesTable(dialects.dogstatsd, { maxSeries: 2 });
  table.add({ ...sample, type: 'c', value: 1 }, 0);
  table.add({ ...sample, type: 'ms', value: 1 }, 0);
  const before = keys;
  for (let index = 0; index < 100; index += 1) {
    table.add({ ...sample, type: 'c', value: 1 }, 0);
    table.add({ ...sample, type: 'ms', value: 1 }, 0);
  }
  expect(keys).toBe(before);
  table.add({ ...sample, type: 'g', value: 1 }, 0);
  table.add({ ...sample, type: 'g', value: 1 }, 0);
  table.add({ ...sample, name: 'b', type: 'c', value: 1 }, 0);
  const rows = table.rows(0).map(({ name, type, total }) => [name, type, total]);
  expect({ rows, ignored: table.ignoredSamples }).toEqual({
    rows: [
      ['a', 'c', 101],
      ['a', 'ms', 101],
    ],
    ignored: 3,
  });
});

it('lines that come a second after the first one of a bar begin the next', () => {
  const trendOf = (second: number): readonly number[] | undefined =>
    rows(
      'statsd',
      [
        [1, 'a:1|c'],
        [second, 'a:2|c'],
      ],
      3,
    )[0]?.trend;
  expect([trendOf(1.999), trendOf(2)]).toEqual([[3], [1, 2]]);
});
