import { expect, it } from 'vitest';
import { ProblemError, UsageError } from '../../../src/cli/shared/io.js';

it('errors of commands have their names', () => {
  expect([String(new UsageError('a')), String(new ProblemError('b'))]).toEqual([
    'UsageError: a',
    'ProblemError: b',
  ]);
});
