/**
 * A pattern in which `*` stands for any text. Each text between stars is looked for once, at its first place after the
 * one before it. An expression with `.*` would try all combinations of places: minutes for a name of 255 characters.
 */
export class Glob {
  readonly #start: string;
  readonly #middle: readonly string[];
  readonly #end: string;

  /** @param pattern with at least one star */
  constructor(pattern: string) {
    const [start = '', ...rest] = pattern.split('*');
    this.#start = start;
    this.#end = rest.pop() ?? '';
    this.#middle = rest;
  }

  /** Whether the whole name matches. */
  matches(name: string): boolean {
    const last = name.length - this.#end.length;
    let position = this.#start.length;
    if (position > last || !name.startsWith(this.#start) || !name.endsWith(this.#end)) return false;
    for (const text of this.#middle) {
      const found = name.indexOf(text, position);
      if (found < 0) return false;
      position = found + text.length;
    }
    return position <= last;
  }
}
