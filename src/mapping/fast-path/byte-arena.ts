// A bump-allocated arena of short UTF-8 texts that are copied eight bytes at a time. Each text starts at a word of its
// own, is padded with zeros to a whole word, and has its hash in the word before. See README.md for the layout.

import { EMPTY_HASH, hashBytes, type TextHash } from './rolling-hash.js';

/**
 * A text in the arena: `first word << LENGTH_BITS | length in bytes`. 0 is no reference, so that tables of references
 * may start out empty; EMPTY_TEXT is the text of no bytes.
 */
export type TextRef = number;

export const LENGTH_BITS = 12;
export const LENGTH_MASK = (1 << LENGTH_BITS) - 1;

const ARENA_BYTES = 2 ** 20;

/** Longer texts take the slow path. */
export const MAX_TEXT_BYTES = 1_100;
/** A text of that length with its hash. */
const MAX_TEXT_WORDS = wordsFor(MAX_TEXT_BYTES);

/** How many scratch texts one point may have: one for each attribute. */
export const MAX_SCRATCH_TEXTS = 16;

/** Texts that are replaced for each metric. */
const SLOTS = 5;

export const EMPTY_TEXT: TextRef = 1 << LENGTH_BITS;
const FIRST_SLOT = 2;
const FIRST_SCRATCH = FIRST_SLOT + SLOTS * MAX_TEXT_WORDS;
const FIRST_INTERNED = FIRST_SCRATCH + MAX_SCRATCH_TEXTS * MAX_TEXT_WORDS;

/**
 * Whether words may be copied as doubles. A double that is a NaN need not keep its bits, but on a little-endian host no
 * word of UTF-8 is one: its last two bytes would have to be 7F or FF after F0 or more.
 */
export const CAN_COPY_WORDS = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** How many bytes beyond the end of a text are read and written when it is copied. */
export const COPY_SLACK = 32;

/** Copies a text to `at`, and up to 31 bytes more. Returns where the text ends. */
export function copyText(words: Float64Array, ref: TextRef, view: DataView, at: number): number {
  const end = (at + (ref & LENGTH_MASK)) | 0;
  let word = ref >> LENGTH_BITS;
  for (; at < end; at = (at + 8) | 0) view.setFloat64(at, words[word++]!, true);
  return end;
}

export class ByteArena {
  readonly bytes = new Uint8Array(ARENA_BYTES);
  readonly words = new Float64Array(this.bytes.buffer);
  /** The same memory, for the hashes: two halves to a word. */
  readonly hashes = new Int32Array(this.bytes.buffer);
  readonly #end = this.words.length - COPY_SLACK / 8;
  #nextScratch = FIRST_SCRATCH;
  #nextInterned = FIRST_INTERNED;

  /** Adds a text for good; undefined when there is no room. Its hash is that of `hashed`. */
  intern(text: Uint8Array, hashed = text): TextRef | undefined {
    if (text.length === 0) return EMPTY_TEXT;
    const words = wordsFor(text.length);
    if (text.length > LENGTH_MASK || this.#nextInterned + words > this.#end) return undefined;
    const ref = this.#write(this.#nextInterned, text, hashBytes(hashed));
    this.#nextInterned += words;
    return ref;
  }

  /** Begins the scratch region anew: earlier references into it become invalid. */
  resetScratch(): void {
    this.#nextScratch = FIRST_SCRATCH;
  }

  /** Writes a text of at most MAX_TEXT_BYTES that is valid until `resetScratch`, at most MAX_SCRATCH_TEXTS of them. */
  writeScratch(text: Uint8Array, hashed = text): TextRef {
    if (text.length === 0) return EMPTY_TEXT;
    const ref = this.#write(this.#nextScratch, text, hashBytes(hashed));
    this.#nextScratch += wordsFor(text.length);
    return ref;
  }

  /** The hash of a text that is not empty as one number. */
  hashOf(ref: TextRef): number {
    const at = 2 * (ref >> LENGTH_BITS) - 2;
    return this.hashes[at]! * 2 ** 21 + (this.hashes[at + 1]! >>> 11);
  }

  /** Replaces the text of a slot, at most MAX_TEXT_BYTES. It has no hash. */
  setSlot(slot: number, text: Uint8Array): TextRef {
    return text.length === 0 ? EMPTY_TEXT : this.#write(FIRST_SLOT + slot * MAX_TEXT_WORDS, text, EMPTY_HASH);
  }

  /** Forgets every text. */
  clear(): void {
    this.#nextScratch = FIRST_SCRATCH;
    this.#nextInterned = FIRST_INTERNED;
  }

  #write(at: number, text: Uint8Array, { a, b }: TextHash): TextRef {
    this.hashes[2 * at] = a;
    this.hashes[2 * at + 1] = b;
    const first = at + 1;
    this.words[at + wordsFor(text.length) - 1] = 0;
    this.bytes.set(text, 8 * first);
    return (first << LENGTH_BITS) | text.length;
  }
}

/** With the word of its hash. */
function wordsFor(bytes: number): number {
  return 1 + ((bytes + 7) >> 3);
}
