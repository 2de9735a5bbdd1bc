// Tags longer than the server reads whole are cut as the server would cut them: a long label must not cost the counts.

import type { Dialect } from '../dialects/dialect.js';
import { lineSyntaxOf } from '../lines/line-syntax.js';
import type { Tag } from './tags.js';

/**
 * Graphite stores a series as a file, with a folder per segment of its name: NAME_MAX of Linux file systems, less the
 * `.wsp` that carbon's lib/carbon/database.py appends to the last.
 */
const MAX_SEGMENT_BYTES = 251;

/** UTF-8 needs up to three bytes for each UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

/** Whether the server reads the tag whole. */
export function isWholeTag(key: string, value: string, dialect: Dialect): boolean {
  const { tagPlace, assign } = lineSyntaxOf(dialect);
  return (
    key.length + assign.length + value.length <= dialect.limits.tagLength &&
    (tagPlace !== 'folded' || (isWholeSegment(key) && isWholeSegment(value)))
  );
}

/** The tags with values cut to what the server reads; the same list when all are whole. */
export function shortenTags(tags: readonly Tag[], dialect: Dialect): readonly Tag[] {
  if (tags.every(([key, value]) => isWholeTag(key, value, dialect))) return tags;
  return tags.flatMap(([key, value]) => {
    const tag = shortenTag(key, value, dialect);
    return tag === undefined ? [] : [tag];
  });
}

/** Undefined when the key alone is too long. */
function shortenTag(key: string, value: string, dialect: Dialect): Tag | undefined {
  const { tagPlace, assign } = lineSyntaxOf(dialect);
  if (tagPlace === 'folded') return [cutToBytes(key), cutToBytes(value)];
  const room = dialect.limits.tagLength - key.length - assign.length;
  return room < 1 ? undefined : [key, cut(value, room)];
}

/** A name with its segments cut to what Graphite stores; the same text when all are whole. */
export function shortenSegments(name: string): string {
  if (isWholeSegment(name)) return name;
  return name.split('.').map(cutToBytes).join('.');
}

/** The tags with their longest values cut to the largest common length that fits; undefined when none does. */
export function shortenUntil(
  tags: readonly Tag[],
  fits: (tags: readonly Tag[]) => boolean,
): readonly Tag[] | undefined {
  const cutTo = (length: number): readonly Tag[] => tags.map(([key, value]) => [key, cut(value, length)]);
  if (!fits(cutTo(1))) return undefined;
  let [enough, tooLong] = [1, Math.max(1, ...tags.map(([, value]) => value.length))];
  while (tooLong - enough > 1) {
    const middle = Math.floor((enough + tooLong) / 2);
    if (fits(cutTo(middle))) enough = middle;
    else tooLong = middle;
  }
  return cutTo(enough);
}

function isWholeSegment(text: string): boolean {
  return (
    text.length * MAX_BYTES_PER_UNIT <= MAX_SEGMENT_BYTES || encoder.encode(text).length <= MAX_SEGMENT_BYTES
  );
}

function cutToBytes(text: string): string {
  const bytes = new Uint8Array(MAX_SEGMENT_BYTES);
  return text.slice(0, encoder.encodeInto(text, bytes).read);
}

/** Not in the middle of a character of two code units. One that has no room at all becomes `_`: no value is empty. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(length - 1));
  if (isSplit && length === 1) return '_';
  return text.slice(0, isSplit ? length - 1 : length);
}
