// From received bytes to lines, in bounded memory: a sender that never ends a line must not fill the receiver.

import { type ByteBudget, PendingBytes } from './pending-bytes.js';

/** What is received: lines, and what is not one. */
export interface LineEvents {
  /** A whole line without its newline, never empty. */
  readonly onLine: (line: string) => void;
  /** A datagram, a line without its newline or the payload of a frame, as it was received; before its lines. */
  readonly onPayload?: ((bytes: Buffer) => void) | undefined;
  /** The connection ended in the middle of a line or frame. */
  readonly onCut: () => void;
  /** A line or frame longer than the limit; its bytes are discarded. */
  readonly onOversized: () => void;
  /** A line or frame for which all connections together had no room left; its bytes are discarded. */
  readonly onDiscarded: () => void;
}

export interface ReaderLimits {
  /** Of a line or frame. */
  readonly maxBytes: number;
  /** Of the unfinished lines or frames of all connections. */
  readonly budget: ByteBudget;
}

export interface LineReader {
  read(bytes: Buffer): void;
  /** The connection has ended. Idempotent. */
  end(): void;
}

const NEWLINE = 0x0a;

/** Datagrams hold whole lines, of which the last may lack its newline. */
export function readDatagram(bytes: Buffer, { onLine, onPayload }: LineEvents): void {
  onPayload?.(bytes);
  for (const line of bytes.toString('utf8').split('\n')) {
    if (line !== '') onLine(line);
  }
}

/** A stream on which each line ends in a newline. */
export class NewlineReader implements LineReader {
  readonly #events: LineEvents;
  readonly #maxBytes: number;
  readonly #pending: PendingBytes;
  /** True until the next newline, once a line was discarded. */
  #isSkipping = false;

  constructor(events: LineEvents, { maxBytes, budget }: ReaderLimits) {
    this.#events = events;
    this.#maxBytes = maxBytes;
    this.#pending = new PendingBytes(budget);
  }

  read(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#finish(bytes.subarray(start, end));
      start = end + 1;
    }
    this.#keep(bytes.subarray(start));
  }

  end(): void {
    if (this.#pending.length > 0) this.#events.onCut();
    this.#pending.clear();
  }

  #keep(part: Buffer): void {
    if (this.#isSkipping) return;
    if (this.#pending.length + part.length > this.#maxBytes) this.#skip(this.#events.onOversized);
    else if (!this.#pending.append(part)) this.#skip(this.#events.onDiscarded);
  }

  #skip(report: () => void): void {
    this.#pending.clear();
    this.#isSkipping = true;
    report();
  }

  #finish(part: Buffer): void {
    if (this.#pending.length > 0) this.#keep(part);
    else if (!this.#isSkipping) return this.#finishWhole(part);
    const isDiscarded = this.#isSkipping;
    this.#isSkipping = false;
    if (!isDiscarded) this.#emit(this.#pending.take());
  }

  /** A line of one read, as nearly all are. */
  #finishWhole(line: Buffer): void {
    if (line.length > this.#maxBytes) this.#events.onOversized();
    else if (line.length > 0) this.#emit(line);
  }

  #emit(line: Buffer): void {
    this.#events.onPayload?.(line);
    this.#events.onLine(line.toString('utf8'));
  }
}

const LENGTH_BYTES = 4;

/** A stream of payloads, each after its length as a 32-bit little-endian number. */
export class FrameReader implements LineReader {
  readonly #events: LineEvents;
  readonly #maxBytes: number;
  readonly #pending: PendingBytes;
  readonly #abort: () => void;
  /** Bytes that are left of a discarded frame. */
  #bytesToSkip = 0;
  #isBroken = false;

  /** @param abort called when a length exceeds the limit: where the next frame begins is then unknown */
  constructor(events: LineEvents, { maxBytes, budget }: ReaderLimits, abort: () => void) {
    this.#events = events;
    this.#maxBytes = maxBytes;
    this.#pending = new PendingBytes(budget);
    this.#abort = abort;
  }

  read(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0 && !this.#isBroken) rest = rest.subarray(this.#readSome(rest));
  }

  end(): void {
    if (this.#pending.length + this.#bytesToSkip > 0) this.#events.onCut();
    this.#pending.clear();
    this.#bytesToSkip = 0;
  }

  /** Takes what belongs to the current frame, at most its rest; answers how many bytes that was. */
  #readSome(bytes: Buffer): number {
    if (this.#bytesToSkip > 0) {
      const skipped = Math.min(this.#bytesToSkip, bytes.length);
      this.#bytesToSkip -= skipped;
      return skipped;
    }
    const taken = Math.min(bytes.length, this.#frameBytes() - this.#pending.length);
    if (!this.#pending.append(bytes.subarray(0, taken))) {
      this.#discard(taken);
      return taken;
    }
    const frameBytes = this.#frameBytes();
    if (frameBytes > LENGTH_BYTES + this.#maxBytes) this.#break();
    else if (this.#pending.length === frameBytes) {
      readDatagram(this.#pending.take().subarray(LENGTH_BYTES), this.#events);
    }
    return taken;
  }

  /** Of the current frame with its length; of the length alone until that is known. */
  #frameBytes(): number {
    return this.#pending.length < LENGTH_BYTES ? LENGTH_BYTES : LENGTH_BYTES + this.#pending.readUInt32LE();
  }

  #discard(taken: number): void {
    this.#events.onDiscarded();
    // Without room for the length itself, the next frame cannot be found.
    if (this.#pending.length < LENGTH_BYTES) return this.#break();
    this.#bytesToSkip = this.#frameBytes() - this.#pending.length - taken;
    this.#pending.clear();
  }

  #break(): void {
    this.#isBroken = true;
    this.#pending.clear();
    this.#events.onOversized();
    this.#abort();
  }
}
