// From series and value to text. A "group" is one or more whole lines, each ended by a newline, that the
// server must get together and in this order.

import type { MetricContext } from '../context.js';
import type { Dialect } from '../dialects/dialect.js';
import { formatNumber } from '../numbers/format-number.js';
import { type Tag, tagSection } from '../tags/tags.js';

/**
 * `additive`: counters and samples, which a server adds up, so that repeating one counts it twice.
 * `idempotent`: absolute gauges and stamped lines, which may be repeated safely.
 */
export type LineKind = 'additive' | 'idempotent';

/** Takes groups of lines. */
export interface LineSink {
  /** `lines` is how many lines the text holds. */
  write(text: string, lines: number, kind: LineKind): void;
  /** Where lines of a kind may be written as bytes; a sink that has no such place gets text alone. */
  bytes?(kind: LineKind): LineBuffer;
}

/** Bytes of a sink, for whoever writes whole lines in place. */
export interface LineBuffer {
  /** Both of the same memory, which `reserve` may exchange. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the next line begins. */
  readonly position: number;
  /** So many bytes, and up to 8 more than the line needs, may be written from `position` on. */
  reserve(bytes: number): void;
  /** What stands between `position` and `end` is a line. */
  commit(end: number): void;
}

/** One name and tag set, rendered. */
export interface SeriesText {
  /** Stands before the value: the name, with the tags that belong to it. */
  readonly head: string;
  /** Tags and fields that stand after the type and the sample rate. */
  readonly tail: string;
  /** What ends the line of a counter or gauge that says when it was measured. */
  readonly stamp: Stamp | undefined;
  /** Equal for two series that the server does not tell apart. */
  readonly identity: string;
}

export interface Stamp {
  readonly text: string;
  /** Undefined when it is the time of arrival. */
  readonly second: number | undefined;
}

export function seriesText(
  name: string,
  tags: readonly Tag[],
  dialect: Dialect,
  stamp?: Stamp | undefined,
  fields = '',
): SeriesText {
  const { tags: syntax } = dialect;
  const section = tagSection(tags, syntax);
  const identity = identityOf(name, section, tags, dialect);
  return syntax.place === 'end'
    ? { head: name, tail: section + fields, stamp, identity }
    : { head: name + section, tail: '', stamp, identity };
}

/** Piece by piece, as it is hashed where lines are written as bytes. */
function identityOf(
  name: string,
  section: string,
  tags: readonly Tag[],
  { tags: syntax, nameCollisions }: Dialect,
): string {
  if (syntax.place !== 'folded') return foldName(name, nameCollisions) + section;
  const fold = (text: string): string => foldName(text, nameCollisions);
  if (tags.length === 0) return fold(name);
  const pieces = tags.map(([key, value]) => fold(key + syntax.assign + value));
  return fold(name + syntax.open) + pieces.join(fold(syntax.separator)) + fold(syntax.close);
}

/** What stands for all names that are one to the server. */
export function foldName(
  name: string,
  { ignoreCase, equivalentCharacters }: Dialect['nameCollisions'],
): string {
  const folded = ignoreCase ? name.toLowerCase() : name;
  return equivalentCharacters === undefined ? folded : folded.split(equivalentCharacters).join('_');
}

export function writeCounter(series: SeriesText, value: number, context: MetricContext): void {
  const { report, sink, state, metric } = context;
  const { dialect } = context.options;
  const countable = state.remainders.take(series.identity, value, dialect.counterDecimals);
  // A zero adds nothing on any server, and observable counters repeat it every cycle.
  if (countable === 0) return;
  const second = series.stamp?.second;
  // Of two values for one second the server keeps the later, which therefore holds both.
  const sent = second === undefined ? countable : state.secondTotals.add(series.identity, second, countable);
  if (Math.abs(sent) >= dialect.limits.counter || (sent < 0 && !dialect.negativeCounter)) {
    return report.drop('out_of_range', metric);
  }
  const kind = second === undefined ? 'additive' : 'idempotent';
  sink.write(`${lineOf(series, sent, dialect.types.counter, dialect)}\n`, 1, kind);
}

export function writeGauge(series: SeriesText, value: number, context: MetricContext): void {
  const { dialect } = context.options;
  if (Math.abs(value) >= dialect.limits.gauge) return context.report.drop('out_of_range', context.metric);
  context.state.gaugesSent.note(series, context);
  const type = dialect.types.gauge;
  const last = `${lineOf(series, value, type, dialect)}\n`;
  if (value >= 0 || dialect.negativeGauge === 'absolute') {
    context.sink.write(last, 1, 'idempotent');
  } else if (dialect.negativeGauge === 'zero-first') {
    context.sink.write(`${lineOf(series, 0, type, dialect)}\n${last}`, 2, 'idempotent');
  } else {
    context.sink.write(`${series.head}:0|${type}${last.slice(series.head.length)}`, 1, 'idempotent');
  }
}

/** Without its newline. */
function lineOf({ head, tail, stamp }: SeriesText, value: number, type: string, { line }: Dialect): string {
  const end = stamp === undefined ? '' : stamp.text;
  return line === 'statsd'
    ? `${head}:${formatNumber(value)}|${type}${tail}${end}`
    : `${head} ${formatNumber(value)}${end}`;
}
