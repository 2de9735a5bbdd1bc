// The cache in front of the intern table: from a recent attribute value to the reference of its tag. All keys share
// the arrays, so that the hot loop holds them in registers; each key owns a region of them.

/** Whole numbers up to this, such as status codes, are looked up by index. */
export const SMALL_NUMBER_MASK = 1_023;

const FIRST_SLOTS = 1_024;

export class ValueCache {
  /**
   * The application's own strings, so that `===` is mostly a comparison of pointers; empty where the slot is free. A
   * value may be in the slot of its hash or in the one beside it (`slot ^ 1`).
   */
  texts: string[] = emptyTexts(FIRST_SLOTS);
  /** The reference for each of `texts`. */
  textRefs = new Int32Array(FIRST_SLOTS);
  /** References of small whole numbers; 0 where none is known. The first region stays empty, for keys without numbers. */
  numberRefs = new Int32Array(SMALL_NUMBER_MASK + 1);
  #slots = 0;
  #numbers = SMALL_NUMBER_MASK + 1;

  /** The first of a region of free slots. A region that a key has outgrown is not used again. */
  allocateTexts(slots: number): number {
    const base = this.#slots;
    this.#slots += slots;
    if (this.#slots > this.texts.length) {
      const size = Math.max(this.#slots, 2 * this.texts.length);
      this.texts = this.texts.concat(emptyTexts(size - this.texts.length));
      this.textRefs = enlarged(this.textRefs, size);
    }
    return base;
  }

  /** The first of a region for the numbers up to SMALL_NUMBER_MASK. */
  allocateNumbers(): number {
    const base = this.#numbers;
    this.#numbers += SMALL_NUMBER_MASK + 1;
    if (this.#numbers > this.numberRefs.length)
      this.numberRefs = enlarged(this.numberRefs, 2 * this.#numbers);
    return base;
  }

  /** Lets go of the application's strings. */
  clearTexts(): void {
    this.texts.fill('', 0, this.#slots);
  }
}

function emptyTexts(count: number): string[] {
  return Array.from({ length: count }, () => '');
}

function enlarged(array: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}
