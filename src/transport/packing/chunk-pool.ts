import { CHUNK_BYTES } from './chunk.js';

/** Writers that copy blocks of 8 bytes run over the end of their line. */
const SLACK_BYTES = 8;

/** Two megabytes: what a segment holds, and as much again that is being written meanwhile. */
const MAX_FREE = 32;

/** Where the lines of one chunk are written, and later those of another. */
export interface ChunkMemory {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/**
 * Memory of chunks that are delivered is used again. Not for its own sake: V8 counts what lies outside of its heap, and
 * marks the whole heap of the app whenever some tens of megabytes have come together.
 */
export class ChunkPool {
  readonly #free: ChunkMemory[] = [];

  take(): ChunkMemory {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES + SLACK_BYTES);
    return { bytes, view: new DataView(bytes.buffer) };
  }

  /** A function that gives the memory back, the first time it is called. */
  releaser(memory: ChunkMemory): () => void {
    let isReturned = false;
    return () => {
      if (isReturned || this.#free.length >= MAX_FREE) return;
      isReturned = true;
      this.#free.push(memory);
    };
  }
}
