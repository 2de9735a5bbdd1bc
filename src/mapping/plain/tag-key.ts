// The values of one attribute key, and where the bytes of their tags are.

import { NOTHING, type TextRef } from './byte-slab.js';
import { choosePlaces, slotOf } from './text-slots.js';

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
const FIRST_SLOTS = 64;

export class TagKey {
  /** As it stands in a line. */
  readonly text: string;
  /**
   * Texts as the app's own strings, of which equal ones are mostly the same and quickly compared, and their
   * references; empty where there is none. Which slot is a text's is a guess from a few of its characters.
   */
  texts: string[] = new Array<string>(FIRST_SLOTS).fill('');
  textRefs = new Int32Array(FIRST_SLOTS);
  mask = FIRST_SLOTS - 1;
  /** Places of those characters, counted from the end. */
  a = 0;
  b = 1;
  c = 2;
  /** References of small whole numbers; 0 where none is known. */
  numberRefs: Int32Array = NO_NUMBERS;
  readonly #renderer: TagRenderer;
  readonly #refs = new Map<string | number | boolean, TextRef>();
  #isUsed = false;

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
    if (known !== undefined && text !== '') {
      const slot = slotOf(text, this.a, this.b, this.c, this.mask);
      this.texts[slot] = text;
      this.textRefs[slot] = ref;
      this.#isUsed = true;
    }
    return ref;
  }

  #learn(value: string | number | boolean): TextRef {
    const { ref, isKept } = this.#renderer.render(this.text, value, this.#refs.size < MAX_VALUES);
    if (!isKept) return ref;
    if (typeof value === 'number' && (value & SMALL_NUMBERS_MASK) === value) {
      if (this.numberRefs === NO_NUMBERS) this.numberRefs = new Int32Array(NO_NUMBERS.length);
      this.numberRefs[value] = ref;
    }
    this.#refs.set(typeof value === 'string' ? ownCopy(value) : value, ref);
    if (this.#refs.size * SLOTS_PER_VALUE > this.texts.length) this.#grow();
    return ref;
  }

  #grow(): void {
    const slots = 2 * this.texts.length;
    const texts = [...this.#refs.keys()].filter((value) => typeof value === 'string');
    [this.a, this.b, this.c] = choosePlaces(texts);
    this.texts = new Array<string>(slots).fill('');
    this.textRefs = new Int32Array(slots);
    this.mask = slots - 1;
  }
}

/** The same text in memory of its own: a part of a longer one would keep all of that alive. */
function ownCopy(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return String.fromCharCode(...units);
}
