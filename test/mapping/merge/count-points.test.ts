import { expect, it } from 'vitest';
import { countPoints } from '../../../src/mapping/merge/count-points.js';
import { batchOf, counter, gauge, point } from '../../support/mapping.js';

it('countPoints counts the points of all metrics of all scopes', () => {
  const one = batchOf([counter([point(1), point(2)]), gauge([point(3)]), gauge([])]);
  const other = batchOf([counter([point(1)])]);
  expect([
    countPoints(one),
    countPoints({ scopeMetrics: [...one.scopeMetrics, ...other.scopeMetrics] }),
    countPoints({ scopeMetrics: [] }),
  ]).toEqual([3, 4, 0]);
});
