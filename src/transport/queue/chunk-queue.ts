// Chunks waiting for the socket, oldest first, bounded in bytes.

import type { Chunk } from '../packing/chunk.js';

export interface QueuedChunk extends Chunk {
  readonly enqueuedAt: number;
  /** How often it was handed to a connection that then broke. */
  readonly sends: number;
  /** True when it may be what breaks connections, and so must not endanger others. */
  readonly isQuarantined: boolean;
}

export interface QueueLimits {
  readonly maxQueueBytes: number;
  readonly softQueueBytes: number;
  /** Called, soon, when the queue is behind no more. */
  readonly onBelowSoftLimit: () => void;
}

export class ChunkQueue {
  readonly #limits: QueueLimits;
  #chunks: QueuedChunk[] = [];
  #heldBytes = 0;
  #lines = 0;
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** True while it holds more than its soft limit, chunks taken out but not released included. */
  get isOverSoftLimit(): boolean {
    return this.#heldBytes > this.#limits.softQueueBytes;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  get chunks(): number {
    return this.#chunks.length;
  }

  get lines(): number {
    return this.#lines;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of all chunks, those taken out but not released included. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  get oldest(): QueuedChunk | undefined {
    return this.#chunks[0];
  }

  /** Adds at the end; false when that would exceed the limit, chunks taken out but not released included. */
  offer(chunk: Chunk, now: number): boolean {
    if (this.#heldBytes + chunk.bytes.length > this.#limits.maxQueueBytes) return false;
    this.#heldBytes += chunk.bytes.length;
    const { bytes, lines, kind, bounds, release } = chunk;
    this.#chunks.push({
      bytes,
      lines,
      kind,
      bounds,
      release,
      enqueuedAt: now,
      sends: 0,
      isQuarantined: false,
    });
    this.#lines += chunk.lines;
    this.#bytes += chunk.bytes.length;
    return true;
  }

  /**
   * Takes the oldest chunks, at least one and as many as fit in `maxBytes`; one that must be alone comes
   * alone. They count until released.
   */
  take(maxBytes: number): QueuedChunk[] {
    let count = 0;
    let bytes = 0;
    for (const chunk of this.#chunks) {
      if (count > 0 && (chunk.isQuarantined || bytes + chunk.bytes.length > maxBytes)) break;
      bytes += chunk.bytes.length;
      count += 1;
      if (chunk.isQuarantined) break;
    }
    const taken = this.#chunks.splice(0, count);
    for (const chunk of taken) this.#lines -= chunk.lines;
    this.#bytes -= bytes;
    return taken;
  }

  /** Everything that waits, to be given up. */
  takeAll(): QueuedChunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#lines = 0;
    this.#bytes = 0;
    return chunks;
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
    const wasBehind = this.isOverSoftLimit;
    this.#heldBytes -= chunk.bytes.length;
    // Later, because who releases is in the middle of something, and who is called may queue more.
    if (wasBehind && !this.isOverSoftLimit) queueMicrotask(this.#limits.onBelowSoftLimit);
  }
}
