// Lines longer than the server reads whole are not sent: a cut line is another series or another value.

import type { Dialect } from '../dialects/dialect.js';
import { PointDropped } from '../report.js';
import type { Tag } from '../tags/tags.js';
import { lineSyntaxOf } from './line-syntax.js';
import type { SeriesText } from './series-text.js';

/**
 * Room for everything in a line except name and tags: at most 327 characters of the smallest number, `-0.000…`, 5 more
 * for `:0|g`, and type and sample rate.
 */
export const VALUE_BYTES = 384;

/** UTF-8 needs up to three bytes for each UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;

/** Throws PointDropped when name or tags exceed what the dialect allows. */
export function checkLimits(
  name: string,
  tags: readonly Tag[],
  { head }: SeriesText,
  dialect: Dialect,
): void {
  const { limits } = dialect;
  const { assign, tagPlace } = lineSyntaxOf(dialect);
  const nameLength = tagPlace === 'folded' ? head.length : name.length;
  if (nameLength > limits.nameLength) throw new PointDropped('too_long');
  if (limits.tagLength < Infinity) {
    for (const [key, value] of tags) {
      if (key.length + assign.length + value.length > limits.tagLength) {
        throw new PointDropped('too_long');
      }
    }
  }
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
