// Metric names: the instrument's name made legal for the dialect, with the prefix in front.

import type { Dialect } from '../dialects/dialect.js';

/**
 * Replaces illegal characters, keeps dots from making empty levels (`a..b.` becomes `a.b`) and starts with
 * a letter or digit: gostatsd rejects a leading `_`, and to the Datadog agent `_e` and `_sc` begin an event
 * or a service check.
 */
export function legalName(name: string, illegal: RegExp): string {
  return name
    .replace(illegal, '_')
    .replace(/\.{2,}/g, '.')
    .replace(/^[._-]+|\.$/g, '');
}

/** Enough for the names of one app. */
const MAX_NAMES = 4_096;

/** The same with a memory: names are the same from one export to the next. */
export class LegalNames {
  readonly #illegal: RegExp;
  readonly #known = new Map<string, string>();

  constructor(illegal: RegExp) {
    this.#illegal = illegal;
  }

  of(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size === MAX_NAMES) this.#known.clear();
    const legal = legalName(name, this.#illegal);
    this.#known.set(name, legal);
    return legal;
  }
}

/** The name with its prefix, as the server gets it. */
export function joinName(prefix: string, name: string, dialect: Pick<Dialect, 'leadingLetter'>): string {
  return beginWithLetter(prefix === '' ? name : `${prefix}.${name}`, dialect);
}

/** The text of a name or tag key, with the dialect's leading letter before it if it begins with another character. */
export function beginWithLetter(text: string, { leadingLetter }: Pick<Dialect, 'leadingLetter'>): string {
  return leadingLetter === undefined || /^\p{L}/u.test(text) ? text : leadingLetter + text;
}
