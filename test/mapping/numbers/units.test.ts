import { expect, test } from 'vitest';
import { millisecondsPer } from '../../../src/mapping/numbers/units.js';

test.each([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['min', 60_000],
  ['h', 3_600_000],
])('one %s is %d milliseconds', (unit, milliseconds) => {
  expect(millisecondsPer(unit)).toBe(milliseconds);
});

test.each(['', '1', 'By', '{request}', 'S', 'sec', 'd', '%', '__proto__', 'constructor'])(
  'the unit %j is no time',
  (unit) => {
    expect(millisecondsPer(unit)).toBeUndefined();
  },
);
