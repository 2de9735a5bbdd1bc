// Chunks waiting to be sent, oldest first, bounded in bytes. Those that may be poison wait aside, so that they hold up no
// others.

import { queueMicrotask } from '../../runtime/timers.js';
import type { Chunk } from '../packing/chunk.js';

export interface QueuedChunk extends Chunk {
  readonly enqueuedAt: number;
  /** How often it was written to a connection that then broke. */
  readonly sends: number;
  /** Of a chunk that may be what breaks connections; it is then sent by itself. */
  readonly quarantine?: Quarantine | undefined;
}

export interface Quarantine {
  /** How many connections it broke by itself, each after another segment was delivered. */
  readonly breaks: number;
  /** How many segments had been delivered when it was sent last. */
  readonly deliveriesBefore: number;
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
  #aside: QueuedChunk[] = [];
  /** Whether the chunks taken last had waited aside. */
  #tookAside = false;
  #deliveries = 0;
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
    return this.chunks === 0;
  }

  get chunks(): number {
    return this.#chunks.length + this.#aside.length;
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
    const candidates = [...this.#chunks.slice(0, 1), ...this.#aside];
    return candidates.toSorted((one, other) => one.enqueuedAt - other.enqueuedAt)[0];
  }

  /** How many times chunks that were taken have been delivered. */
  get deliveries(): number {
    return this.#deliveries;
  }

  recordDelivery(): void {
    this.#deliveries += 1;
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
    this.#tookAside = this.#isAsideNext();
    const from = this.#tookAside ? this.#aside : this.#chunks;
    let count = 0;
    let bytes = 0;
    for (const chunk of from) {
      const isAlone = chunk.quarantine !== undefined;
      if (count > 0 && (isAlone || bytes + chunk.bytes.length > maxBytes)) break;
      bytes += chunk.bytes.length;
      count += 1;
      if (isAlone) break;
    }
    const taken = from.splice(0, count);
    for (const chunk of taken) this.#lines -= chunk.lines;
    this.#bytes -= bytes;
    return taken;
  }

  /** A chunk that waits aside is sent after another was delivered, in turn with the others, or when no other waits. */
  #isAsideNext(): boolean {
    const [chunk] = this.#aside;
    if (chunk === undefined || this.#chunks.length === 0) return chunk !== undefined;
    return !this.#tookAside && this.#deliveries > chunk.quarantine!.deliveriesBefore;
  }

  /** Takes everything, to be dropped. */
  takeAll(): QueuedChunk[] {
    const chunks = [...this.#aside, ...this.#chunks];
    this.#aside = [];
    this.#chunks = [];
    this.#lines = 0;
    this.#bytes = 0;
    return chunks;
  }

  /** Puts the chunks taken last, or their parts, back in front, in their order. */
  putBack(chunks: readonly QueuedChunk[]): void {
    if (this.#tookAside) this.#aside = [...chunks, ...this.#aside];
    else this.#chunks = [...chunks, ...this.#chunks];
    this.#count(chunks);
  }

  /** Puts back taken chunks that may be poison, behind those that wait aside already. */
  setAside(chunks: readonly QueuedChunk[]): void {
    this.#aside.push(...chunks);
    this.#count(chunks);
  }

  #count(chunks: readonly QueuedChunk[]): void {
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
