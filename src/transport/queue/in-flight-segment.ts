// The chunks that one connection carries, and their way out: confirmed, written, back to the queue or
// dropped. Every line is in one place of the books at any time.

import type { Chunk } from '../packing/chunk.js';
import type { ChunkQueue, QueuedChunk } from './chunk-queue.js';
import type { Ledger } from './delivery-ledger.js';
import { decideResend } from './resend-policy.js';

export class Segment {
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  #chunks: QueuedChunk[] = [];
  readonly #keepsBytes: boolean;
  #writtenCount = 0;

  /** `keepsBytes`: whoever is given chunks may read their bytes even after they have been taken. */
  constructor(queue: ChunkQueue, ledger: Ledger, { keepsBytes }: { readonly keepsBytes: boolean }) {
    this.#queue = queue;
    this.#ledger = ledger;
    this.#keepsBytes = keepsBytes;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** True once a chunk was given out. */
  get hasWritten(): boolean {
    return this.#writtenCount > 0;
  }

  /** True when it may itself be what breaks connections. */
  get isQuarantined(): boolean {
    return this.#chunks[0]?.isQuarantined === true;
  }

  /** Chunks that were not given out yet. */
  get remaining(): number {
    return this.#chunks.length - this.#writtenCount;
  }

  get oldestEnqueuedAt(): number | undefined {
    return this.#chunks[0]?.enqueuedAt;
  }

  /** The chunk that is given out next. */
  get next(): Chunk | undefined {
    return this.#chunks[this.#writtenCount];
  }

  /** Takes the oldest chunks out of the queue. */
  fill(maxBytes: number): void {
    this.#chunks = this.#queue.take(maxBytes);
    this.#writtenCount = 0;
    for (const { lines } of this.#chunks) this.#ledger.inFlightLines += lines;
  }

  /** The next chunk has been given to the connection. */
  markWritten(): void {
    const chunk = this.#chunks[this.#writtenCount];
    if (chunk === undefined) return;
    this.#writtenCount += 1;
    if (chunk.sends === 0) return;
    this.#ledger.resentLines += chunk.lines;
    if (chunk.kind === 'additive') this.#ledger.maybeDuplicatedLines += chunk.lines;
  }

  settleConfirmed(): void {
    for (const chunk of this.#empty()) {
      this.#delivered(chunk);
      this.#ledger.confirm(chunk.lines, chunk.bytes.length);
    }
  }

  settleWritten(): void {
    for (const chunk of this.#empty()) {
      this.#delivered(chunk);
      this.#ledger.write(chunk.lines, chunk.bytes.length);
    }
  }

  /** Nothing of it was taken by anybody. */
  requeue(): void {
    this.#queue.putBack(this.#empty());
  }

  /** Some of what was handed over may have been read. Answers how many lines were dropped as poison. */
  resendOrDrop(onUnconfirmed: 'resend' | 'drop'): number {
    const handed = this.#writtenCount;
    const { keep, drop } = decideResend(this.#empty(), handed, onUnconfirmed);
    this.#queue.putBack(keep);
    let poisonLines = 0;
    for (const { chunk, reason } of drop) {
      if (reason === 'poison') poisonLines += chunk.lines;
      this.#queue.release(chunk);
      this.#ledger.drop(reason, chunk.lines);
    }
    return poisonLines;
  }

  #delivered(chunk: QueuedChunk): void {
    this.#queue.release(chunk);
    if (!this.#keepsBytes) chunk.release?.();
  }

  #empty(): QueuedChunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#writtenCount = 0;
    for (const { lines } of chunks) this.#ledger.inFlightLines -= lines;
    return chunks;
  }
}
