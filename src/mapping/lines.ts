// From series and value to text. A "group" is one or more whole lines, each ended by a newline, that the
// server must get together and in this order.

import type { Dialect } from './dialects/dialect.js';
import { formatNumber } from './numbers.js';
import { type Tag, tagSection } from './tags.js';

/**
 * `additive`: counters and samples, which a server adds up, so that repeating one counts it twice.
 * `idempotent`: absolute gauges, which may be repeated safely.
 */
export type LineKind = 'additive' | 'idempotent';

/** Takes groups of lines; `lines` is how many lines the text holds. */
export interface LineSink {
  write(text: string, lines: number, kind: LineKind): void;
}

/** One name and tag set, rendered: `head` stands before the colon, `tail` after the type. */
export interface SeriesText {
  readonly head: string;
  readonly tail: string;
}

export function seriesText(name: string, tags: readonly Tag[], syntax: Dialect['tags']): SeriesText {
  const section = tagSection(tags, syntax);
  return syntax.place === 'name' ? { head: name + section, tail: '' } : { head: name, tail: section };
}

export function writeCounter(series: SeriesText, value: number, dialect: Dialect, sink: LineSink): void {
  // A zero adds nothing on any server, and observable counters repeat it every cycle.
  if (value === 0) return;
  sink.write(`${series.head}:${formatNumber(value)}|${dialect.types.counter}${series.tail}\n`, 1, 'additive');
}

export function writeGauge(series: SeriesText, value: number, dialect: Dialect, sink: LineSink): void {
  const type = dialect.types.gauge;
  const line = `${series.head}:${formatNumber(value)}|${type}${series.tail}\n`;
  if (value < 0 && dialect.negativeGauge === 'zero-first') {
    sink.write(`${series.head}:0|${type}${series.tail}\n${line}`, 2, 'idempotent');
  } else {
    sink.write(line, 1, 'idempotent');
  }
}
