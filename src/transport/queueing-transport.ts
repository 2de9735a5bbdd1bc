// The part that all transports share: a bounded queue, accounting, flush and close. A sender moves chunks from the queue
// to its kind of destination.

import type { TransportOptions } from './options.js';
import type { Chunk, Rejection } from './packing/chunk.js';
import { ChunkQueue } from './queue/chunk-queue.js';
import { Ledger } from './queue/delivery-ledger.js';
import { LossReporter } from './queue/loss-reporter.js';
import type {
  LineDropReason,
  Transport,
  TransportEvent,
  TransportState,
  TransportStats,
} from './transport.js';

/** Drains the queue into a socket or a sink. */
export interface Sender {
  readonly state: TransportState;
  /** When the oldest chunk in flight was queued. */
  readonly oldestEnqueuedAt: number | undefined;
  /** Set once nothing can be delivered any more. */
  readonly permanentFailure?: LineDropReason | undefined;
  /** Called after a chunk was queued. */
  notify(chunk: Chunk): void;
  /** A flush waits: ends a back-off pause and tries at once. */
  retryNow(): void;
  /** Closes the socket; chunks in flight go back to the queue at once. Resolves when everything is closed. */
  destroy(): Promise<void>;
}

export type CreateSender = (queue: ChunkQueue, ledger: Ledger, options: TransportOptions) => Sender;

export class QueueingTransport implements Transport {
  readonly #options: TransportOptions;
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  readonly #losses: LossReporter;
  readonly #sender: Sender;
  #closing: Promise<void> | undefined;
  /** For `#notify`, one function for all chunks. */
  #newest: Chunk | undefined;
  readonly #notify = (): void => {
    if (this.#newest !== undefined) this.#sender.notify(this.#newest);
  };

  constructor(options: TransportOptions, createSender: CreateSender) {
    this.#options = { ...options, onEvent: (event) => emit(options, event) };
    this.#losses = new LossReporter(options.clock, this.#options.onEvent);
    this.#ledger = new Ledger((loss) => this.#losses.add(loss));
    this.#queue = new ChunkQueue(options);
    this.#sender = createSender(this.#queue, this.#ledger, this.#options);
  }

  send(chunk: Chunk): LineDropReason | undefined {
    const { lines, bytes } = chunk;
    const reason = this.#reasonToReject();
    if (reason !== undefined) {
      this.#ledger.reject(reason, lines, bytes.length);
      return reason;
    }
    if (!this.#queue.offer(chunk, this.#options.clock.now())) {
      this.#ledger.reject('queue_full', lines, bytes.length, { limitBytes: this.#options.maxQueueBytes });
      return 'queue_full';
    }
    this.#ledger.accept(lines, bytes.length);
    this.#newest = chunk;
    this.#options.withoutTracing(this.#notify);
    this.#newest = undefined;
    return undefined;
  }

  reject({ reason, lines, bytes, limitBytes, metric }: Rejection): void {
    this.#ledger.reject(reason, lines, bytes, { bytes, limitBytes, metric });
  }

  isOverSoftLimit(): boolean {
    return this.#queue.isOverSoftLimit;
  }

  heldBytes(): number {
    return this.#queue.heldBytes;
  }

  flush(deadlineMillis: number): Promise<boolean> {
    return this.#options.withoutTracing(() => {
      const settled = this.#ledger.whenSettled(deadlineMillis, this.#options.clock);
      if (this.#ledger.hasFlushWaiters) this.#sender.retryNow();
      return settled;
    });
  }

  close(deadlineMillis: number): Promise<void> {
    this.#closing ??= this.#close(deadlineMillis);
    return this.#closing;
  }

  async #close(deadlineMillis: number): Promise<void> {
    await this.flush(deadlineMillis);
    const destroyed = this.#options.withoutTracing(() => this.#sender.destroy());
    for (const chunk of this.#queue.takeAll()) {
      this.#ledger.drop('shutdown', chunk.lines);
      this.#queue.release(chunk);
    }
    await destroyed;
    this.#losses.reportAll();
  }

  #reasonToReject(): LineDropReason | undefined {
    return this.#closing === undefined ? this.#sender.permanentFailure : 'shutdown';
  }

  stats(): TransportStats {
    const { clock } = this.#options;
    const oldest = this.#sender.oldestEnqueuedAt ?? this.#queue.oldest?.enqueuedAt;
    return {
      state: this.#sender.state,
      ...this.#ledger.counts(),
      queuedLines: this.#queue.lines,
      queuedBytes: this.#queue.bytes,
      oldestQueuedMillis: oldest === undefined ? 0 : clock.now() - oldest,
    };
  }
}

/** The listener is the application's and may throw; delivery goes on. */
function emit({ onEvent }: TransportOptions, event: TransportEvent): void {
  try {
    onEvent(event);
  } catch {
    // Nothing can be done about it here.
  }
}
