// The numbers that the servers of a dialect take as they are; all others need the slow path.

import type { Dialect } from '../dialects/dialect.js';
import type { FastPathKind } from './line-template.js';

/** Both limits are excluded. */
export interface NumberRange {
  readonly above: number;
  readonly below: number;
  readonly isWhole: boolean;
}

export function numberRangesOf({
  counterDecimals,
  limits,
  negativeGauge,
}: Dialect): Record<FastPathKind, NumberRange> {
  return {
    // Nothing is between 0 and the number next to it, so that 0 is within the range.
    counter: { below: limits.counter, above: -Number.MIN_VALUE, isWhole: counterDecimals !== Infinity },
    gauge: {
      below: limits.gauge,
      above: negativeGauge === 'absolute' ? -limits.gauge : -Number.MIN_VALUE,
      isWhole: false,
    },
  };
}
