// The values of one point as text in bytes, each with the separator that precedes it in a line.

import { ByteBuffer } from '../../lines/byte-buffer.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../../numbers/number-writer.js';
import { writeSevenDigits } from '../../numbers/seven-digit-writer.js';

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
    if (count > this.lengths.length) {
      this.lengths = new Int16Array(2 * count);
      slots.reserve(2 * count * SLOT_BYTES + MAX_NUMBER_BYTES);
    }
    this.#long.length = 0;
    const { lengths } = this;
    const { bytes, view } = slots;
    const target = { bytes, view, slotBytes: SLOT_BYTES, mark: separator.charCodeAt(0), lengths };
    for (let index = 0; index < count; index++) {
      index = writeSevenDigits(values, index, target);
      if (index === count) return true;
      if (!Number.isFinite(values[index]!)) return false;
      bytes[index * SLOT_BYTES] = target.mark;
      lengths[index] = this.#encodeOther(values[index]!, index * SLOT_BYTES);
    }
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

  /** A number of more digits; returns its length with the separator. */
  #encodeOther(value: number, at: number): number {
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
