// The half that all transports share: a bounded queue, the book-keeping, flush and close. What is left to
// each is how chunks get from the queue to its kind of socket.

import type { Chunk } from './chunk.js';
import { Ledger } from './ledger.js';
import type { TransportOptions } from './options.js';
import { ChunkQueue } from './queue.js';
import type { Transport, TransportStats } from './transport.js';

/** A destination for queued chunks. */
export interface Carrier {
  readonly state: string;
  /** Age reference of the oldest chunk taken from the queue and not yet off our hands. */
  readonly oldestInFlightAt: number | undefined;
  /** Something was queued. */
  wake(): void;
  /** Somebody waits: skip back-off pauses, try at once. */
  hurry(): void;
  /** Drop everything, close the socket. Chunks in flight go back to the queue first. */
  destroy(): void;
}

export class QueueingTransport implements Transport {
  readonly #options: TransportOptions;
  readonly #queue: ChunkQueue;
  readonly #ledger = new Ledger();
  readonly #carrier: Carrier;
  #closing: Promise<void> | undefined;

  constructor(
    options: TransportOptions,
    createCarrier: (queue: ChunkQueue, ledger: Ledger, options: TransportOptions) => Carrier,
  ) {
    this.#options = options;
    this.#queue = new ChunkQueue(options.maxQueueBytes);
    this.#carrier = createCarrier(this.#queue, this.#ledger, options);
  }

  send(chunk: Chunk): boolean {
    const { lines, bytes } = chunk;
    if (this.#closing !== undefined) {
      this.#ledger.refuse('shutdown', lines, bytes.length);
      return false;
    }
    if (!this.#queue.offer(chunk, this.#options.clock.now())) {
      this.#ledger.refuse('queue_full', lines, bytes.length);
      return false;
    }
    this.#ledger.accept(lines, bytes.length);
    this.#options.isolate(() => this.#carrier.wake());
    return true;
  }

  refuseTooLarge(lines: number, bytes: number): void {
    this.#ledger.refuse('too_large', lines, bytes);
  }

  flush(deadlineMillis: number): Promise<boolean> {
    return this.#options.isolate(() => {
      const settled = this.#ledger.settled(deadlineMillis, this.#options.clock);
      if (this.#ledger.hasWaiters) this.#carrier.hurry();
      return settled;
    });
  }

  close(deadlineMillis: number): Promise<void> {
    this.#closing ??= this.#close(deadlineMillis);
    return this.#closing;
  }

  async #close(deadlineMillis: number): Promise<void> {
    await this.flush(deadlineMillis);
    this.#carrier.destroy();
    for (const chunk of this.#queue.take(Number.POSITIVE_INFINITY)) {
      this.#ledger.drop('shutdown', chunk.lines);
      this.#queue.release(chunk);
    }
  }

  stats(): TransportStats {
    const ledger = this.#ledger;
    const oldest = this.#carrier.oldestInFlightAt ?? this.#queue.oldest?.enqueuedAt;
    return {
      state: this.#carrier.state,
      enqueuedLines: ledger.enqueued.lines,
      enqueuedBytes: ledger.enqueued.bytes,
      writtenLines: ledger.written.lines,
      writtenBytes: ledger.written.bytes,
      confirmedLines: ledger.confirmed.lines,
      confirmedBytes: ledger.confirmed.bytes,
      resentLines: ledger.resentLines,
      maybeDuplicatedLines: ledger.maybeDuplicatedLines,
      droppedLines: { ...ledger.dropped },
      queuedLines: this.#queue.lines,
      queuedBytes: this.#queue.bytes,
      inFlightLines: ledger.inFlightLines,
      oldestQueuedMillis: oldest === undefined ? 0 : this.#options.clock.now() - oldest,
      connects: ledger.connects,
      connectFailures: { ...ledger.connectFailures },
      disconnects: { ...ledger.disconnects },
      udpRefused: ledger.udpRefused,
      dnsFailures: ledger.dnsFailures,
      dnsChanges: ledger.dnsChanges,
      flushDeadlinesMissed: ledger.flushDeadlinesMissed,
    };
  }
}
