// The series of one metric by their attributes: a hash table over ids of attributes, in arrays of numbers.

import type { AttributeTable } from './attribute-table.js';

/** Further places are not searched: a series without a free one among them is found by a text. */
const MAX_PROBES = 16;

const MIN_CAPACITY = 4;
/** Room at first; series of more attributes get more. */
const IDS_PER_SERIES = 4;

/** No series. */
export const NOT_FOUND = -1;

export class SeriesTable {
  /** Series before this index have been removed. */
  first = 0;
  /** The index of the next new series. */
  end = 0;
  /**
   * Two numbers by index: the hash of the attributes, and where their ids start. One pair more than series, for the end of
   * the last.
   */
  #heads: Int32Array;
  #ids: Int32Array;
  /** Index plus one, or 0 where it is free; twice the capacity, a power of two. */
  #slots: Int32Array;
  /** Series that had no free slot. */
  #unplaced: Map<string, number> | undefined;

  constructor(capacity: number) {
    this.#slots = new Int32Array(slotsFor(capacity));
    this.#heads = new Int32Array(2 * (this.capacity + 1));
    this.#ids = new Int32Array(IDS_PER_SERIES * this.capacity);
  }

  get capacity(): number {
    return this.#slots.length / 2;
  }

  get ids(): Int32Array {
    return this.#ids;
  }

  /** Where the ids of a series start. Those of the series before it end there. */
  startOf(index: number): number {
    return this.#heads[2 * index + 1]!;
  }

  /** The index of the series of the attributes that were read last, or NOT_FOUND. */
  find(attributes: AttributeTable): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const { hash } = attributes;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const index = slots[(hash + probe) & mask]! - 1;
      if (index < 0) return NOT_FOUND;
      if (this.#heads[2 * index] === hash && index >= this.first && this.#has(index, attributes))
        return index;
    }
    const index = this.#unplaced?.get(textOf(attributes.ids, 0, attributes.count)) ?? NOT_FOUND;
    return index >= this.first ? index : NOT_FOUND;
  }

  /** Adds the series of the attributes that were read last; there must be room for one more. */
  add({ ids, count, hash }: AttributeTable): number {
    const index = this.end;
    const start = this.startOf(index);
    if (start + count > this.#ids.length) this.#ids = enlarged(this.#ids, 2 * (start + count));
    for (let place = 0; place < count; place += 1) this.#ids[start + place] = ids[place]!;
    this.#heads[2 * index] = hash;
    this.#heads[2 * index + 3] = start + count;
    this.end += 1;
    this.#place(index);
    return index;
  }

  /** Makes room for so many series in all. */
  enlarge(capacity: number): void {
    this.#slots = new Int32Array(slotsFor(capacity));
    this.#heads = enlarged(this.#heads, 2 * (this.capacity + 1));
    this.#ids = enlarged(this.#ids, Math.max(this.#ids.length, IDS_PER_SERIES * this.capacity));
    this.#placeAll();
  }

  /** Gives the first series that is left the index 0, and so on. */
  dropRemoved(): void {
    const { first, end } = this;
    const start = this.startOf(first);
    this.#ids.copyWithin(0, start, this.startOf(end));
    this.#heads.copyWithin(0, 2 * first, 2 * (end + 1));
    for (let index = 0; index <= end - first; index += 1) this.#heads[2 * index + 1]! -= start;
    this.first = 0;
    this.end = end - first;
    this.#slots.fill(0);
    this.#placeAll();
  }

  #has(index: number, attributes: AttributeTable): boolean {
    return attributes.isLast(this.#ids, this.startOf(index), this.startOf(index + 1));
  }

  #placeAll(): void {
    this.#unplaced = undefined;
    for (let index = this.first; index < this.end; index += 1) this.#place(index);
  }

  #place(index: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = this.#heads[2 * index]!;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const slot = (hash + probe) & mask;
      if (slots[slot] !== 0) continue;
      slots[slot] = index + 1;
      return;
    }
    this.#unplaced ??= new Map();
    this.#unplaced.set(textOf(this.#ids, this.startOf(index), this.startOf(index + 1)), index);
  }
}

/** A power of two, so that a hash becomes a slot by a mask. */
function slotsFor(capacity: number): number {
  let slots = 2 * MIN_CAPACITY;
  while (slots < 2 * capacity) slots *= 2;
  return slots;
}

/** The same for every order of the ids. */
function textOf(ids: Int32Array, start: number, end: number): string {
  return ids.slice(start, end).sort().join();
}

export function enlarged(array: Int32Array, length: number): Int32Array<ArrayBuffer>;
export function enlarged(array: Float64Array, length: number): Float64Array<ArrayBuffer>;
export function enlarged(array: Int32Array | Float64Array, length: number): Int32Array | Float64Array {
  const larger = new (array.constructor as Int32ArrayConstructor)(length);
  larger.set(array);
  return larger;
}
