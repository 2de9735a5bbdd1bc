// Datagrams in flight: taken from the queue in order, held until each send has completed or failed.

import { payloadsOf } from '../packing/chunk.js';
import type { LineDropReason } from '../transport.js';
import type { ChunkQueue, QueuedChunk } from './chunk-queue.js';
import type { Ledger } from './delivery-ledger.js';

export type SendOutcome = 'written' | LineDropReason;

interface PendingChunk {
  readonly chunk: QueuedChunk;
  unsettledPayloads: number;
}

export interface InFlightDatagram {
  readonly bytes: Uint8Array;
  readonly lines: number;
  readonly pendingChunk: PendingChunk;
}

export class InFlightDatagrams {
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  /** Oldest first. */
  #pendingChunks: PendingChunk[] = [];
  #unsent: InFlightDatagram[] = [];
  #unsentBytes = 0;

  constructor(queue: ChunkQueue, ledger: Ledger) {
    this.#queue = queue;
    this.#ledger = ledger;
  }

  get isEmpty(): boolean {
    return this.#unsent.length === 0;
  }

  get oldestEnqueuedAt(): number | undefined {
    return this.#pendingChunks[0]?.chunk.enqueuedAt;
  }

  /** Bytes of everything that is to be sent, the queue included. */
  get pendingBytes(): number {
    return this.#unsentBytes + this.#queue.bytes;
  }

  /** Bytes of each of the next datagrams, at most that many. */
  sizes(count: number): readonly number[] {
    return this.#unsent.slice(0, count).map(({ bytes }) => bytes.length);
  }

  /** Takes chunks out of the queue until that many datagrams are to be sent, or the queue is empty. */
  fill(count: number): void {
    while (this.#unsent.length < count && !this.#queue.isEmpty) {
      for (const chunk of this.#queue.take(1)) this.#add(chunk);
    }
  }

  #add(chunk: QueuedChunk): void {
    const payloads = payloadsOf(chunk);
    const pendingChunk: PendingChunk = { chunk, unsettledPayloads: payloads.length };
    this.#pendingChunks.push(pendingChunk);
    this.#ledger.inFlightLines += chunk.lines;
    this.#unsentBytes += chunk.bytes.length;
    for (const { bytes, lines } of payloads) this.#unsent.push({ bytes, lines, pendingChunk });
  }

  /** The next datagrams, to be settled or put back. */
  take(count: number): readonly InFlightDatagram[] {
    const datagrams = this.#unsent.splice(0, count);
    for (const { bytes } of datagrams) this.#unsentBytes -= bytes.length;
    return datagrams;
  }

  /** Puts datagrams that were not sent before all others. */
  putBack(datagrams: readonly InFlightDatagram[]): void {
    if (datagrams.length === 0) return;
    this.#unsent = [...datagrams, ...this.#unsent];
    for (const { bytes } of datagrams) this.#unsentBytes += bytes.length;
  }

  /** Records the outcome of these datagrams, with the error code if there was one, and releases chunks that are complete. */
  settle(datagrams: readonly InFlightDatagram[], outcome: SendOutcome, code?: string): void {
    let lines = 0;
    let bytes = 0;
    for (const datagram of datagrams) {
      lines += datagram.lines;
      bytes += datagram.bytes.length;
      datagram.pendingChunk.unsettledPayloads -= 1;
      if (datagram.pendingChunk.unsettledPayloads === 0) this.#release(datagram.pendingChunk);
    }
    if (lines === 0) return;
    // After the release, so that a flush that ends here finds room in the queue.
    this.#ledger.inFlightLines -= lines;
    if (outcome === 'written') this.#ledger.write(lines, bytes);
    else this.#ledger.drop(outcome, lines, code === undefined ? {} : { code, bytes });
  }

  /** Drops everything that was not sent. */
  dropAll(): void {
    this.settle(this.take(this.#unsent.length), 'shutdown');
  }

  #release(pendingChunk: PendingChunk): void {
    this.#pendingChunks = this.#pendingChunks.filter((other) => other !== pendingChunk);
    this.#queue.release(pendingChunk.chunk);
    // Every send of it has called back, so no socket reads its bytes any more.
    pendingChunk.chunk.release?.();
  }
}
