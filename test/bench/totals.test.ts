// The benchmarks' check that no contender skips work: incomplete output must be an error.
import { expect, test } from 'vitest';
import { load } from './load.js';

const { difference, StatsdTotals } = await load('lib/totals.js');

const lines = Buffer.from('a.b:1|c|#route:/x\nsmörgås:2.5|g\nc:-4|g|#é:ü\n');
const complete = { points: 3, sum: -0.5 };

test('lines are added up however a stream cuts them', () => {
  const everyCut = Array.from({ length: lines.length + 1 }, (_, cut) => {
    const totals = new StatsdTotals();
    totals.addPiece(lines.subarray(0, cut));
    totals.addPiece(lines.subarray(cut));
    return totals.totals;
  });
  expect(everyCut).toEqual(everyCut.map(() => complete));

  const byteByByte = new StatsdTotals();
  for (const byte of lines) byteByByte.addPiece(Buffer.of(byte));
  expect(byteByByte.totals).toEqual(complete);
});

test('the last line of a datagram needs no newline', () => {
  const totals = new StatsdTotals();
  totals.addWhole(lines.subarray(0, -1));
  expect(totals.totals).toEqual(complete);
});

test('what is no line is not counted', () => {
  const totals = new StatsdTotals();
  totals.addWhole(Buffer.from('\nnonsense\nname:5\na:1|c\n'));
  expect(totals.totals).toEqual({ points: 1, sum: 1 });
});

test.each([
  ['everything', { points: 3, sum: 0.1 + 0.2 }, ''],
  ['a point less', { points: 2, sum: 0.3 }, '2 of 3 points'],
  ['another value', { points: 3, sum: 0.301 }, 'values add up to 0.301 instead of 0.3'],
])('the difference to what was expected is told: %s', (_, actual, text) => {
  expect(difference(actual, { points: 3, sum: 0.3 })).toBe(text);
});
