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
    const texts = pattern.split('*');
    this.#start = texts[0]!;
    this.#middle = texts.slice(1, -1);
    this.#end = texts.at(-1)!;
  }

  /** Whether the whole name matches. */
  matches(name: string): boolean {
    if (!name.startsWith(this.#start) || !name.endsWith(this.#end)) return false;
    let position = this.#start.length;
    for (const text of this.#middle) {
      const found = name.indexOf(text, position);
      if (found < 0) return false;
      position = found + text.length;
    }
    return position <= name.length - this.#end.length;
  }
}
