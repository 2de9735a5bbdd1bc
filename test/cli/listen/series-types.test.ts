import { expect, it } from 'vitest';
import { isTiming } from '../../../src/cli/listen/series-types.js';

it('timers, histograms and distributions are timings', () => {
  expect(['c', 'g', 'ms', 'h', 'd', 's', ''].filter(isTiming)).toEqual(['ms', 'h', 'd']);
});
