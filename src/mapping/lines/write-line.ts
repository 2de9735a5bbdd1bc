// Counters, gauges and members of sets as lines.

import type { MetricContext } from '../metric-context.js';
import { formatNumber } from '../numbers/format-number.js';
import { withoutRoundingNoise } from '../numbers/rounding-noise.js';
import { checkLineBytes } from './check-limits.js';
import type { LineSyntax } from './line-syntax.js';
import type { SeriesText } from './series-text.js';

export function writeCounter(series: SeriesText, value: number, context: MetricContext): void {
  const { report, sink, state, metric, syntax } = context;
  const { dialect } = context.options;
  // The last gate: no text of a number that is not finite reaches a line. A change of unit may overflow.
  if (!Number.isFinite(value))
    return report.drop(Number.isNaN(value) ? 'non_finite' : 'out_of_range', metric);
  const isOutOfRange = (number: number): boolean =>
    Math.abs(number) >= dialect.limits.counter || (number < 0 && !dialect.negativeCounter);
  // Before its fraction is kept, which would be counted later.
  if (isOutOfRange(value)) return report.drop('out_of_range', metric);
  const countable = state.fractions.take(series.identity, value, dialect.counterDecimals);
  // A zero adds nothing on any server, and observable counters repeat it every cycle.
  if (countable === 0) return;
  const second = series.stamp?.second;
  // The server keeps the last value of a second, so that one is sent as the sum of all.
  const sent =
    second === undefined
      ? countable
      : withoutRoundingNoise(state.perSecondTotals.add(series.identity, second, countable));
  if (isOutOfRange(sent)) return report.drop('out_of_range', metric);
  const kind = second === undefined ? 'additive' : 'idempotent';
  const line = lineOf(series, sent, 'counter', syntax);
  checkLineBytes(line, dialect.limits.lineBytes);
  sink.write(line, 1, kind);
}

export function writeGauge(series: SeriesText, value: number, context: MetricContext): void {
  const { metric, report, sink, syntax } = context;
  const { limits, negativeGauge } = context.options.dialect;
  if (!Number.isFinite(value))
    return report.drop(Number.isNaN(value) ? 'non_finite' : 'out_of_range', metric);
  if (Math.abs(value) >= limits.gauge) return report.drop('out_of_range', metric);
  const last = lineOf(series, value, 'gauge', syntax);
  const zero = `${syntax.beforeNumber}0${syntax.afterNumber.gauge}`;
  const isPrefixed = value < 0 && negativeGauge === 'single-line';
  checkLineBytes(isPrefixed ? zero + last : last, limits.lineBytes);
  context.state.gaugeCollisions.note(series, metric, report);
  if (value >= 0 || negativeGauge === 'absolute') {
    sink.write(last, 1, 'idempotent');
  } else if (negativeGauge === 'zero-first') {
    sink.write(lineOf(series, 0, 'gauge', syntax) + last, 2, 'idempotent');
  } else {
    sink.write(`${series.head}${zero}${last.slice(series.head.length)}`, 1, 'idempotent');
  }
}

/** A member may be sent again: the server counts it once per interval. */
export function writeSetMember({ head, tail }: SeriesText, member: string, context: MetricContext): void {
  const { options, sink, syntax } = context;
  const line = `${head}${syntax.beforeNumber}${member}|s${tail}\n`;
  checkLineBytes(line, options.dialect.limits.lineBytes);
  sink.write(line, 1, 'idempotent');
}

function lineOf(
  { head, tail, stamp }: SeriesText,
  value: number,
  kind: 'counter' | 'gauge',
  { beforeNumber, afterNumber }: LineSyntax,
): string {
  const end = stamp === undefined ? '' : stamp.text;
  return `${head}${beforeNumber}${formatNumber(value)}${afterNumber[kind]}${tail}${end}\n`;
}
