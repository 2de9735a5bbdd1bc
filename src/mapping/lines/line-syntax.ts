// The fixed text of a dialect's lines, which all that write or read lines share. `kind` is one of the dialect's types:
//
//   tags in or after the name   name beforeTags tag separator tag afterTags beforeNumber number afterNumber[kind]
//   tags at the end             name beforeNumber number afterNumber[kind] beforeTags tag separator tag afterTags
//
// A sample that represents several recordings has `beforeRate` and its rate after `afterNumber`. A line with a time of
// measurement ends in `beforeSecond` and seconds.

import type { Dialect } from '../dialects/dialect.js';

export type NumberKind = keyof Dialect['types'];

export interface LineSyntax {
  /** `folded`: in the name. `name`: after the name. `end`: after type and rate. */
  readonly tagPlace: Dialect['tags']['place'];
  readonly beforeTags: string;
  /** Between the key and the value of a tag. */
  readonly assign: string;
  /** Between two tags. */
  readonly separator: string;
  readonly afterTags: string;
  readonly beforeNumber: string;
  /** Empty where lines have no type. */
  readonly afterNumber: Readonly<Record<NumberKind, string>>;
  readonly beforeRate: string;
  readonly beforeSecond: string;
}

const compiled = new WeakMap<Dialect, LineSyntax>();

/** Compiled once per record. Records must not change. */
export function lineSyntaxOf(dialect: Dialect): LineSyntax {
  let syntax = compiled.get(dialect);
  if (syntax === undefined) {
    syntax = compile(dialect);
    compiled.set(dialect, syntax);
  }
  return syntax;
}

function compile({ line, tags, types }: Dialect): LineSyntax {
  const isTyped = line === 'statsd';
  const afterNumber = (kind: NumberKind): string => (isTyped ? `|${types[kind]}` : '');
  return {
    // Tags at the end follow the type, and these lines have none.
    tagPlace: tags.place === 'end' && !isTyped ? 'name' : tags.place,
    beforeTags: tags.open,
    assign: tags.assign,
    separator: tags.separator,
    afterTags: tags.close,
    beforeNumber: isTyped ? ':' : ' ',
    afterNumber: {
      counter: afterNumber('counter'),
      gauge: afterNumber('gauge'),
      timer: afterNumber('timer'),
      histogram: afterNumber('histogram'),
    },
    beforeRate: '|@',
    beforeSecond: isTyped ? '|T' : ' ',
  };
}
