// Expressions that several dialects share. V8 compiles them when the package is loaded and takes long for `\p{…}`, so the
// categories whose characters are fixed (Cc, Cs, Zl, Zp) are written as the ranges of all others.

/** Letters and digits of any script, `_`, `.`, `/` and `-` are kept. */
export const EXCEPT_LETTERS_AND_DIGITS = /[^\p{L}\p{N}_./-]/gu;

/** Also matches controls (C0, DEL, C1) and halves of surrogate pairs. */
export function orControls({ source }: RegExp): RegExp {
  return new RegExp(`${source}|[^ -~\\u00a0-\\ud7ff\\ue000-\\u{10ffff}]`, 'gu');
}

/** What ends a tag of DogStatsD, and separators of lines and paragraphs. */
export const SEPARATORS_AND_CONTROLS = orControls(/[,|\u2028\u2029]/u);
