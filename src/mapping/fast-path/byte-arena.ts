// Bytes of short texts, ready to be copied eight at a time. Each text starts on a word of its own and is filled up
// with zeros, and each has its hash in the word before it.

import { EMPTY_HASH, hashBytes, type TextHash } from './rolling-hash.js';

/**
 * Where a text is and how long: the number of its first word, shifted, plus its bytes. 0 is no text at all, so that
 * a table of references may start out empty; NOTHING is a text without bytes.
 */
export type TextRef = number;

export const LENGTH_BITS = 12;
export const LENGTH_MASK = (1 << LENGTH_BITS) - 1;

/** All texts together; a third is for the longest of the usual sets of attribute values. */
const SLAB_BYTES = 2 ** 20;

/** Longer ones are not worth their place. */
export const MAX_TEXT_BYTES = 1_100;

/** Texts that are good for a few lines only, such as values that do not repeat, share this much of it. */
const PASSING_WORDS = 4_608;
/** So much is left for the texts of one point: sixteen of the longest. */
const PASSING_RESERVE = 16 * (1 + Math.ceil(MAX_TEXT_BYTES / 8));

/** Texts that are set anew for each metric. */
const SLOTS = 5;
const SLOT_WORDS = 1 + Math.ceil(MAX_TEXT_BYTES / 8);

export const NOTHING: TextRef = 1 << LENGTH_BITS;
const FIRST_SLOT = 2;
const FIRST_PASSING = FIRST_SLOT + SLOTS * SLOT_WORDS;
const FIRST_KEPT = FIRST_PASSING + PASSING_WORDS;

/**
 * Words are copied as doubles, which would be another text if one of them were a NaN: its last two bytes would be
 * 7F or FF after F0 or more. That stands nowhere in UTF-8, as long as the last byte of a word is its highest.
 */
export const WORDS_ARE_SAFE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** How far behind the end of a text copyText may write, and read. */
export const COPY_SLACK = 32;

/** Copies a text to `at`, and what is behind it to the next multiple of 32 bytes; answers where it ends. */
export function copyText(words: Float64Array, ref: TextRef, view: DataView, at: number): number {
  const end = (at + (ref & LENGTH_MASK)) | 0;
  let word = ref >> LENGTH_BITS;
  if ((ref & LENGTH_MASK) <= 8) {
    view.setFloat64(at, words[word]!, true);
    return end;
  }
  // Few lengths to tell apart: a branch that is hard to foresee costs more than three words. V8 has to look at both
  // arrays anew after each store into a view, so all four are loaded first; `| 0` spares the check for an overflow.
  while (at < end) {
    const first = words[word]!;
    const second = words[(word + 1) | 0]!;
    const third = words[(word + 2) | 0]!;
    const fourth = words[(word + 3) | 0]!;
    view.setFloat64(at, first, true);
    view.setFloat64((at + 8) | 0, second, true);
    view.setFloat64((at + 16) | 0, third, true);
    view.setFloat64((at + 24) | 0, fourth, true);
    word = (word + 4) | 0;
    at = (at + 32) | 0;
  }
  return end;
}

export class ByteArena {
  readonly bytes = new Uint8Array(SLAB_BYTES);
  readonly words = new Float64Array(this.bytes.buffer);
  /** Two halves of a hash to a word. */
  readonly hashes = new Int32Array(this.bytes.buffer);
  readonly #end = this.words.length - COPY_SLACK / 8;
  #passing = FIRST_PASSING;
  #next = FIRST_KEPT;

  /** Keeps a text; undefined when there is no room. `hashed` is what its hash is of, if not of the text itself. */
  keep(text: Uint8Array, hashed = text): TextRef | undefined {
    if (text.length === 0) return NOTHING;
    const words = wordsFor(text.length);
    if (text.length > LENGTH_MASK || this.#next + words > this.#end) return undefined;
    const ref = this.#put(this.#next, text, hashBytes(hashed));
    this.#next += words;
    return ref;
  }

  /** From now on, what passed by before may be written over. */
  beginPassing(): void {
    this.#passing = FIRST_PASSING;
  }

  /** Whether there is room for sixteen more texts to pass by. */
  get canPass(): boolean {
    return this.#passing <= FIRST_KEPT - PASSING_RESERVE;
  }

  /** Keeps a text of at most MAX_TEXT_BYTES until the next `beginPassing`, if there was room. */
  pass(text: Uint8Array, hashed = text): TextRef {
    if (text.length === 0) return NOTHING;
    const words = wordsFor(text.length);
    if (this.#passing + words > FIRST_KEPT) this.#passing = FIRST_PASSING;
    const ref = this.#put(this.#passing, text, hashBytes(hashed));
    this.#passing += words;
    return ref;
  }

  /** Puts a text of at most MAX_TEXT_BYTES, without its hash, in place of the one that was in this slot. */
  set(slot: number, text: Uint8Array): TextRef {
    return text.length === 0 ? NOTHING : this.#put(FIRST_SLOT + slot * SLOT_WORDS, text, EMPTY_HASH);
  }

  /** Forgets every text. */
  clear(): void {
    this.#passing = FIRST_PASSING;
    this.#next = FIRST_KEPT;
  }

  #put(at: number, text: Uint8Array, { a, b }: TextHash): TextRef {
    this.hashes[2 * at] = a;
    this.hashes[2 * at + 1] = b;
    const first = at + 1;
    this.words[at + wordsFor(text.length) - 1] = 0;
    this.bytes.set(text, 8 * first);
    return (first << LENGTH_BITS) | text.length;
  }
}

/** With the one before it. */
function wordsFor(bytes: number): number {
  return 1 + ((bytes + 7) >> 3);
}
