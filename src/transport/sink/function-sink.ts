import { errorCode } from '../../runtime/error-code.js';
import type { LinesSink } from '../endpoint/destination.js';
import type { Chunk } from '../packing/chunk.js';
import { type Sink, type SinkResult, WRITTEN } from './sink.js';

/** Calls a function of the application with the lines of one chunk at a time. */
export class FunctionSink implements Sink {
  readonly permanentFailure = undefined;
  /** It gets strings. */
  readonly keepsBytes = false;
  readonly #onLines: LinesSink;

  constructor(onLines: LinesSink) {
    this.#onLines = onLines;
  }

  async write({ bytes }: Chunk): Promise<SinkResult> {
    const lines = bytes.toString('utf8').split('\n');
    // After the last newline there is an empty string.
    lines.pop();
    try {
      await this.#onLines(lines);
      return WRITTEN;
    } catch (error) {
      return { kind: 'not-written', cause: errorCode(error) };
    }
  }

  close(): void {}
}
