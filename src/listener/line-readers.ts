// Turns received bytes into lines, in bounded memory: a sender that never ends a line must not fill the receiver.

import { LENGTH_BYTES } from '../transport/packing/framing.js';

export interface LineEvents {
  /** A whole line without its newline, never empty. */
  readonly onLine: (line: string) => void;
  /** The sender closed in the middle of a line. */
  readonly onCut: (rest: string) => void;
  /** A line or frame exceeded the limit; its bytes are discarded. */
  readonly onOversized: () => void;
}

export interface LineReader {
  read(bytes: Buffer): void;
  /** The sender has closed. */
  end(): void;
}

const NEWLINE = 0x0a;

/** Datagrams hold whole lines; the last may lack its newline. */
export function readDatagram(bytes: Buffer, { onLine }: LineEvents): void {
  for (const line of bytes.toString('utf8').split('\n')) {
    if (line !== '') onLine(line);
  }
}

/** Reads a stream on which each line ends in a newline. */
export class NewlineReader implements LineReader {
  readonly #events: LineEvents;
  readonly #maxBytes: number;
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** True from a line that was too long until the next newline. */
  #isSkipping = false;

  constructor(events: LineEvents, maxBytes: number) {
    this.#events = events;
    this.#maxBytes = maxBytes;
  }

  read(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#keep(bytes.subarray(start, end));
      this.#finish();
      start = end + 1;
    }
    this.#keep(bytes.subarray(start));
  }

  end(): void {
    if (this.#restBytes > 0) this.#events.onCut(this.#take());
  }

  #keep(part: Buffer): void {
    if (this.#isSkipping || part.length === 0) return;
    if (this.#restBytes + part.length > this.#maxBytes) {
      this.#take();
      this.#isSkipping = true;
      this.#events.onOversized();
      return;
    }
    this.#rest.push(part);
    this.#restBytes += part.length;
  }

  #finish(): void {
    this.#isSkipping = false;
    if (this.#restBytes > 0) this.#events.onLine(this.#take());
  }

  /** Joins bytes, not strings, because a character may be divided between two reads. */
  #take(): string {
    const text = Buffer.concat(this.#rest, this.#restBytes).toString('utf8');
    this.#rest = [];
    this.#restBytes = 0;
    return text;
  }
}

/** Reads a stream of payloads, each after its length as a 32-bit little-endian number. */
export class FrameReader implements LineReader {
  readonly #events: LineEvents;
  readonly #maxBytes: number;
  readonly #onBroken: () => void;
  #rest: Buffer = Buffer.alloc(0);
  #isBroken = false;

  /** @param onBroken called for a length above the limit: it is then unknown where the next frame begins */
  constructor(events: LineEvents, maxBytes: number, onBroken: () => void) {
    this.#events = events;
    this.#maxBytes = maxBytes;
    this.#onBroken = onBroken;
  }

  read(bytes: Buffer): void {
    if (this.#isBroken) return;
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= LENGTH_BYTES) {
      const length = this.#rest.readUInt32LE();
      if (length > this.#maxBytes) return this.#break();
      const end = LENGTH_BYTES + length;
      if (this.#rest.length < end) return;
      readDatagram(this.#rest.subarray(LENGTH_BYTES, end), this.#events);
      this.#rest = this.#rest.subarray(end);
    }
  }

  end(): void {
    if (this.#rest.length > 0) this.#events.onCut(this.#rest.subarray(LENGTH_BYTES).toString('utf8'));
  }

  #break(): void {
    this.#isBroken = true;
    this.#rest = Buffer.alloc(0);
    this.#events.onOversized();
    this.#onBroken();
  }
}
