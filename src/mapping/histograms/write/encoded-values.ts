// The values of a point as texts, each after the colon that stands before it in a line.

import { MAX_NUMBER_BYTES, NumberWriter } from '../../numbers/number-writer.js';
import { FewDigits } from '../../numbers/seven-digit-writer.js';
import { ByteText } from './byte-buffer.js';

const COLON = 58;

/** Those of one point after the other, in the same memory. */
export class NumberTexts {
  readonly #fewDigits = new FewDigits();
  readonly #numbers = new NumberWriter();
  readonly #text = new ByteText();
  #starts = new Int32Array(1);

  /** Of all of them together. */
  get bytes(): number {
    return this.#text.length;
  }

  /** They ascend in value, and are as long as their neighbours: written so, the processor foresees most branches. */
  begin(values: Float64Array): void {
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
    const { bytes } = text;
    bytes[at] = COLON;
    const end = this.#fewDigits.write(values, index, text, at + 1);
    if (end > at + 1) return end;
    this.#numbers.input[0] = values[index]!;
    return this.#numbers.writeInput(bytes, at + 1);
  }

  /** With its colon. */
  lengthOf(index: number): number {
    return this.#starts[index + 1]! - this.#starts[index]!;
  }

  /** With its colon; up to 7 bytes more are written. */
  copyTo(target: DataView, at: number, index: number): number {
    const start = this.#starts[index]!;
    return this.#text.copyTo(target, at, start, this.#starts[index + 1]!);
  }
}
