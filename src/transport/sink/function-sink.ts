import type { LinesSink } from '../endpoint/destination.js';
import { errorCode } from '../endpoint/resolver.js';
import type { Chunk } from '../packing/chunk.js';
import { type Sink, type SinkResult, TAKEN } from './sink-sender.js';

/** A function of the application's, called with the lines of one chunk at a time. */
export class FunctionSink implements Sink {
  readonly permanentFailure = undefined;
  readonly #take: LinesSink;

  constructor(take: LinesSink) {
    this.#take = take;
  }

  async write({ bytes }: Chunk): Promise<SinkResult> {
    const lines = bytes.toString('utf8').split('\n');
    // What follows the last newline is nothing.
    lines.pop();
    try {
      await this.#take(lines);
      return TAKEN;
    } catch (error) {
      return { kind: 'not-taken', cause: errorCode(error) };
    }
  }

  close(): void {}
}
