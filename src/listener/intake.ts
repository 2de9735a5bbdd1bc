// From received bytes to lines, in turns of the event loop: however much is sent, and whatever each line costs its receiver,
// timers and signals are served.

import type { Clock } from '../runtime/clock.js';
import { singleStep, Turns } from '../runtime/turns.js';
import { type LineEvents, type LineReader, readDatagram } from './line-readers.js';

/** Of processing before other work of the event loop gets its turn. */
const TURN_MILLIS = 10;

/** Of datagrams that wait for their turn. Streams need no limit: they are not read while their bytes wait. */
const MAX_WAITING_BYTES = 4 * 2 ** 20;
/** Of a datagram besides its bytes. */
const DATAGRAM_BYTES = 256;

/** A stream that can be made to wait. */
export interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

export class Intake {
  readonly #turns: Turns;
  readonly #onLine: (line: string) => void;
  /** Lines of the bytes that are read now. */
  #lines: string[] = [];
  #waitingBytes = 0;
  #isClosed = false;

  constructor(onLine: (line: string) => void, clock?: Clock) {
    this.#onLine = onLine;
    this.#turns = new Turns(TURN_MILLIS, clock);
  }

  /** For the readers of this intake. */
  readonly onLine: LineEvents['onLine'] = (line) => {
    this.#lines.push(line);
  };

  /** The stream waits until its bytes are processed. */
  stream(stream: Pausable, reader: LineReader, bytes: Buffer): void {
    stream.pause();
    const steps = this.#process(
      () => reader.read(bytes),
      () => stream.resume(),
    );
    this.#turns.add(stream, steps);
  }

  /** After all that was received from the stream before. */
  afterwards(stream: Pausable, run: () => void): void {
    this.#turns.add(stream, singleStep(run));
  }

  /** False when too many wait already; the datagram is dropped then. */
  datagram(bytes: Buffer, events: LineEvents): boolean {
    const size = bytes.length + DATAGRAM_BYTES;
    if (this.#waitingBytes + size > MAX_WAITING_BYTES) return false;
    this.#waitingBytes += size;
    const done = (): void => {
      this.#waitingBytes -= size;
    };
    this.#turns.add(
      this,
      this.#process(() => readDatagram(bytes, events), done),
    );
    return true;
  }

  /** No line is processed until `resume`. */
  pause(): void {
    this.#turns.hold();
  }

  resume(): void {
    this.#turns.release();
  }

  /** Forgets what waits. */
  close(): void {
    this.#isClosed = true;
  }

  /** Yields after each line. */
  *#process(read: () => void, done: () => void): Generator<void> {
    if (!this.#isClosed) read();
    const lines = this.#lines;
    this.#lines = [];
    for (const line of lines) {
      if (this.#isClosed) break;
      this.#onLine(line);
      yield;
    }
    done();
  }
}
