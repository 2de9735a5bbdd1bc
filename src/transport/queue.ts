// Chunks waiting for the socket, oldest first, bounded in bytes.

import type { Chunk } from './chunk.js';

export interface QueuedChunk extends Chunk {
  readonly enqueuedAt: number;
  /** How often it was handed to a connection that then broke. */
  readonly sends: number;
}

export class ChunkQueue {
  readonly #maxBytes: number;
  #chunks: QueuedChunk[] = [];
  #heldBytes = 0;
  #lines = 0;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  get lines(): number {
    return this.#lines;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): QueuedChunk | undefined {
    return this.#chunks[0];
  }

  /** Adds at the end; false when that would exceed the limit, chunks taken out but not released included. */
  offer(chunk: Chunk, now: number): boolean {
    if (this.#heldBytes + chunk.bytes.length > this.#maxBytes) return false;
    this.#heldBytes += chunk.bytes.length;
    this.#chunks.push({ ...chunk, enqueuedAt: now, sends: 0 });
    this.#lines += chunk.lines;
    this.#bytes += chunk.bytes.length;
    return true;
  }

  /** Takes the oldest chunks, at least one and as many as fit in `maxBytes`; they count until released. */
  take(maxBytes: number): QueuedChunk[] {
    let count = 0;
    let bytes = 0;
    for (const chunk of this.#chunks) {
      if (count > 0 && bytes + chunk.bytes.length > maxBytes) break;
      bytes += chunk.bytes.length;
      count += 1;
    }
    const taken = this.#chunks.splice(0, count);
    for (const chunk of taken) this.#lines -= chunk.lines;
    this.#bytes -= bytes;
    return taken;
  }

  /** Puts taken chunks back in front, in their order. */
  putBack(chunks: readonly QueuedChunk[]): void {
    this.#chunks = [...chunks, ...this.#chunks];
    for (const chunk of chunks) {
      this.#lines += chunk.lines;
      this.#bytes += chunk.bytes.length;
    }
  }

  /** A taken chunk is done with: its bytes make room for others. */
  release(chunk: QueuedChunk): void {
    this.#heldBytes -= chunk.bytes.length;
  }
}
