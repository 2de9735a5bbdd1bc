// Part of a line as bytes. The memory is reused for the next one.

/** Copies copy whole doubles, so they may read and write so many bytes more than asked for. */
const SLACK_BYTES = 8;
/** UTF-8 needs at most three bytes for each UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;

const FIRST_BYTES = 256;

const encoder = new TextEncoder();
/** `ignoreBOM`: a name may begin with a byte order mark where the dialect allows it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class ByteBuffer {
  static of(text: string): ByteBuffer {
    const buffer = new ByteBuffer(MAX_BYTES_PER_UNIT * text.length);
    buffer.set(text);
    return buffer;
  }

  length = 0;
  bytes: Uint8Array;
  view: DataView;

  constructor(bytes = FIRST_BYTES) {
    this.bytes = new Uint8Array(bytes + SLACK_BYTES);
    this.view = new DataView(this.bytes.buffer);
  }

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

  /** Copies the bytes up to `length`, and up to 7 bytes more, to `at` in `target`; returns where the copy ends. */
  copyTo(target: DataView, at: number): number {
    const { length, view } = this;
    let done = 0;
    // Valid UTF-8 never forms a NaN, whose bits a copy as a double could change. All loads come first, because V8 looks at
    // both views anew after each store.
    for (; done + 24 < length; done += 32) {
      const first = view.getFloat64(done, true);
      const second = view.getFloat64(done + 8, true);
      const third = view.getFloat64(done + 16, true);
      const fourth = view.getFloat64(done + 24, true);
      target.setFloat64(at + done, first, true);
      target.setFloat64(at + done + 8, second, true);
      target.setFloat64(at + done + 16, third, true);
      target.setFloat64(at + done + 24, fourth, true);
    }
    for (; done < length; done += 8) target.setFloat64(at + done, view.getFloat64(done, true), true);
    return at + length;
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
