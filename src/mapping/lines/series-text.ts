// The text of a series: what its lines have before and after the value.

import type { Dialect } from '../dialects/dialect.js';
import type { Tag } from '../tags/tags.js';
import { type LineSyntax, lineSyntaxOf } from './line-syntax.js';

/** One name and tag set, rendered. */
export interface SeriesText {
  /** The text before the value: the name, with tags in or after it. */
  readonly head: string;
  /** Tags and fields after the type and the sample rate. */
  readonly tail: string;
  /** The time at the end of a counter's or gauge's line. */
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
  const syntax = lineSyntaxOf(dialect);
  const section = tagSection(tags, syntax);
  const identity = identityOf(name, section, tags, syntax, dialect.nameCollisions);
  return syntax.tagPlace === 'end'
    ? { head: name, tail: section + fields, stamp, identity }
    : { head: name + section, tail: '', stamp, identity };
}

/** All tags of a line with the text around them; empty without tags. */
export function tagSection(
  tags: readonly Tag[],
  { beforeTags, assign, separator, afterTags }: LineSyntax,
): string {
  if (tags.length === 0) return '';
  let section = beforeTags;
  let before = '';
  for (const [key, value] of tags) {
    section += before + key + assign + value;
    before = separator;
  }
  return section + afterTags;
}

/** Piece by piece, as the fast path hashes it (fast-path/series-hash.ts). */
function identityOf(
  name: string,
  section: string,
  tags: readonly Tag[],
  { tagPlace, beforeTags, assign, separator, afterTags }: LineSyntax,
  nameCollisions: Dialect['nameCollisions'],
): string {
  if (tagPlace !== 'folded') return foldName(name, nameCollisions) + section;
  const fold = (text: string): string => foldName(text, nameCollisions);
  if (tags.length === 0) return fold(name);
  const pieces = tags.map(([key, value]) => fold(key + assign + value));
  return fold(name + beforeTags) + pieces.join(fold(separator)) + fold(afterTags);
}

/** Equal for all names that are one to the server. */
export function foldName(
  name: string,
  { ignoreCase, equivalentCharacters }: Dialect['nameCollisions'],
): string {
  const folded = ignoreCase ? name.toLowerCase() : name;
  return equivalentCharacters === undefined ? folded : folded.split(equivalentCharacters).join('_');
}
