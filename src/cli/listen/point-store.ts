// Points over time of all series at one resolution, in bounded memory. When the memory is used up, the oldest full block
// of all series makes room, so that each series keeps its latest points.

/** What is kept of the recordings of a step, beside its time. */
export type PointKind = 'sum' | 'value' | 'timing';

const COLUMNS = {
  /** Of counters and sets. */
  sum: 1,
  /** The last one, the smallest and the largest of a gauge. */
  value: 3,
  /** Weight and weighted sum of a timer's values, the smallest and the largest. */
  timing: 4,
} as const satisfies Record<PointKind, number>;

/** A point whose columns have been read. */
export interface Point {
  /** The time at which its step begins. */
  readonly second: number;
  /** The sum, the last value or the mean. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const BLOCK_POINTS = 64;

/** A typed array with its buffer, beside its content; seen with Node.js 20. */
const BLOCK_OVERHEAD_BYTES = 256;

export interface PointStoreLimits {
  readonly stepSeconds: number;
  /** Older points are given up. */
  readonly spanSeconds: number;
  /** Room for a block of each series must be in it. */
  readonly maxBytes: number;
}

export class PointStore {
  readonly limits: PointStoreLimits;
  #bytes = 0;
  /** The owner of each full block, in the order in which they became full: an owner's first block is its first there. */
  #full: PointList[] = [];
  #firstFull = 0;

  constructor(limits: PointStoreLimits) {
    this.limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Makes room for a block of that many bytes; `filled` is the owner of the block before, now full. */
  allocate(bytes: number, second: number, filled: PointList | undefined): void {
    if (filled !== undefined) this.#full.push(filled);
    this.#bytes += bytes;
    const { maxBytes, spanSeconds } = this.limits;
    while (this.#firstFull < this.#full.length) {
      const owner = this.#full[this.#firstFull]!;
      if (this.#bytes <= maxBytes && owner.firstBlockEnd >= second - spanSeconds) break;
      this.#bytes -= owner.dropFirstBlock();
      this.#firstFull += 1;
    }
    if (this.#firstFull > 1_000 && this.#firstFull > this.#full.length / 2) {
      this.#full = this.#full.slice(this.#firstFull);
      this.#firstFull = 0;
    }
  }
}

/** The points of one series. */
export class PointList {
  readonly #store: PointStore;
  readonly #kind: PointKind;
  readonly #width: number;
  /** All but the last are full. */
  readonly #blocks: Float64Array[] = [];
  /** In the last block. */
  #count = BLOCK_POINTS;
  /** Points up to this second have been given up. */
  lostUntil = -Infinity;

  constructor(store: PointStore, kind: PointKind) {
    this.#store = store;
    this.#kind = kind;
    this.#width = 1 + COLUMNS[kind];
  }

  /** @param amount what a counter is increased by, or the number of recordings that the value stands for */
  add(second: number, value: number, amount: number): void {
    const step = this.#store.limits.stepSeconds;
    const time = Math.floor(second / step) * step;
    const last = this.#blocks.at(-1);
    const at = (this.#count - 1) * this.#width;
    if (last !== undefined && last[at] === time) this.#merge(last, at + 1, value, amount);
    else this.#append(time, value, amount);
  }

  /** Oldest first, from this second on. */
  *from(second: number): Generator<Point> {
    for (const [index, block] of this.#blocks.entries()) {
      const count = index === this.#blocks.length - 1 ? this.#count : BLOCK_POINTS;
      if (block[(count - 1) * this.#width]! < second) continue;
      for (let at = 0; at < count * this.#width; at += this.#width) {
        if (block[at]! >= second) yield this.#pointAt(block, at);
      }
    }
  }

  /** The time of the last point in the first block, which is full. */
  get firstBlockEnd(): number {
    return this.#blocks[0]![(BLOCK_POINTS - 1) * this.#width]!;
  }

  /** Returns its bytes. */
  dropFirstBlock(): number {
    this.lostUntil = this.firstBlockEnd + this.#store.limits.stepSeconds - 1;
    this.#blocks.shift();
    return this.#blockBytes;
  }

  get #blockBytes(): number {
    return BLOCK_POINTS * this.#width * Float64Array.BYTES_PER_ELEMENT + BLOCK_OVERHEAD_BYTES;
  }

  #append(time: number, value: number, amount: number): void {
    if (this.#count === BLOCK_POINTS) {
      const filled = this.#blocks.length === 0 ? undefined : this;
      this.#blocks.push(new Float64Array(BLOCK_POINTS * this.#width));
      this.#count = 0;
      this.#store.allocate(this.#blockBytes, time, filled);
    }
    const block = this.#blocks.at(-1)!;
    const at = this.#count * this.#width;
    this.#count += 1;
    block[at] = time;
    if (this.#kind !== 'sum') {
      block[at + this.#width - 2] = value;
      block[at + this.#width - 1] = value;
    }
    this.#merge(block, at + 1, value, amount);
  }

  #merge(block: Float64Array, at: number, value: number, amount: number): void {
    if (this.#kind === 'sum') {
      block[at]! += amount;
      return;
    }
    if (this.#kind === 'timing') {
      block[at]! += amount;
      block[at + 1]! += value * amount;
    } else {
      block[at] = value;
    }
    const low = at + this.#width - 3;
    if (value < block[low]!) block[low] = value;
    if (value > block[low + 1]!) block[low + 1] = value;
  }

  #pointAt(block: Float64Array, at: number): Point {
    const second = block[at]!;
    const first = block[at + 1]!;
    if (this.#kind === 'sum') return { second, value: first, low: first, high: first };
    const value = this.#kind === 'timing' ? block[at + 2]! / first : first;
    return { second, value, low: block[at + this.#width - 2]!, high: block[at + this.#width - 1]! };
  }
}
