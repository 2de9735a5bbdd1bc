// Any stream of the application's: a file, standard output, something of its own. It is not ended by us.

import type { Writable } from 'node:stream';
import { errorCode } from '../endpoint/resolver.js';
import type { Chunk } from '../packing/chunk.js';
import { type Sink, type SinkResult, TAKEN } from './sink-sender.js';

export class WritableSink implements Sink {
  readonly #stream: Writable;
  #isListening = false;
  #onClose = (): void => {};
  readonly #ignore = (): void => {};
  readonly #closed = (): void => this.#onClose();

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  get permanentFailure(): 'stream_closed' | undefined {
    return this.#stream.writable ? undefined : 'stream_closed';
  }

  write({ bytes }: Chunk): Promise<SinkResult> {
    const stream = this.#stream;
    if (!stream.writable) return Promise.resolve({ kind: 'not-taken', cause: 'stream_closed' });
    this.#listen();
    return new Promise((resolve) => {
      // A stream that is destroyed without an error need not call back.
      this.#onClose = () => resolve({ kind: 'unknown', cause: 'stream_closed' });
      try {
        stream.write(bytes, (error) => {
          if (error) resolve({ kind: 'unknown', cause: errorCode(error) });
          else resolve(TAKEN);
        });
      } catch (error) {
        resolve({ kind: 'unknown', cause: errorCode(error) });
      }
    });
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    // Without a listener the stream's error would crash the process; the callbacks say what is to be known.
    this.#stream.on('error', this.#ignore);
    this.#stream.on('close', this.#closed);
  }

  /** What is under way may still fail, and a failure may still be to be told: then the listener for it stays. */
  close(): void {
    this.#onClose = () => {};
    this.#stream.off('close', this.#closed);
    if (this.#stream.writable && this.#stream.writableLength === 0) this.#stream.off('error', this.#ignore);
  }
}
