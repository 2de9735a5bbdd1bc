// Lines longer than the server reads whole are not sent: a line that the server cuts has another value.

import type { Dialect } from '../dialects/dialect.js';
import { PointDropped } from '../report.js';
import { lineSyntaxOf } from './line-syntax.js';
import type { SeriesText } from './series-text.js';

/**
 * Room for everything in a line except name and tags: at most 327 characters of the smallest number, `-0.000…`, 5 more
 * for `:0|g`, and type and sample rate.
 */
export const VALUE_BYTES = 384;

/** UTF-8 needs up to three bytes for each UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;

/** Room for value, type and rate of nearly all lines; `checkLineBytes` is exact. */
const USUAL_VALUE_BYTES = 64;

/** Whether the tags leave the name and a line with a value of the usual length whole. */
export function isWholeSeries({ head, tail }: SeriesText, dialect: Dialect): boolean {
  return isWholeName(head, dialect) && isWholeLine(head + tail, dialect);
}

/** Throws PointDropped when a name, with the tags that are folded into it, is longer than the server keeps. */
export function checkName(name: string, { head }: SeriesText, dialect: Dialect): void {
  if (name.length > dialect.limits.nameLength || !isWholeName(head, dialect))
    throw new PointDropped('too_long');
}

function isWholeName(head: string, dialect: Dialect): boolean {
  return lineSyntaxOf(dialect).tagPlace !== 'folded' || head.length <= dialect.limits.nameLength;
}

function isWholeLine(text: string, { limits }: Dialect): boolean {
  const room = limits.lineBytes - USUAL_VALUE_BYTES;
  return text.length * MAX_BYTES_PER_UNIT <= room || utf8Length(text) <= room;
}

/** Throws PointDropped when a line, without its newline, is longer than the server reads whole. */
export function checkLineBytes(line: string, lineBytes: number): void {
  if (line.length * MAX_BYTES_PER_UNIT > lineBytes && utf8Length(line) - 1 > lineBytes) {
    throw new PointDropped('too_long');
  }
}

const encoder = new TextEncoder();

function utf8Length(text: string): number {
  return encoder.encode(text).length;
}
