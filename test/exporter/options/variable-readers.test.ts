import { expect, it } from 'vitest';
import { commaList, flag, pairs, wholeNumber } from '../../../src/exporter/options/variable-readers.js';

const noReject = (): never => {
  throw new Error('unexpected');
};

it.each([
  ['81', 81],
  ['0', 0],
  ['81z25', Number.NaN],
  ['z81', Number.NaN],
  ['0x1F', Number.NaN],
  ['1e3', Number.NaN],
  ['1.5', Number.NaN],
  ['-1', Number.NaN],
])('as a whole number, %j is %d', (text, value) => {
  expect(wholeNumber.read(text, noReject)).toBe(value);
});

it.each<[boolean | undefined, string[]]>([
  [true, ['yes', 'y', 'TRUE', 't', 'on', '1', '+10', '-25']],
  [false, ['no', 'n', 'False', 'f', 'off', '0', '-0', '00']],
  [undefined, ['', 'oyes', 'yesno', 'onward', 'nope', 'info', 'offset', 'x1', '1x', '1.5']],
])('as a flag, %s is written as %j', (value, texts) => {
  expect(texts.map((text) => [text, flag.read(text, noReject)])).toEqual(texts.map((text) => [text, value]));
});

it('a list is written with commas; spaces around its items and empty ones do not count', () => {
  expect([commaList.read(' a, b c ,,', noReject), commaList.format]).toEqual([
    ['a', 'b c'],
    'as a list with commas',
  ]);
});

it('pairs without a key or a value are left out and told without the spaces around them', () => {
  const rejected: unknown[] = [];
  const reader = pairs(',', '=', 'as a list of key=value with commas');
  const read = reader.read(' a = 1 ,b, c= , =2,,d=e=f,__proto__=3', (...told) => rejected.push(told));
  expect({ read: Object.entries(read as object), rejected, format: reader.format }).toEqual({
    read: [
      ['a', '1'],
      ['d', 'e=f'],
      ['__proto__', '3'],
    ],
    rejected: [
      ['b', 'key=value'],
      ['c=', 'key=value'],
      ['=2', 'key=value'],
    ],
    format: 'as a list of key=value with commas',
  });
});
