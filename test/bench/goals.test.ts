import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Goal, load } from './load.js';

const { goalTable } = await load('lib/goals.js');

const goals: Goal[] = [
  { what: 'lines', figure: 'lines.ratio', least: 20, unit: '×' },
  { what: 'hold', figure: 'loop.hold', most: 3, unit: 'ms' },
];
const limits: [Goal, number | null, string, string][] = [
  [goals[0]!, 19.99, '20.0 ×', 'no'],
  [goals[0]!, 20, '20.0 ×', 'yes'],
  [goals[1]!, 3, '3.00 ms', 'yes'],
  [goals[1]!, 3.001, '3.00 ms', 'no'],
  [goals[1]!, null, '–', 'no'],
  [goals[0]!, Number.NaN, '–', 'no'],
];

test.each(limits)('a goal is met at its limit and not beyond: %o with %s', (goal, value, measured, met) => {
  const { rows } = goalTable([goal], [{ figures: { [goal.figure]: value } }], { isComplete: true });
  expect(rows.map((row) => row.slice(2))).toEqual([[measured, met]]);
});

test('goals are listed in their order, with limit and figure, whichever section measured them', () => {
  const results = [{ figures: { 'loop.hold': 4 } }, { figures: { 'lines.ratio': 21, 'no.goal': 1 } }];
  expect(goalTable(goals, results, { isComplete: true })).toEqual({
    title: 'Goals',
    head: ['', 'goal', 'measured', 'met'],
    rows: [
      ['lines', '≥ 20 ×', '21.0 ×', 'yes'],
      ['hold', '≤ 3 ms', '4.00 ms', 'no'],
    ],
  });
});

test('a run of some sections lists their goals alone, and a full run must measure every goal', () => {
  const results = [{ figures: { 'loop.hold': 2 } }];
  const { rows } = goalTable(goals, results, { isComplete: false });
  expect(rows.map(([what]) => what)).toEqual(['hold']);
  expect(() => goalTable(goals, results, { isComplete: true })).toThrow('no section measures lines.ratio');
});

test('a goal with no limit or two limits is an error', () => {
  const results = [{ figures: { a: 1 } }];
  const table = (limit: object) =>
    goalTable([{ what: 'a', figure: 'a', unit: 'ms', ...limit }], results, { isComplete: true });
  expect(() => table({})).toThrow('a needs either least or most');
  expect(() => table({ least: 1, most: 2 })).toThrow('a needs either least or most');
});

test('each goal of goals.json has one limit and a figure of its own', () => {
  const file = new URL('../../bench/goals.json', import.meta.url);
  const all = JSON.parse(readFileSync(file, 'utf8')) as Goal[];
  const figures = all.map(({ figure }) => figure);
  expect(new Set(figures).size).toBe(figures.length);
  const measured = { figures: Object.fromEntries(figures.map((figure) => [figure, 1])) };
  expect(goalTable(all, [measured], { isComplete: true }).rows).toHaveLength(all.length);
});
