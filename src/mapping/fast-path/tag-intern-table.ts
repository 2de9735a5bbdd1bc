// Attribute values as the bytes of their tags, `key:value,`. Entries are found by content, so they
// stay valid when the app changes its attributes objects.

import type { Dialect } from '../dialects/dialect.js';
import { type LineSyntax, lineSyntaxOf } from '../lines/line-syntax.js';
import { foldName } from '../lines/series-text.js';
import { isWholeTag } from '../tags/shorten-tags.js';
import { legalKey, legalValue } from '../tags/tags.js';
import { type ByteArena, EMPTY_TEXT, MAX_TEXT_BYTES, type TextRef } from './byte-arena.js';
import { InternedKey, NEEDS_SLOW_PATH, type Rendered } from './interned-key.js';
import { ValueCache } from './value-cache.js';

/** Values are kept up to here; a text and its entries take some hundred bytes. */
const MAX_VALUES = 12_000;
const MAX_KEPT_CHARACTERS = 400_000;

/** Attribute keys; more than any sensible app has. */
const MAX_KEYS = 256;

/** Exports after which a full table is cleared, because the values in use may have changed. */
const EXPORTS_WHEN_FULL = 8;

const NOT_RENDERED = { ref: NEEDS_SLOW_PATH, isInterned: false } as const;

const encoder = new TextEncoder();

export class TagInternTable {
  readonly cache = new ValueCache();
  readonly #dialect: Dialect;
  readonly #syntax: LineSyntax;
  readonly #arena: ByteArena;
  readonly #keys = new Map<string, InternedKey>();
  /** One key for each that the server tells apart. */
  readonly #keysByIdentity = new Map<string, InternedKey>();
  /** UTF-8 takes up to three bytes for a unit of text. */
  readonly #scratch = new Uint8Array(4 * MAX_TEXT_BYTES);
  #values = 0;
  #characters = 0;
  #exportsWhenFull = 0;
  #isFull = false;

  constructor(dialect: Dialect, arena: ByteArena) {
    this.#dialect = dialect;
    this.#syntax = lineSyntaxOf(dialect);
    this.#arena = arena;
  }

  /** True when all should be forgotten before the next export. */
  isStale(): boolean {
    if (this.#isFull) this.#exportsWhenFull += 1;
    return this.#exportsWhenFull >= EXPORTS_WHEN_FULL;
  }

  /** Releases what is not needed by the next export, so that no object of the app is retained. */
  endExport(): void {
    this.cache.clearTexts();
  }

  /** Undefined when there are too many. */
  keyOf(attribute: string): InternedKey | undefined {
    const known = this.#keys.get(attribute);
    if (known !== undefined) return known;
    if (this.#keys.size >= MAX_KEYS || attribute.length > MAX_TEXT_BYTES) {
      this.#isFull = true;
      return undefined;
    }
    const key = new InternedKey(legalKey(attribute, this.#dialect), this, this.cache);
    this.#keys.set(attribute, key);
    const identity = this.#identityOf(key.text);
    const twin = this.#keysByIdentity.get(identity);
    if (twin === undefined) this.#keysByIdentity.set(identity, key);
    else twin.isAmbiguous = key.isAmbiguous = true;
    return key;
  }

  /** Renders the tag of a value; `mayIntern` is false when its key has enough of them. */
  render(key: string, value: string | number | boolean, mayIntern: boolean): Rendered {
    const legal = legalValue(value, this.#dialect.illegal);
    if (legal === '') return { ref: EMPTY_TEXT, isInterned: false, isAltered: true };
    const isAltered = this.#identityOf(legal) !== String(value);
    const characters = typeof value === 'string' ? value.length : 0;
    const { ref, isInterned } = this.renderLegal(
      key,
      legal,
      mayIntern && this.#hasRoomFor(characters),
      characters,
    );
    return { ref, isInterned, isAltered };
  }

  /** Renders a tag of legal texts; `characters` is what the value takes when it is interned. */
  renderLegal(
    key: string,
    legal: string,
    mayIntern: boolean,
    characters = 0,
  ): Pick<Rendered, 'ref' | 'isInterned'> {
    const { assign, separator } = this.#syntax;
    const text = key + assign + legal;
    if (text.length > MAX_TEXT_BYTES || text.includes('\n')) return NOT_RENDERED;
    if (!isWholeTag(key, legal, this.#dialect)) return NOT_RENDERED;
    const tag = text + separator;
    // Values that never repeat come this way each time: no memory of their own for them.
    const bytes = this.#scratch.subarray(0, encoder.encodeInto(tag, this.#scratch).written);
    if (bytes.length > MAX_TEXT_BYTES) return NOT_RENDERED;
    const identity = this.#identityOf(text) + this.#identityOf(separator);
    const hashed = identity === tag ? bytes : encoder.encode(identity);
    const ref = mayIntern ? this.#arena.intern(bytes, hashed) : undefined;
    if (ref === undefined) {
      this.#isFull = true;
      return { ref: this.#arena.writeScratch(bytes, hashed), isInterned: false };
    }
    this.#values += 1;
    this.#characters += characters;
    return { ref, isInterned: true };
  }

  /** Equal for tags that are one to the server. */
  identityOf(ref: TextRef): number {
    return this.#arena.hashOf(ref);
  }

  /** A part of a tag as the identity of a series has it. */
  #identityOf(text: string): string {
    return this.#syntax.tagPlace === 'folded' ? foldName(text, this.#dialect.nameCollisions) : text;
  }

  #hasRoomFor(characters: number): boolean {
    return this.#values < MAX_VALUES && this.#characters + characters <= MAX_KEPT_CHARACTERS;
  }
}
