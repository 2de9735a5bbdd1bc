// The time of measurement as the end of a line.

import type { MappingOptions } from '../options.js';
import type { Instant } from '../state/instant.js';
import { lineSyntaxOf } from './line-syntax.js';
import type { Stamp } from './series-text.js';

/** Undefined where the line carries no time. */
export function stampOf(
  endTime: Instant,
  { dialect, timestamps }: Pick<MappingOptions, 'dialect' | 'timestamps'>,
): Stamp | undefined {
  const second = Math.trunc(endTime[0]);
  // Also false for NaN. The Datadog agent drops a line whose time is below 1 (server/impl/parse_metric_samples.go).
  const isKnown = second >= 1;
  const { beforeSecond } = lineSyntaxOf(dialect);
  switch (dialect.timestamps) {
    case 'never':
      return undefined;
    case 'optional':
      return timestamps && isKnown ? { text: `${beforeSecond}${second}`, second } : undefined;
    case 'required':
      // To carbon (lib/carbon/protocols.py) and VictoriaMetrics -1 means the time of arrival.
      return isKnown
        ? { text: `${beforeSecond}${second}`, second }
        : { text: `${beforeSecond}-1`, second: undefined };
  }
}
