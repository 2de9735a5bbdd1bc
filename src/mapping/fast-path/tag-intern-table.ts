// Attribute values as the bytes of their tags, `key:value,`. What is known of a value is found by its content, so
// it is never out of date, whoever owns the attributes object and whatever is done to it.

import type { Dialect } from '../dialects/dialect.js';
import { foldName } from '../lines/series-text.js';
import { legalKey, legalValue } from '../tags/tags.js';
import { type ByteArena, MAX_TEXT_BYTES, NOTHING } from './byte-arena.js';
import { InternedKey, NOT_PLAIN, type Rendered } from './interned-key.js';

/** Values are kept up to here; a text and its entries take some hundred bytes. */
const MAX_VALUES = 12_000;
const MAX_KEPT_CHARACTERS = 400_000;

/** Attribute keys; more than any sensible app has. */
const MAX_KEYS = 256;

/** Exports until a dictionary that was too small forgets what it has, for the values of today may be others. */
const EXPORTS_WHEN_FULL = 8;

const encoder = new TextEncoder();

export class TagInternTable {
  readonly #dialect: Dialect;
  readonly #slab: ByteArena;
  readonly #keys = new Map<string, InternedKey>();
  /** UTF-8 takes up to three bytes for a unit of text. */
  readonly #scratch = new Uint8Array(4 * MAX_TEXT_BYTES);
  #values = 0;
  #characters = 0;
  #exportsWhenFull = 0;
  #isFull = false;

  constructor(dialect: Dialect, slab: ByteArena) {
    this.#dialect = dialect;
    this.#slab = slab;
  }

  /** True when all should be forgotten before the next export. */
  isStale(): boolean {
    if (this.#isFull) this.#exportsWhenFull += 1;
    return this.#exportsWhenFull >= EXPORTS_WHEN_FULL;
  }

  /** What need not be kept from one export to the next goes, so that nothing of the app is kept alive. */
  endExport(): void {
    for (const key of this.#keys.values()) key.endExport();
  }

  /** Undefined when there are too many. */
  keyOf(attribute: string): InternedKey | undefined {
    const known = this.#keys.get(attribute);
    if (known !== undefined) return known;
    if (this.#keys.size >= MAX_KEYS || attribute.length > MAX_TEXT_BYTES) {
      this.#isFull = true;
      return undefined;
    }
    const key = new InternedKey(legalKey(attribute, this.#dialect), this);
    this.#keys.set(attribute, key);
    return key;
  }

  /** A value's tag; `mayKeep` is false when its key has enough of them. */
  render(key: string, value: string | number | boolean, mayKeep: boolean): Rendered {
    const legal = legalValue(value, this.#dialect.illegal);
    if (legal === '') return { ref: NOTHING, isKept: false };
    const characters = typeof value === 'string' ? value.length : 0;
    return this.renderLegal(key, legal, mayKeep && this.#hasRoomFor(characters), characters);
  }

  /** A tag of which all is legal; `characters` is what whoever keeps it takes for it. */
  renderLegal(key: string, legal: string, mayKeep: boolean, characters = 0): Rendered {
    const { limits, nameCollisions, tags } = this.#dialect;
    const text = key + tags.assign + legal;
    if (text.length > limits.tagLength || text.includes('\n')) return { ref: NOT_PLAIN, isKept: false };
    if (text.length > MAX_TEXT_BYTES) return { ref: NOT_PLAIN, isKept: false };
    const tag = text + tags.separator;
    // Values that never repeat come this way each time: no memory of their own for them.
    const bytes = this.#scratch.subarray(0, encoder.encodeInto(tag, this.#scratch).written);
    if (bytes.length > MAX_TEXT_BYTES) return { ref: NOT_PLAIN, isKept: false };
    const isFolded = tags.place === 'folded';
    const identity = isFolded
      ? foldName(text, nameCollisions) + foldName(tags.separator, nameCollisions)
      : tag;
    const hashed = identity === tag ? bytes : encoder.encode(identity);
    const ref = mayKeep ? this.#slab.keep(bytes, hashed) : undefined;
    if (ref === undefined) {
      this.#isFull = true;
      return { ref: this.#slab.pass(bytes, hashed), isKept: false };
    }
    this.#values += 1;
    this.#characters += characters;
    return { ref, isKept: true };
  }

  #hasRoomFor(characters: number): boolean {
    return this.#values < MAX_VALUES && this.#characters + characters <= MAX_KEPT_CHARACTERS;
  }
}
