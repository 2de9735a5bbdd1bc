// The chunks that one connection carries, until they are confirmed, written, put back into the queue or dropped.

import type { Chunk } from '../packing/chunk.js';
import type { ChunkQueue, QueuedChunk } from './chunk-queue.js';
import type { Ledger } from './delivery-ledger.js';
import { decideResend } from './resend-policy.js';

export interface SegmentOptions {
  /**
   * `true`: the consumer may retain the bytes after the write callback, so the buffer must not go back to the pool.
   */
  readonly keepsBytes: boolean;
  /** Additive lines that were written but not confirmed: send them again, or drop them. */
  readonly onUnconfirmed: 'resend' | 'drop';
}

export class Segment {
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  readonly #options: SegmentOptions;
  #chunks: QueuedChunk[] = [];
  #writtenCount = 0;

  constructor(queue: ChunkQueue, ledger: Ledger, options: SegmentOptions) {
    this.#queue = queue;
    this.#ledger = ledger;
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** True once a chunk was written to the connection. */
  get hasWritten(): boolean {
    return this.#writtenCount > 0;
  }

  /** True when it may be what breaks connections. */
  get isQuarantined(): boolean {
    return this.#chunks[0]?.quarantine !== undefined;
  }

  /** Number of chunks that were not written yet. */
  get remaining(): number {
    return this.#chunks.length - this.#writtenCount;
  }

  get oldestEnqueuedAt(): number | undefined {
    return this.#chunks[0]?.enqueuedAt;
  }

  /** The next chunk to write. */
  get next(): Chunk | undefined {
    return this.#chunks[this.#writtenCount];
  }

  /**
   * The next chunks to write: those that fit into `maxBytes` together, at least one unless all are written. The last of
   * the segment is written by itself, so that a server that ends before it is noticed before our FIN.
   */
  nextWithin(maxBytes: number): readonly Chunk[] {
    const begin = this.#writtenCount;
    const last = this.#chunks.length - 1;
    let bytes = this.next?.bytes.length ?? 0;
    let end = begin + 1;
    while (end < last && bytes + this.#chunks[end]!.bytes.length <= maxBytes) {
      bytes += this.#chunks[end]!.bytes.length;
      end += 1;
    }
    return this.#chunks.slice(begin, end);
  }

  /** Takes the oldest chunks out of the queue. */
  fill(maxBytes: number): void {
    this.#chunks = this.#queue.take(maxBytes);
    this.#writtenCount = 0;
    for (const { lines } of this.#chunks) this.#ledger.inFlightLines += lines;
  }

  /** Records that the next chunks were written to the connection. */
  markWritten(count = 1): void {
    for (let index = 0; index < count; index += 1) this.#markNextWritten();
  }

  #markNextWritten(): void {
    const chunk = this.#chunks[this.#writtenCount];
    if (chunk === undefined) return;
    this.#writtenCount += 1;
    if (chunk.sends === 0) return;
    this.#ledger.resentLines += chunk.lines;
    if (chunk.kind === 'additive') this.#ledger.maybeDuplicatedLines += chunk.lines;
  }

  /** The server has read everything. */
  settleConfirmed(): void {
    const { lines, bytes } = this.#releaseAll();
    this.#ledger.confirm(lines, bytes);
  }

  /** The operating system, or the sink, took everything; no more will be known. */
  settleWritten(): void {
    const { lines, bytes } = this.#releaseAll();
    this.#ledger.write(lines, bytes);
  }

  /** Nothing of it reached the receiver. */
  requeue(): void {
    this.#queue.putBack(this.#takeOut());
  }

  /** Some of what was written may have been read: puts chunks back into the queue or drops them. */
  resendOrDrop(): void {
    const writtenCount = this.#writtenCount;
    const broken = { chunks: this.#takeOut(), writtenCount, deliveries: this.#queue.deliveries };
    const { keep, setAside, drop } = decideResend(broken, this.#options.onUnconfirmed);
    this.#queue.putBack(keep);
    this.#queue.setAside(setAside);
    for (const { chunk, reason } of drop) {
      this.#queue.release(chunk);
      this.#ledger.drop(reason, chunk.lines);
    }
  }

  /** Returns what the chunks held together. They are released before they count, so that a flush that ends finds room. */
  #releaseAll(): { readonly lines: number; readonly bytes: number } {
    let lines = 0;
    let bytes = 0;
    if (!this.isEmpty) this.#queue.recordDelivery();
    for (const chunk of this.#takeOut()) {
      lines += chunk.lines;
      bytes += chunk.bytes.length;
      this.#queue.release(chunk);
      if (!this.#options.keepsBytes) chunk.release?.();
    }
    return { lines, bytes };
  }

  #takeOut(): QueuedChunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#writtenCount = 0;
    for (const { lines } of chunks) this.#ledger.inFlightLines -= lines;
    return chunks;
  }
}
