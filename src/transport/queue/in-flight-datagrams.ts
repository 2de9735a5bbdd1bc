// What a carrier of datagrams has taken out of the queue: payloads in their order, across chunks, until it is known
// what became of each.

import { payloadsOf } from '../packing/chunk.js';
import type { LineDropReason } from '../transport.js';
import type { ChunkQueue, QueuedChunk } from './chunk-queue.js';
import type { Ledger } from './delivery-ledger.js';

export type SendOutcome = 'written' | LineDropReason;

interface PendingChunk {
  readonly chunk: QueuedChunk;
  unsettledPayloads: number;
}

/** A payload on its way. */
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

  /** Of all that is still to be sent. */
  get pendingBytes(): number {
    return this.#unsentBytes + this.#queue.bytes;
  }

  /** Bytes of each of the payloads that are next, so many at most. */
  sizes(payloads: number): readonly number[] {
    return this.#unsent.slice(0, payloads).map(({ bytes }) => bytes.length);
  }

  /** Takes chunks out of the queue until so many payloads wait, or there are no more. */
  fill(payloads: number): void {
    while (this.#unsent.length < payloads && !this.#queue.isEmpty) {
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

  /** The payloads that are next, to be settled or put back. */
  take(payloads: number): readonly InFlightDatagram[] {
    const parcels = this.#unsent.splice(0, payloads);
    for (const { bytes } of parcels) this.#unsentBytes -= bytes.length;
    return parcels;
  }

  /** What was not sent comes before all others. */
  putBack(parcels: readonly InFlightDatagram[]): void {
    if (parcels.length === 0) return;
    this.#unsent = [...parcels, ...this.#unsent];
    for (const { bytes } of parcels) this.#unsentBytes += bytes.length;
  }

  /** These are off our hands. */
  settle(parcels: readonly InFlightDatagram[], fate: SendOutcome): void {
    let lines = 0;
    let bytes = 0;
    for (const parcel of parcels) {
      lines += parcel.lines;
      bytes += parcel.bytes.length;
      parcel.pendingChunk.unsettledPayloads -= 1;
      if (parcel.pendingChunk.unsettledPayloads === 0) this.#release(parcel.pendingChunk);
    }
    if (lines === 0) return;
    // After the release, so that whoever waited for these lines finds room in the queue.
    this.#ledger.inFlightLines -= lines;
    if (fate === 'written') this.#ledger.write(lines, bytes);
    else this.#ledger.drop(fate, lines);
  }

  /** Nothing more will be sent. */
  dropAll(): void {
    this.settle(this.take(this.#unsent.length), 'shutdown');
  }

  #release(delivery: PendingChunk): void {
    this.#pendingChunks = this.#pendingChunks.filter((other) => other !== delivery);
    this.#queue.release(delivery.chunk);
    // Every send has called back.
    delivery.chunk.release?.();
  }
}
