// Which attributes of a metric stay.

import { NameTable } from '../naming/name-table.js';
import type { AttributeRecord } from '../tags/tags.js';

/** The attributes that stay, or all but some. */
export type AttributeSelection = readonly string[] | { readonly except: readonly string[] };

/** By metric name or glob (`*` stands for any text); an exact name beats every glob, and the first glob the others. */
export type AttributeRules = Readonly<Record<string, AttributeSelection>>;

export class AttributeFilter {
  readonly #keys: ReadonlySet<string>;
  readonly #keepsListed: boolean;

  constructor(selection: AttributeSelection) {
    this.#keepsListed = !('except' in selection);
    this.#keys = new Set('except' in selection ? selection.except : selection);
  }

  /** The same selection, except that this attribute stays or goes. */
  with(key: string, stays: boolean): AttributeFilter {
    const keys = new Set(this.#keys);
    if (stays === this.#keepsListed) keys.add(key);
    else keys.delete(key);
    return new AttributeFilter(this.#keepsListed ? [...keys] : { except: [...keys] });
  }

  keepsAll(attributes: AttributeRecord): boolean {
    return Object.keys(attributes).every((key) => this.#keeps(key));
  }

  /** A new object with the attributes that stay, in their order. */
  apply(attributes: AttributeRecord): AttributeRecord {
    const kept: Record<string, unknown> = {};
    for (const key of Object.keys(attributes)) {
      if (!this.#keeps(key)) continue;
      // An assignment to this key would set the prototype.
      if (key === '__proto__') Object.defineProperty(kept, key, { value: attributes[key], enumerable: true });
      else kept[key] = attributes[key];
    }
    return kept;
  }

  #keeps(key: string): boolean {
    return this.#keys.has(key) === this.#keepsListed;
  }
}

export function compileAttributeRules(rules: AttributeRules = {}): NameTable<AttributeFilter> {
  return new NameTable(
    Object.fromEntries(
      Object.entries(rules).map(([pattern, selection]) => [pattern, new AttributeFilter(selection)]),
    ),
  );
}
