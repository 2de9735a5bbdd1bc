import { expect, it } from 'vitest';
import { StepBudget } from '../../src/mapping/step-budget.js';

it('a step ends with 256 units of work or more, and the next begins anew', () => {
  const budget = new StepBudget();
  const ends = [255, 1, 256, 200, 300, 255].map((points) => budget.consume(points));
  expect([ends, budget.left]).toEqual([[false, true, true, false, true, false], 1]);
});
