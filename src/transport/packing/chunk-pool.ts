import { CHUNK_BYTES } from './chunk.js';

/** Writers that copy blocks of 8 bytes may write past the end of their line. */
const SLACK_BYTES = 8;

/** Four megabytes: an export of 20,000 series, which is written before the first of its chunks is delivered. */
const MAX_FREE = 64;

/** The memory of one chunk at a time. */
export interface ChunkMemory {
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly bounds: number[];
}

/**
 * Reuses chunk buffers. Off-heap allocations count towards V8's external memory limit, and exceeding it triggers a
 * full mark-sweep of the app's heap.
 */
export class ChunkPool {
  readonly #free: ChunkMemory[] = [];

  take(): ChunkMemory {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES + SLACK_BYTES);
    return { bytes, view: new DataView(bytes.buffer), bounds: [] };
  }

  /** A function that returns the memory to the pool the first time it is called. */
  releaser(memory: ChunkMemory): () => void {
    let isReturned = false;
    return () => {
      if (isReturned || this.#free.length >= MAX_FREE) return;
      isReturned = true;
      this.#free.push(memory);
    };
  }
}
