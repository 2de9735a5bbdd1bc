// A piece of a line as bytes, in memory that the next one takes over.

/** Copies are made of whole doubles, which end up to so many bytes later. */
const SLACK_BYTES = 8;
/** UTF-8 takes no more for a UTF-16 unit. */
const MOST_BYTES_OF_UNIT = 3;

const encoder = new TextEncoder();
/** `ignoreBOM`, for a name may begin with one where a dialect lets it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class ByteText {
  length = 0;
  bytes = new Uint8Array(256);
  view = new DataView(this.bytes.buffer);

  /** Makes room for so many bytes more, and for what a copy may write behind them. */
  reserve(bytes: number): void {
    const needed = this.length + bytes + SLACK_BYTES;
    if (needed > this.bytes.length) this.#grow(needed);
  }

  set(text: string): void {
    this.length = 0;
    this.reserve(MOST_BYTES_OF_UNIT * text.length);
    this.length = encoder.encodeInto(text, this.bytes).written;
  }

  append(text: ByteText): void {
    this.reserve(text.length);
    this.length = text.copyTo(this.view, this.length);
  }

  /** Writes a part of it, and up to 7 bytes more, at `at`; answers where it ends. */
  copyTo(target: DataView, at: number, from = 0, to = this.length): number {
    const { view } = this;
    const offset = at - from;
    // No double of valid UTF-8 is a NaN, so that none is changed by being moved.
    for (let done = from; done < to; done += 8) {
      target.setFloat64(offset + done, view.getFloat64(done, true), true);
    }
    return offset + to;
  }

  decode(): string {
    return decoder.decode(this.bytes.subarray(0, this.length));
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}
