// Weights as the text of their rates. Those below a limit are kept: points have the same few weights again and again, and
// the shortest decimal of 1/9 takes longer to find than ten samples to write.

import type { ByteBuffer } from '../../lines/byte-buffer.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../../numbers/number-writer.js';
import { sampleRate } from '../samples/weights.js';

/** Weights that are kept. */
const KEPT = 1_024;
/** `0.000` and 17 digits are 22 bytes. */
const BYTES = 24;

export class RateTexts {
  readonly #numbers = new NumberWriter();
  readonly #kept = new Uint8Array(KEPT * BYTES);
  readonly #words = new DataView(this.#kept.buffer);
  readonly #lengths = new Uint8Array(KEPT);

  /** Appends the rate of a weight. */
  append(weight: number, target: ByteBuffer): void {
    const length = this.#lengths[weight];
    if (!length) return this.#write(weight, target);
    target.reserve(BYTES);
    const { view } = target;
    const at = target.length;
    // Whole words: ASCII never forms a NaN, whose bits a copy as a double could change.
    for (let done = 0; done < BYTES; done += 8) {
      view.setFloat64(at + done, this.#words.getFloat64(weight * BYTES + done, true), true);
    }
    target.length = at + length;
  }

  #write(weight: number, target: ByteBuffer): void {
    target.reserve(MAX_NUMBER_BYTES);
    const start = target.length;
    target.length = this.#numbers.write(sampleRate(weight), target, start);
    const length = target.length - start;
    if (weight >= KEPT || !Number.isInteger(weight)) return;
    this.#kept.set(target.bytes.subarray(start, target.length), weight * BYTES);
    this.#lengths[weight] = length;
  }
}
