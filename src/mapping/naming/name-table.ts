// Patterns for metric names, as users write them.

/** Matches a whole name; `*` stands for any text, and nothing else is special. */
export function globExpression(glob: string): RegExp {
  const literal = glob.split('*').map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's');
}
