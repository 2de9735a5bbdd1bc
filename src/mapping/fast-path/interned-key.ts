// The values of one attribute key, and where the bytes of their tags are.

import { NOTHING, type TextRef } from './byte-arena.js';
import { choosePlaces, NO_PLACE, slotOf } from './string-hash.js';

/** Another answer than a reference: this value needs what only the general way of mapping can do. */
export const NOT_PLAIN = -1;

export interface Rendered {
  /** NOT_PLAIN when it must not be sent, or not so. */
  readonly ref: TextRef;
  /** False when it will be another text's before long. */
  readonly isKept: boolean;
}

/** Makes the bytes of a value's tag; `mayKeep` is false when the key has values enough. */
export interface TagRenderer {
  render(key: string, value: string | number | boolean, mayKeep: boolean): Rendered;
}

/** Kept for one key; what comes more often than this many are different is hardly worth it. */
const MAX_VALUES = 4_096;

/** Whole numbers up to this, such as status codes, have a table. */
export const SMALL_NUMBERS_MASK = 1_023;
/** Shared by the keys that have none. */
const NO_NUMBERS = new Int32Array(SMALL_NUMBERS_MASK + 1);

/** Slots for each value known, so that few share one; they are laid out anew whenever the values have doubled. */
const SLOTS_PER_VALUE = 8;
const EVICTIONS_PER_SLOT = 4;
const FIRST_SLOTS = 64;

export class InternedKey {
  /** As it stands in a line. */
  readonly text: string;
  /**
   * Texts as the app's own strings, of which equal ones are mostly the same and quickly compared, and their
   * references; empty where there is none. Which slot is a text's is a guess from a few of its characters; where it is
   * taken, the slot beside it will do.
   */
  texts: string[] = new Array<string>(FIRST_SLOTS).fill('');
  textRefs = new Int32Array(FIRST_SLOTS);
  mask = FIRST_SLOTS - 1;
  /** Places of those characters. */
  a = 0;
  b = NO_PLACE;
  c = NO_PLACE;
  /** References of small whole numbers; 0 where none is known. */
  numberRefs: Int32Array = NO_NUMBERS;
  readonly #renderer: TagRenderer;
  readonly #refs = new Map<string | number | boolean, TextRef>();
  #isUsed = false;
  /** How often a text had to make room for another in its slot. */
  #evictions = 0;

  constructor(text: string, renderer: TagRenderer) {
    this.text = text;
    this.#renderer = renderer;
  }

  /** The bytes of a value's tag, or NOT_PLAIN. */
  refOf(value: unknown): TextRef {
    switch (typeof value) {
      case 'string':
        return this.#textRef(value);
      case 'number':
      case 'boolean':
        return this.#refs.get(value) ?? this.#learn(value);
      case 'undefined':
        return NOTHING;
      default:
        // No value, no tag. An object's text may be another each time.
        return value === null ? NOTHING : NOT_PLAIN;
    }
  }

  endExport(): void {
    if (this.#isUsed) this.texts.fill('');
    this.#isUsed = false;
  }

  #textRef(text: string): TextRef {
    const known = this.#refs.get(text);
    const ref = known ?? this.#learn(text);
    if (known !== undefined && text !== '') this.#remember(text, ref);
    return ref;
  }

  #remember(text: string, ref: TextRef): void {
    let slot = slotOf(text, this.a, this.b, this.c, this.mask);
    if (this.texts[slot] !== '' && this.texts[slot ^ 1] === '') slot ^= 1;
    if (this.texts[slot] !== '') this.#evictions += 1;
    this.texts[slot] = text;
    this.textRefs[slot] = ref;
    this.#isUsed = true;
    // The texts of today are not told apart by what was enough for those known when the places were chosen.
    if (this.#evictions > EVICTIONS_PER_SLOT * this.texts.length && this.c === NO_PLACE) {
      this.#choosePlaces(this.b === NO_PLACE ? 2 : 3);
    }
  }

  #learn(value: string | number | boolean): TextRef {
    const { ref, isKept } = this.#renderer.render(this.text, value, this.#refs.size < MAX_VALUES);
    if (!isKept) return ref;
    if (typeof value === 'number' && (value & SMALL_NUMBERS_MASK) === value) {
      if (this.numberRefs === NO_NUMBERS) this.numberRefs = new Int32Array(NO_NUMBERS.length);
      this.numberRefs[value] = ref;
    }
    this.#refs.set(typeof value === 'string' ? ownCopy(value) : value, ref);
    const { size } = this.#refs;
    if (size * SLOTS_PER_VALUE > this.texts.length) this.#enlarge();
    if (isPowerOfTwo(size)) this.#choosePlaces(1);
    return ref;
  }

  #enlarge(): void {
    const slots = 2 * this.texts.length;
    this.texts = new Array<string>(slots).fill('');
    this.textRefs = new Int32Array(slots);
    this.mask = slots - 1;
  }

  #choosePlaces(least: number): void {
    const texts = [...this.#refs.keys()].filter((value) => typeof value === 'string');
    [this.a, this.b, this.c] = choosePlaces(texts, least);
    this.#evictions = 0;
  }
}

function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0;
}

/** The same text in memory of its own: a part of a longer one would keep all of that alive. */
function ownCopy(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return String.fromCharCode(...units);
}
