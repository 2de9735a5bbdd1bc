// A stream of the application: a file, standard output, or any Writable. It is never ended here.

import { WriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { errorCode } from '../../runtime/error-code.js';
import { yieldToEventLoop } from '../../runtime/yield.js';
import type { Chunk } from '../packing/chunk.js';
import { type Sink, type SinkResult, WRITTEN } from './sink.js';

/**
 * Errors after which a stream takes nothing more, also one that stays writable: `process.stdout` never becomes destroyed
 * (doc/api/process.md, "A note on process I/O"). EPIPE: the reader has closed. EIO: the terminal is gone.
 */
const CLOSED_CODES = new Set([
  'EPIPE',
  'EIO',
  'EBADF',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** Errors after which the same write succeeds once there is room: of a disk, a quota, or a non-blocking pipe. */
const NO_ROOM_CODES = new Set(['ENOSPC', 'EDQUOT', 'EAGAIN', 'ENOBUFS']);

type SinkState =
  | { readonly name: 'unused' }
  | { readonly name: 'in-use' }
  /** It took nothing more after an error, whatever it says of itself. */
  | { readonly name: 'failed' };

export class WritableSink implements Sink {
  /** A PassThrough, and any stream that collects what it gets, holds the bytes after it has called back. */
  readonly keepsBytes: boolean;
  readonly #stream: Writable;
  #state: SinkState = { name: 'unused' };
  #onClose = (): void => {};
  readonly #ignoreError = (): void => {};
  readonly #closed = (): void => this.#onClose();

  constructor(stream: Writable) {
    this.#stream = stream;
    this.keepsBytes = !isFile(stream);
  }

  get permanentFailure(): 'stream_closed' | undefined {
    return this.#state.name === 'failed' || !this.#stream.writable ? 'stream_closed' : undefined;
  }

  write({ bytes }: Chunk): Promise<SinkResult> {
    const stream = this.#stream;
    if (this.permanentFailure !== undefined) {
      return Promise.resolve({ kind: 'not-written', cause: 'stream_closed' });
    }
    this.#listen();
    return new Promise((resolve) => {
      // A stream that is destroyed without an error need not call back.
      this.#onClose = () => resolve({ kind: 'unknown', cause: 'stream_closed' });
      try {
        stream.write(bytes, (error) => {
          this.#onClose = () => {};
          if (!error) return resolve(WRITTEN);
          // Standard output counts as destroyed until Node has called back, and as writable afterwards.
          void yieldToEventLoop().then(() => resolve(this.#failed(error)));
        });
      } catch (error) {
        // A Writable whose implementation throws calls back for no later write.
        this.#state = { name: 'failed' };
        resolve({ kind: 'unknown', cause: errorCode(error) });
      }
    });
  }

  #failed(error: Error): SinkResult {
    const cause = errorCode(error);
    if (NO_ROOM_CODES.has(cause)) return { kind: 'not-written', cause };
    if (CLOSED_CODES.has(cause)) this.#state = { name: 'failed' };
    return { kind: 'unknown', cause };
  }

  #listen(): void {
    if (this.#state.name !== 'unused') return;
    this.#state = { name: 'in-use' };
    // Without a listener the stream's error would crash the process; the write callbacks report it.
    this.#stream.on('error', this.#ignoreError);
    this.#stream.on('close', this.#closed);
  }

  /** While a write is under way, or the stream has failed, an 'error' event may follow: its listener stays. */
  close(): void {
    this.#onClose = () => {};
    this.#stream.off('close', this.#closed);
    if (this.permanentFailure === undefined && this.#stream.writableLength === 0) {
      this.#stream.off('error', this.#ignoreError);
    }
  }
}

/** Node's own stream of a file, whose methods are its own: it calls back after the write. */
function isFile(stream: Writable): boolean {
  if (Object.getPrototypeOf(stream) !== WriteStream.prototype) return false;
  return !['write', '_write', '_writev'].some((method) => Object.hasOwn(stream, method));
}
