// All tags of a point as one text, put together once for the lines of all its series.

import { ByteBuffer } from '../lines/byte-buffer.js';
import type { LineSyntax } from '../lines/line-syntax.js';
import { type ByteArena, copyText, LENGTH_MASK } from './byte-arena.js';
import type { TagRefs } from './tag-refs.js';

/** Reused for every point. */
export class TagSection {
  /** The tags with the marks around them; empty without tags. */
  readonly whole = new ByteBuffer();
  /** The same in two parts, between which the value of one more tag belongs. */
  readonly before = new ByteBuffer();
  readonly after = new ByteBuffer();
  readonly #words: Float64Array;
  readonly #beforeTags: ByteBuffer;
  readonly #afterTags: ByteBuffer;
  readonly #separator: ByteBuffer;
  /** Fields, which follow the tags, or the place of the tags where there are none. */
  readonly #fields: ByteBuffer;
  /** Up to the value of the tag that is added. */
  readonly #addedKey: ByteBuffer;

  constructor(
    { words }: ByteArena,
    { tagPlace, beforeTags, assign, separator, afterTags }: LineSyntax,
    fields: string,
    addedKey: string,
  ) {
    this.#words = words;
    this.#beforeTags = ByteBuffer.of(beforeTags);
    this.#separator = ByteBuffer.of(separator);
    this.#afterTags = ByteBuffer.of(afterTags);
    this.#fields = ByteBuffer.of(tagPlace === 'end' ? `${fields}\n` : '');
    this.#addedKey = ByteBuffer.of(addedKey + assign);
  }

  assemble({ refs, order, bytes }: TagRefs): void {
    const { whole } = this;
    whole.length = 0;
    if (bytes > 0) {
      whole.append(this.#beforeTags);
      this.#appendTags(whole, refs, order, 0, order.length);
      // What follows takes the place of the last separator.
      whole.length -= this.#separator.length;
      whole.append(this.#afterTags);
    }
    whole.append(this.#fields);
  }

  /** Sets `before` and `after` for a tag that is at this place in the order. */
  split({ refs, order }: TagRefs, place: number): void {
    const { before, after } = this;
    before.length = 0;
    before.append(this.#beforeTags);
    this.#appendTags(before, refs, order, 0, place);
    before.append(this.#addedKey);
    after.length = 0;
    after.append(this.#separator);
    this.#appendTags(after, refs, order, place, order.length);
    after.length -= this.#separator.length;
    after.append(this.#afterTags);
    after.append(this.#fields);
  }

  /** Copies the tags, with the value of the added one if there is one; returns where they end. */
  copyTo(view: DataView, at: number, added: ByteBuffer | undefined): number {
    if (added === undefined) return this.whole.copyTo(view, at);
    return this.after.copyTo(view, added.copyTo(view, this.before.copyTo(view, at)));
  }

  /** How many bytes `copyTo` copies. */
  bytesWith(added: ByteBuffer | undefined): number {
    return added === undefined ? this.whole.length : this.before.length + added.length + this.after.length;
  }

  #appendTags(buffer: ByteBuffer, refs: Int32Array, order: Uint8Array, from: number, to: number): void {
    for (let tag = from; tag < to; tag++) {
      const ref = refs[order[tag]!]!;
      buffer.reserve(ref & LENGTH_MASK);
      buffer.length = copyText(this.#words, ref, buffer.view, buffer.length);
    }
  }
}
