import { expect, test } from 'vitest';
import { load } from './load.js';

const { markdownTable, plainTable } = await load('lib/table.js');
const { rotated } = await load('lib/interleave.js');

const table = {
  title: 'Time, in ns',
  head: ['', 'CPU', 'ratio'],
  rows: [
    ['a', '1,234', '–'],
    ['one|two', '5', '2.00 ×'],
  ],
  note: 'Medians.',
};

test('a table for the terminal has its figures in columns that end together', () => {
  expect(plainTable(table).split('\n')).toEqual([
    '  Time, in ns',
    '',
    '              CPU    ratio',
    '  ────────────────────────',
    '  a         1,234        –',
    '  one|two       5   2.00 ×',
    '',
    '  Medians.',
  ]);
});

test('a table for the page keeps a bar in a cell from ending it', () => {
  expect(markdownTable(table).split('\n')).toEqual([
    '|  | CPU | ratio |',
    '| --- | ---: | ---: |',
    '| a | 1,234 | – |',
    '| one\\|two | 5 | 2.00 × |',
  ]);
});

test('every contender has the first turn once in as many rounds as there are contenders', () => {
  expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round))).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c', 'a'],
    ['c', 'a', 'b'],
    ['a', 'b', 'c'],
  ]);
});
