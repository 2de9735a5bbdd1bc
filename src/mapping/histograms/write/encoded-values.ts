// The values of one point as text in bytes, each with the separator that precedes it in a line.

import { ByteBuffer } from '../../lines/byte-buffer.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../../numbers/number-writer.js';
import { SevenDigitWriter } from '../../numbers/seven-digit-writer.js';

/** Reused for every point. */
export class EncodedValues {
  readonly #sevenDigits = new SevenDigitWriter();
  readonly #numbers = new NumberWriter();
  readonly #text = new ByteBuffer();
  #starts = new Int32Array(1);
  #separator = 0;

  /** Length of all of them together. */
  get bytes(): number {
    return this.#text.length;
  }

  /**
   * Encodes in ascending order: neighbours have equally many digits, which keeps branches predictable.
   *
   * @param separator a single ASCII character
   */
  encode(values: Float64Array, separator: string): void {
    this.#separator = separator.charCodeAt(0);
    if (values.length >= this.#starts.length) this.#starts = new Int32Array(values.length + 1);
    let end = 0;
    for (let index = 0; index < values.length; index++) {
      this.#starts[index] = end;
      end = this.#write(values, index, end);
    }
    this.#starts[values.length] = end;
    this.#text.length = end;
  }

  #write(values: Float64Array, index: number, at: number): number {
    const text = this.#text;
    text.length = at;
    text.reserve(1 + MAX_NUMBER_BYTES);
    const { bytes, view } = text;
    bytes[at] = this.#separator;
    const end = this.#sevenDigits.write(values, index, text, at + 1);
    if (end > at + 1) return end;
    this.#numbers.input[0] = values[index]!;
    return this.#numbers.writeInput(bytes, view, at + 1);
  }

  /** Length of one value with its separator. */
  lengthOf(index: number): number {
    return this.#starts[index + 1]! - this.#starts[index]!;
  }

  /** Copies one value with its separator, and up to 7 bytes more; returns where the copy ends. */
  copyTo(target: DataView, at: number, index: number): number {
    const start = this.#starts[index]!;
    return this.#text.copyTo(target, at, start, this.#starts[index + 1]!);
  }
}
