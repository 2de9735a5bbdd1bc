import { expect, it } from 'vitest';
import { expectBoolean, expectString } from '../../../src/exporter/options/checks.js';
import {
  asText,
  commaList,
  flag,
  member,
  pairs,
  wholeNumber,
  word,
} from '../../../src/exporter/options/variable-readers.js';

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
  const read = reader.read(' a = 1 ,bc, c= , =2,,d=e=f,__proto__=3', (...told) => rejected.push(told));
  expect({ read: Object.entries(read as object), rejected, format: reader.format }).toEqual({
    read: [
      ['a', '1'],
      ['d', 'e=f'],
      ['__proto__', '3'],
    ],
    rejected: [
      ['bc', 'key=value'],
      ['c=', 'key=value'],
      ['=2', 'key=value'],
    ],
    format: 'as a list of key=value with commas',
  });
});

it('a text is taken as it is', () => {
  expect(asText.read(' A=b ', noReject)).toBe(' A=b ');
});

it('a word is taken in lower case, and then has a check of its own', () => {
  const reader = word(expectString);
  expect([reader.read('Etsy', noReject), reader.check]).toEqual(['etsy', expectString]);
});

it('a flag is checked as a boolean', () => {
  expect(flag.check).toBe(expectBoolean);
});

it('a member is an object with the text, prepared if that is wanted', () => {
  expect([
    member('endpoint').read('A', noReject),
    member('endpoint', (text) => `udp://${text}`).read('A', noReject),
  ]).toEqual([{ endpoint: 'A' }, { endpoint: 'udp://A' }]);
});
