// Bytes of unfinished lines and frames.

/** How many bytes all connections together may keep. */
export class ByteBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** False when there are not as many left; then nothing is taken. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  release(bytes: number): void {
    this.#left += bytes;
  }
}

const EMPTY = Buffer.alloc(0);
/** Less than this is not worth a reallocation; an object for the buffer alone takes more. */
const LEAST_CAPACITY = 256;

/** A buffer that grows by doubling, so that many small reads cost no more memory or time than few large ones. */
export class PendingBytes {
  readonly #budget: ByteBudget;
  #bytes: Buffer = EMPTY;
  #length = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  get length(): number {
    return this.#length;
  }

  /** False when the budget is used up; the part is not kept then. */
  append(part: Buffer): boolean {
    const needed = this.#length + part.length;
    if (needed > this.#bytes.length && !this.#grow(needed)) return false;
    part.copy(this.#bytes, this.#length);
    this.#length = needed;
    return true;
  }

  readUInt32LE(): number {
    return this.#bytes.readUInt32LE();
  }

  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.clear();
    return taken;
  }

  clear(): void {
    this.#budget.release(this.#bytes.length);
    this.#bytes = EMPTY;
    this.#length = 0;
  }

  #grow(needed: number): boolean {
    const capacity = Math.max(needed, 2 * this.#bytes.length, LEAST_CAPACITY);
    if (!this.#budget.take(capacity - this.#bytes.length)) return false;
    // Not from the pool that Node.js shares between small buffers: it would be kept as a whole.
    const grown = Buffer.allocUnsafeSlow(capacity);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
    return true;
  }
}
