// The values of one attribute key, and where the bytes of their tags are.

import { EMPTY_TEXT, type TextRef } from './byte-arena.js';
import { chooseHashPositions, hashString, UNUSED } from './string-hash.js';
import { SMALL_NUMBER_MASK, type ValueCache } from './value-cache.js';

/** Instead of a reference: the point takes the slow path, for its value needs what only that can do. */
export const NEEDS_SLOW_PATH = -1;

export interface Rendered {
  readonly ref: TextRef;
  /** False when the reference is valid for one point only. */
  readonly isInterned: boolean;
  /** True when the server does not get the value as it is, so that another value may have the same tag. */
  readonly isAltered: boolean;
}

/** Renders the tag of a value. */
export interface TagRenderer {
  render(key: string, value: string | number | boolean, mayIntern: boolean): Rendered;
  /** Equal for tags that are one to the server. */
  identityOf(ref: TextRef): number;
}

/** Interned values per key; a key with more is hardly worth it. */
const MAX_VALUES = 4_096;

/** Cache slots for each interned value, so that few share one. */
const SLOTS_PER_VALUE = 8;
const FIRST_SLOTS = 64;

/** Evictions per slot after which the hash takes one more character. */
const EVICTIONS_PER_SLOT = 4;

export class InternedKey {
  /** The key as a legal tag key. */
  readonly text: string;
  /** The region of the value cache: `base` plus hash & `mask`. */
  base: number;
  mask = FIRST_SLOTS - 1;
  /** Positions of the characters that the hash takes. */
  a = 0;
  b = UNUSED;
  c = UNUSED;
  /** The region for small whole numbers. */
  numberBase = 0;
  /** True when two values, or a value and none, may be one to the server. */
  isAmbiguous = false;
  readonly #renderer: TagRenderer;
  readonly #cache: ValueCache;
  readonly #refs = new Map<string | number | boolean, TextRef>();
  #evictions = 0;
  #valueType: string | undefined;
  /** False when there are values that `#refs` does not have. */
  #isComplete = true;
  /** Of the tags of all values, as soon as one is altered or of another type than the first. */
  #identities: Set<number> | undefined;

  constructor(text: string, renderer: TagRenderer, cache: ValueCache) {
    this.text = text;
    this.#renderer = renderer;
    this.#cache = cache;
    this.base = cache.allocateTexts(FIRST_SLOTS);
  }

  /** The reference for a value that the cache does not have, or NEEDS_SLOW_PATH. */
  refOf(value: unknown): TextRef {
    switch (typeof value) {
      case 'string':
        return this.#textRef(value);
      case 'number':
      case 'boolean':
        return this.#refs.get(value) ?? this.#intern(value);
      case 'undefined':
        return this.#noTag();
      default:
        // The text of an object may change from one export to the next.
        return value === null ? this.#noTag() : NEEDS_SLOW_PATH;
    }
  }

  #noTag(): TextRef {
    this.isAmbiguous = true;
    return EMPTY_TEXT;
  }

  #textRef(text: string): TextRef {
    const known = this.#refs.get(text);
    if (known === undefined) return this.#intern(text);
    if (text !== '') this.#cacheText(text, known);
    return known;
  }

  #cacheText(text: string, ref: TextRef): void {
    const { texts, textRefs } = this.#cache;
    let slot = this.base + (hashString(text, this.a, this.b, this.c) & this.mask);
    if (texts[slot] !== '' && texts[slot ^ 1] === '') slot ^= 1;
    if (texts[slot] !== '') this.#evictions += 1;
    texts[slot] = text;
    textRefs[slot] = ref;
    // The positions were chosen for the values of that time; those of today need more of them.
    if (this.#evictions > EVICTIONS_PER_SLOT * (this.mask + 1) && this.c === UNUSED) {
      this.#choosePositions(this.b === UNUSED ? 2 : 3);
    }
  }

  #intern(value: string | number | boolean): TextRef {
    const { ref, isInterned, isAltered } = this.#renderer.render(
      this.text,
      value,
      this.#refs.size < MAX_VALUES,
    );
    if (ref === NEEDS_SLOW_PATH) return ref;
    if (ref === EMPTY_TEXT) return this.#noTag();
    this.#valueType ??= typeof value;
    if (!isInterned) this.#isComplete = false;
    if (isAltered || typeof value !== this.#valueType || this.#identities !== undefined) this.#compare(ref);
    if (!isInterned) return ref;
    if (typeof value === 'number' && (value & SMALL_NUMBER_MASK) === value) {
      if (this.numberBase === 0) this.numberBase = this.#cache.allocateNumbers();
      this.#cache.numberRefs[this.numberBase + value] = ref;
    }
    this.#refs.set(typeof value === 'string' ? copyOf(value) : value, ref);
    const { size } = this.#refs;
    if (size * SLOTS_PER_VALUE > this.mask + 1) this.#enlarge();
    if (isPowerOfTwo(size)) this.#choosePositions(1);
    return ref;
  }

  /** Finds out whether another value has the same tag. */
  #compare(ref: TextRef): void {
    this.#identities ??= new Set(
      Array.from(this.#refs.values(), (known) => this.#renderer.identityOf(known)),
    );
    const identity = this.#renderer.identityOf(ref);
    if (!this.#isComplete || this.#identities.has(identity)) this.isAmbiguous = true;
    else this.#identities.add(identity);
  }

  #enlarge(): void {
    const slots = 2 * (this.mask + 1);
    this.base = this.#cache.allocateTexts(slots);
    this.mask = slots - 1;
  }

  #choosePositions(least: number): void {
    const texts = [...this.#refs.keys()].filter((value) => typeof value === 'string');
    [this.a, this.b, this.c] = chooseHashPositions(texts, least);
    this.#evictions = 0;
  }
}

function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0;
}

/** A copy of the text: a slice would retain the whole string that it was taken from. */
function copyOf(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return String.fromCharCode(...units);
}
