// A stream of the application: a file, standard output, or any Writable. It is never ended here.

import type { Writable } from 'node:stream';
import { errorCode } from '../../runtime/error-code.js';
import type { Chunk } from '../packing/chunk.js';
import { type Sink, type SinkResult, WRITTEN } from './sink.js';

export class WritableSink implements Sink {
  readonly #stream: Writable;
  #isListening = false;
  #onClose = (): void => {};
  readonly #ignoreError = (): void => {};
  readonly #closed = (): void => this.#onClose();

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  get permanentFailure(): 'stream_closed' | undefined {
    return this.#stream.writable ? undefined : 'stream_closed';
  }

  write({ bytes }: Chunk): Promise<SinkResult> {
    const stream = this.#stream;
    if (!stream.writable) return Promise.resolve({ kind: 'not-written', cause: 'stream_closed' });
    this.#listen();
    return new Promise((resolve) => {
      // A stream that is destroyed without an error need not call back.
      this.#onClose = () => resolve({ kind: 'unknown', cause: 'stream_closed' });
      try {
        stream.write(bytes, (error) => {
          if (error) resolve({ kind: 'unknown', cause: errorCode(error) });
          else resolve(WRITTEN);
        });
      } catch (error) {
        resolve({ kind: 'unknown', cause: errorCode(error) });
      }
    });
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    // Without a listener the stream's error would crash the process; the write callbacks report it.
    this.#stream.on('error', this.#ignoreError);
    this.#stream.on('close', this.#closed);
  }

  /** While a write is under way, or the stream has failed, an 'error' event may follow: its listener stays. */
  close(): void {
    this.#onClose = () => {};
    this.#stream.off('close', this.#closed);
    if (this.#stream.writable && this.#stream.writableLength === 0)
      this.#stream.off('error', this.#ignoreError);
  }
}
