// Tags of data points, fast for the common case: keys that are still distinct and in order when made legal.

import type { Dialect } from '../dialects/dialect.js';
import { sortedKeys } from './sorted-keys.js';
import { type AttributeRecord, legalKey, legalTags, legalValue, type Tag } from './tags.js';

/** Instrumented code has a few dozen; code that generates keys must not fill the memory. */
const MOST_KEYS = 1_024;

export class PointTags {
  readonly #dialect: Dialect;
  readonly #legalKeys = new Map<string, string>();
  readonly #bounds = new Map<string, Tag | undefined>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** The same tags as legalTags. */
  of(attributes: AttributeRecord): Tag[] {
    const tags: Tag[] = [];
    let last = '';
    for (const original of sortedKeys(attributes)) {
      const value = legalValue(attributes[original], this.#dialect.illegal);
      if (value === '') continue;
      const key = this.#legalKey(original);
      // Two keys have become equal or changed their order.
      if (key <= last) return legalTags(attributes, this.#dialect);
      tags.push([key, value]);
      last = key;
    }
    return tags;
  }

  /** The tag of a bucket's upper bound, as `of({ le })` has it. Buckets have the same few bounds again and again. */
  ofBound(le: string): Tag | undefined {
    if (this.#bounds.has(le)) return this.#bounds.get(le);
    if (this.#bounds.size === MOST_KEYS) this.#bounds.clear();
    const [tag] = this.of({ le });
    this.#bounds.set(le, tag);
    return tag;
  }

  #legalKey(original: string): string {
    const known = this.#legalKeys.get(original);
    if (known !== undefined) return known;
    if (this.#legalKeys.size === MOST_KEYS) this.#legalKeys.clear();
    const legal = legalKey(original, this.#dialect);
    this.#legalKeys.set(original, legal);
    return legal;
  }
}
