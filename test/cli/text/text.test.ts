import { describe, expect, it } from 'vitest';
import { duration, shortNumber, shortRate } from '../../../src/cli/text/numbers.js';
import { sparkline } from '../../../src/cli/text/sparkline.js';
import { type Column, cut, cutEnd, tableLines } from '../../../src/cli/text/table.js';

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
    [Number.NaN, 'NaN'],
  ])('%d is %s', (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });

  it.each<[number, string]>([
    [0.1234, '0.12'],
    [9.876, '9.88'],
    [12.345, '12.3'],
    [4567.8, '4,568'],
  ])('%d per second is %s', (value, text) => {
    expect(shortRate(value)).toBe(text);
  });

  it('of time look like a clock', () => {
    expect([0, 7_999, 754_000, 3_723_000].map(duration)).toEqual(['0:00', '0:07', '12:34', '1:02:03']);
  });
});

describe('a sparkline', () => {
  it('draws the last values between the least and the largest, and leaves gaps', () => {
    expect(sparkline([9, 0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([5, Number.NaN, 10], 8)).toBe('▁ █');
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

describe('text that must fit', () => {
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
