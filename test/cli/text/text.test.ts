import { describe, expect, it } from 'vitest';
import type { Output } from '../../../src/cli/shared/io.js';
import { duration, shortNumber, shortRate } from '../../../src/cli/text/numbers.js';
import { sparkline } from '../../../src/cli/text/sparkline.js';
import { styleOf } from '../../../src/cli/text/style.js';
import { type Column, cut, cutEnd, naturalWidth, tableLines } from '../../../src/cli/text/table.js';

describe('short numbers', () => {
  it.each<[number, string]>([
    [0, '0'],
    [-5, '-5'],
    [0.25, '0.25'],
    [133.404, '133.4'],
    [999, '999'],
    [1234, '1,234'],
    [-9_999.6, '-10,000'],
    [1_000_000, '1M'],
    [12_345_678, '12.35M'],
    [-3e9, '-3G'],
    [4.5e12, '4.5T'],
    [1e15, '1.00e+15'],
    [0.00012, '1.2e-4'],
    [-0.00012, '-1.2e-4'],
    [0.001, '0.001'],
    [999_999, '999,999'],
    [1_000.4, '1,000'],
    [1e9, '1G'],
    [999_999_999, '1000M'],
    [1e12, '1T'],
    [1_500_000, '1.5M'],
    [100e6, '100M'],
    [999.99e12, '999.99T'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [Number.NaN, 'NaN'],
  ])('%d is %s', (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });

  it.each<[number, string]>([
    [0.1234, '0.12'],
    [9.876, '9.88'],
    [12.345, '12.3'],
    [4567.8, '4,568'],
    [0.004, '0'],
    [9.995, '10'],
    [10, '10'],
    [999.96, '1,000'],
    [1_000, '1,000'],
    [2_500_000, '2.5M'],
    [-1_234.5, '-1,234'],
    [-12.345, '-12.35'],
  ])('%d per second is %s', (value, text) => {
    expect(shortRate(value)).toBe(text);
  });

  it('of time look like a clock', () => {
    expect([0, 7_999, 754_000, 3_599_999, 3_600_000, 3_723_000, 90_000_000].map(duration)).toEqual([
      ...['0:00', '0:07', '12:34', '59:59', '1:00:00', '1:02:03', '25:00:00'],
    ]);
  });
});

describe('a sparkline', () => {
  it('draws the last values between the least and the largest, and leaves gaps', () => {
    expect(sparkline([9, 0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([5, Number.NaN, 10], 8)).toBe('▁ █');
  });

  it('is empty where no value can be drawn', () => {
    expect(sparkline([Number.NaN, Infinity], 8)).toBe('');
  });

  it('begins at a floor when there is one, and draws what never changes low', () => {
    expect([sparkline([7, 14], 8, 0), sparkline([3, 3], 8), sparkline([], 8)]).toEqual(['▅█', '▁▁', '']);
  });
});

describe('a table', () => {
  const columns: Column[] = [
    { title: 'NAME', align: 'left' },
    { title: 'N', align: 'right' },
    { title: 'WHAT', align: 'left' },
  ];
  const rows = [
    ['a', '10', 'x'],
    ['a.rather.long.name.that.goes.on.and.on', '7', 'yy'],
  ];

  it('is as wide as it needs to be', () => {
    expect(tableLines(columns, rows, Infinity)).toEqual([
      'NAME                                     N  WHAT',
      'a                                       10  x',
      'a.rather.long.name.that.goes.on.and.on   7  yy',
    ]);
  });

  it('may have rows with fewer cells than columns', () => {
    expect(tableLines(columns, [[], ['a']], Infinity)).toEqual(['NAME  N  WHAT', '', 'a']);
  });

  it('cuts the first column in a narrow window, then leaves out others from the right', () => {
    expect(tableLines(columns, rows, 36)).toEqual([
      'NAME                         N  WHAT',
      'a                           10  x',
      'a.rather.long…es.on.and.on   7  yy',
    ]);
    expect(tableLines(columns, rows, 30)).toEqual([
      'NAME                         N',
      'a                           10',
      'a.rather.long…es.on.and.on   7',
    ]);
    expect(tableLines(columns, rows, 10)).toEqual(['NAME', 'a', 'a.rat…d.on']);
  });
});

describe('the width of a table', () => {
  const columns: Column[] = [
    { title: 'NAME', align: 'left' },
    { title: 'COUNT', align: 'right' },
  ];

  it('is that of its longest cells or titles, with gaps of two', () => {
    expect([naturalWidth(columns, []), naturalWidth(columns, [['a.longer', '1234567']])]).toEqual([
      4 + 2 + 5,
      8 + 2 + 7,
    ]);
    expect(naturalWidth(columns, [['é🎉'.repeat(4), '1']])).toBe(8 + 2 + 5);
    expect(naturalWidth([], [])).toBe(0);
  });

  it('has 200 characters for the first column at most', () => {
    const rows = [['x'.repeat(201), '1']];
    expect(naturalWidth(columns, rows)).toBe(200 + 2 + 5);
    expect(tableLines(columns, rows, Infinity)[1]).toBe(`${cut('x'.repeat(201), 200)}      1`);
  });

  it('leaves out a column that would make the first narrower than 24 characters', () => {
    const rows = [['x'.repeat(30), '1']];
    expect(tableLines(columns, rows, 24 + 7)).toEqual([
      `NAME${' '.repeat(20)}  COUNT`,
      `${cut('x'.repeat(30), 24)}      1`,
    ]);
    expect(tableLines(columns, rows, 24 + 6)).toEqual(['NAME', 'x'.repeat(30)]);
    expect(tableLines(columns, [['short', '1']], 12)).toEqual(['NAME   COUNT', 'short      1']);
    expect(tableLines(columns, rows, 0)).toEqual(['…', '…']);
  });

  it('is asked for the first cells, which may be fewer than rows', () => {
    const rooms: number[] = [];
    const lines = tableLines(columns, [['a', '1'], ['b']], Infinity, (room) => {
      rooms.push(room);
      return ['A'];
    });
    expect([lines, rooms]).toEqual([['NAME  COUNT', 'A         1', ''], [4]]);
  });
});

describe('a style', () => {
  it('has colours on terminals alone, and none for an empty text', () => {
    const output = (hasColour: boolean) => ({ hasColour }) as Output;
    expect([
      styleOf(output(true))('red', 'a'),
      styleOf(output(true))('red', ''),
      styleOf(output(false))('red', 'a'),
    ]).toEqual(['\u001b[31ma\u001b[39m', '', 'a']);
  });
});

describe('text that must fit', () => {
  it('is whole when it has as many characters as there is room, and has an ellipsis when it has more', () => {
    expect([
      ...[cut('abcd', 4), cut('abcd', 3), cut('abcd', 2), cut('🎉🎉🎉', 3), cut('🎉🎉🎉🎉', 3)],
      ...[cutEnd('abcd', 4), cutEnd('abcd', 3), cutEnd('abcd', 1), cutEnd('abcd', 0), cutEnd('🎉🎉', 2)],
    ]).toEqual([...['abcd', 'a…d', 'a…', '🎉🎉🎉', '🎉…🎉'], ...['abcd', 'ab…', '…', '…', '🎉🎉']]);
  });

  it('is cut in the middle or at its end', () => {
    expect([cut('abcdefgh', 5), cut('abc', 3), cut('abc', 1), cut('abc', 0), cutEnd('abcdef', 4)]).toEqual([
      'ab…gh',
      'abc',
      '…',
      '',
      'abc…',
    ]);
  });
});
