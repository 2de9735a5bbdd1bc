// Whether name and tags can be told from a series' identity: if so, different names and tags are different series.

import type { Dialect } from '../dialects/dialect.js';
import { lineSyntaxOf } from '../lines/line-syntax.js';
import { foldName } from '../lines/series-text.js';

/**
 * True when a mark of the syntax ends a name, key or value of a dialect that cannot have that character. A name may
 * have the dot that begins its tags: ExportNames compares such names.
 */
export function isIdentityUnambiguous(dialect: Dialect): boolean {
  const { illegal, nameCollisions } = dialect;
  const { tagPlace, beforeTags, assign, separator } = lineSyntaxOf(dialect);
  if (beforeTags === '' || assign === '' || separator === '') return false;
  const marks = beforeTags + assign + separator;
  if (tagPlace === 'folded' && foldName(marks, nameCollisions) !== marks) return false;
  return (
    (beforeTags.startsWith('.') || isReplaced(beforeTags, illegal.name)) &&
    isReplaced(assign, illegal.tagKey) &&
    isReplaced(separator, illegal.tagValue)
  );
}

/** Whether the first character of a mark does not occur where it is illegal. */
function isReplaced(mark: string, illegal: RegExp): boolean {
  const character = String.fromCodePoint(mark.codePointAt(0) ?? 0);
  return !`a${character}a`.replace(illegal, '_').includes(character);
}
