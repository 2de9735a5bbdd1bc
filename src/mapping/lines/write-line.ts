// Counters and gauges of one series as lines.

import type { MetricContext } from '../metric-context.js';
import { formatNumber } from '../numbers/format-number.js';
import type { LineSyntax } from './line-syntax.js';
import type { SeriesText } from './series-text.js';

export function writeCounter(series: SeriesText, value: number, context: MetricContext): void {
  const { report, sink, state, metric, syntax } = context;
  const { dialect } = context.options;
  // Too large a number for the unit of the line.
  if (!Number.isFinite(value)) return report.drop('out_of_range', metric);
  const countable = state.fractions.take(series.identity, value, dialect.counterDecimals);
  // A zero adds nothing on any server, and observable counters repeat it every cycle.
  if (countable === 0) return;
  const second = series.stamp?.second;
  // The server keeps the last value of a second, so that one is sent as the sum of all.
  const sent =
    second === undefined ? countable : state.perSecondTotals.add(series.identity, second, countable);
  if (Math.abs(sent) >= dialect.limits.counter || (sent < 0 && !dialect.negativeCounter)) {
    return report.drop('out_of_range', metric);
  }
  const kind = second === undefined ? 'additive' : 'idempotent';
  sink.write(lineOf(series, sent, 'counter', syntax), 1, kind);
}

export function writeGauge(series: SeriesText, value: number, context: MetricContext): void {
  const { sink, syntax } = context;
  const { limits, negativeGauge } = context.options.dialect;
  if (Math.abs(value) >= limits.gauge) return context.report.drop('out_of_range', context.metric);
  context.state.gaugeCollisions.note(series, context.metric, context.report);
  const last = lineOf(series, value, 'gauge', syntax);
  if (value >= 0 || negativeGauge === 'absolute') {
    sink.write(last, 1, 'idempotent');
  } else if (negativeGauge === 'zero-first') {
    sink.write(lineOf(series, 0, 'gauge', syntax) + last, 2, 'idempotent');
  } else {
    const zero = `${syntax.beforeNumber}0${syntax.afterNumber.gauge}`;
    sink.write(`${series.head}${zero}${last.slice(series.head.length)}`, 1, 'idempotent');
  }
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
