// Chunks waiting to be sent, oldest first, bounded in bytes.

import { queueMicrotask } from '../../runtime/timers.js';
import type { Chunk } from '../packing/chunk.js';

export interface QueuedChunk extends Chunk {
  readonly enqueuedAt: number;
  /** How often it was written to a connection that then broke. */
  readonly sends: number;
  /** True when it may be what breaks connections; it is then sent by itself. */
  readonly isQuarantined: boolean;
}

export interface QueueLimits {
  readonly maxQueueBytes: number;
  readonly softQueueBytes: number;
  /** Called in a microtask when the queue falls to its soft limit again. */
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
   * Takes the oldest chunks, at least one and as many as fit in `maxBytes`; a quarantined chunk is taken by itself.
   * They count until released.
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

  /** Takes everything, to be dropped. */
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

  /** Frees the room of a taken chunk. */
  release(chunk: QueuedChunk): void {
    const wasOverSoftLimit = this.isOverSoftLimit;
    this.#heldBytes -= chunk.bytes.length;
    // In a microtask, because the caller is in the middle of its work and the callback may queue more.
    if (wasOverSoftLimit && !this.isOverSoftLimit) queueMicrotask(this.#limits.onBelowSoftLimit);
  }
}
