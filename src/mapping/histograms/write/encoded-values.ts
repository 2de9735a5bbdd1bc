// The values of one point as text in bytes, each with the separator that precedes it in a line.

import { ByteBuffer } from '../../lines/byte-buffer.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../../numbers/number-writer.js';
import { SevenDigitWriter } from '../../numbers/seven-digit-writer.js';

/**
 * Nearly all values fit into a slot of two words, so that a copy of one is two loads and two stores. The others are
 * elsewhere: where, is in their slot.
 */
const SLOT_BYTES = 16;

const FIRST_SLOTS = 512;

/** Reused for every point. */
export class EncodedValues {
  /** Length of each value with its separator. */
  lengths = new Int16Array(FIRST_SLOTS);
  /** The longest of them. */
  longest = 0;
  readonly #sevenDigits = new SevenDigitWriter();
  readonly #numbers = new NumberWriter();
  readonly #slots = new ByteBuffer(FIRST_SLOTS * SLOT_BYTES + MAX_NUMBER_BYTES);
  readonly #long = new ByteBuffer();

  /**
   * Encodes in ascending order: neighbours have equally many digits, which keeps branches predictable. False when a value
   * is not finite.
   *
   * @param separator a single ASCII character
   */
  encode(values: Float64Array, separator: string): boolean {
    const count = values.length;
    const slots = this.#slots;
    const mark = separator.charCodeAt(0);
    if (count > this.lengths.length) {
      this.lengths = new Int16Array(2 * count);
      slots.reserve(2 * count * SLOT_BYTES);
    }
    const { lengths } = this;
    const { bytes } = slots;
    const sevenDigits = this.#sevenDigits;
    let longest = 0;
    this.#long.length = 0;
    for (let index = 0; index < count; index++) {
      const at = index * SLOT_BYTES;
      bytes[at] = mark;
      let length = sevenDigits.write(values, index, slots, at + 1) - at;
      if (length === 1) length = this.#encodeOther(values, index, at);
      if (length < 0) return false;
      lengths[index] = length;
      if (length > longest) longest = length;
    }
    this.longest = longest;
    return true;
  }

  /** Copies one value with its separator, and some bytes more; returns where the copy ends. */
  copyTo(target: DataView, at: number, index: number): number {
    const length = this.lengths[index]!;
    const { view } = this.#slots;
    const slot = index * SLOT_BYTES;
    if (length > SLOT_BYTES) {
      const long = this.#long.view;
      const from = view.getInt32(slot, true);
      for (let done = 0; done < length; done += 8) {
        target.setFloat64(at + done, long.getFloat64(from + done, true), true);
      }
      return at + length;
    }
    const first = view.getFloat64(slot, true);
    const second = view.getFloat64(slot + 8, true);
    target.setFloat64(at, first, true);
    target.setFloat64(at + 8, second, true);
    return at + length;
  }

  /** A number of more digits; returns its length with the separator, negative if it is not finite. */
  #encodeOther(values: Float64Array, index: number, at: number): number {
    const value = values[index]!;
    if (!Number.isFinite(value)) return -1;
    const { bytes, view } = this.#slots;
    // It may reach into the slots behind, which are written later.
    this.#numbers.input[0] = value;
    const end = this.#numbers.writeInput(bytes, view, at + 1);
    const length = end - at;
    if (length > SLOT_BYTES) {
      const long = this.#long;
      long.reserve(length);
      long.bytes.set(bytes.subarray(at, end), long.length);
      view.setInt32(at, long.length, true);
      long.length += length;
    }
    return length;
  }
}
