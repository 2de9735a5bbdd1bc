// Part of a line as bytes. The memory is reused for the next one.

/** `copyTo` copies whole doubles, so it may write so many bytes more than asked for. */
const SLACK_BYTES = 8;
/** UTF-8 needs at most three bytes for each UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();
/** `ignoreBOM`: a name may begin with a byte order mark where the dialect allows it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class ByteBuffer {
  static of(text: string): ByteBuffer {
    const buffer = new ByteBuffer();
    buffer.set(text);
    return buffer;
  }

  length = 0;
  bytes = new Uint8Array(256);
  view = new DataView(this.bytes.buffer);

  /** Makes room for so many more bytes, and for what a copy may write behind them. */
  reserve(bytes: number): void {
    const needed = this.length + bytes + SLACK_BYTES;
    if (needed > this.bytes.length) this.#grow(needed);
  }

  set(text: string): void {
    this.length = 0;
    this.reserve(MAX_BYTES_PER_UNIT * text.length);
    this.length = encoder.encodeInto(text, this.bytes).written;
  }

  append(buffer: ByteBuffer): void {
    this.reserve(buffer.length);
    this.length = buffer.copyTo(this.view, this.length);
  }

  /** Copies the bytes `from`…`to`, and up to 7 bytes more, to `at` in `target`; returns where the copy ends. */
  copyTo(target: DataView, at: number, from = 0, to = this.length): number {
    const { view } = this;
    const offset = at - from;
    // Valid UTF-8 never forms a NaN, whose bits a copy as a double could change.
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
