// The chunks that one connection carries, and their way out: confirmed, written, back to the queue or
// dropped. Every line is in one place of the books at any time.

import type { Chunk } from './chunk.js';
import type { Ledger } from './ledger.js';
import type { ChunkQueue, QueuedChunk } from './queue.js';
import { judgeUnknown } from './unknown-fate.js';

export class Segment {
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  #chunks: QueuedChunk[] = [];
  #handed = 0;

  constructor(queue: ChunkQueue, ledger: Ledger) {
    this.#queue = queue;
    this.#ledger = ledger;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** True once a chunk was given out. */
  get isBegun(): boolean {
    return this.#handed > 0;
  }

  /** True when it may itself be what breaks connections. */
  get isSuspect(): boolean {
    return this.#chunks[0]?.alone === true;
  }

  /** Chunks that were not given out yet. */
  get remaining(): number {
    return this.#chunks.length - this.#handed;
  }

  get oldestAt(): number | undefined {
    return this.#chunks[0]?.enqueuedAt;
  }

  /** The chunk that is given out next. */
  get next(): Chunk | undefined {
    return this.#chunks[this.#handed];
  }

  /** The chunks that are given out next, at least one if there is any, and as many as fit in `maxBytes`. */
  upcoming(maxBytes: number): readonly Chunk[] {
    let end = this.#handed;
    let bytes = 0;
    for (; end < this.#chunks.length; end += 1) {
      bytes += this.#chunks[end]!.bytes.length;
      if (end > this.#handed && bytes > maxBytes) break;
    }
    return this.#chunks.slice(this.#handed, end);
  }

  /** Takes the oldest chunks out of the queue. */
  fill(maxBytes: number): void {
    this.#chunks = this.#queue.take(maxBytes);
    this.#handed = 0;
    for (const { lines } of this.#chunks) this.#ledger.inFlightLines += lines;
  }

  /** The next chunk has been given to the connection. */
  hand(): void {
    const chunk = this.#chunks[this.#handed];
    if (chunk === undefined) return;
    this.#handed += 1;
    if (chunk.sends === 0) return;
    this.#ledger.resentLines += chunk.lines;
    if (chunk.kind === 'additive') this.#ledger.maybeDuplicatedLines += chunk.lines;
  }

  confirmed(): void {
    for (const chunk of this.#empty()) {
      this.#queue.release(chunk);
      this.#ledger.confirm(chunk.lines, chunk.bytes.length);
    }
  }

  written(): void {
    for (const chunk of this.#empty()) {
      this.#queue.release(chunk);
      this.#ledger.write(chunk.lines, chunk.bytes.length);
    }
  }

  /** Nothing of it was taken by anybody. */
  notSent(): void {
    this.#queue.putBack(this.#empty());
  }

  /** Some of what was handed over may have been read. Answers how many lines were dropped as poison. */
  unknown(onUnknown: 'resend' | 'drop'): number {
    const handed = this.#handed;
    const { keep, drop } = judgeUnknown(this.#empty(), handed, onUnknown);
    this.#queue.putBack(keep);
    let poisonLines = 0;
    for (const { chunk, reason } of drop) {
      if (reason === 'poison') poisonLines += chunk.lines;
      this.#queue.release(chunk);
      this.#ledger.drop(reason, chunk.lines);
    }
    return poisonLines;
  }

  #empty(): QueuedChunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#handed = 0;
    for (const { lines } of chunks) this.#ledger.inFlightLines -= lines;
    return chunks;
  }
}
