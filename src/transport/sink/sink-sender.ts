// Delivery to something of the application's own, one chunk after the other: a stream or a function.

import { backoffMillis } from '../../runtime/backoff.js';
import { DeadlineTimer } from '../../runtime/deadline-timer.js';
import type { TransportOptions } from '../options.js';
import type { Chunk } from '../packing/chunk.js';
import type { ChunkQueue } from '../queue/chunk-queue.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import { Segment } from '../queue/in-flight-segment.js';
import { OutageReporter } from '../queue/outage-reporter.js';
import type { Sender } from '../queueing-transport.js';
import type { LineDropReason } from '../transport.js';

/** What became of a chunk that was offered. */
export type SinkResult =
  | { readonly kind: 'taken' }
  /** None of it was taken. */
  | { readonly kind: 'not-taken'; readonly cause: string }
  /** Some of it may have been taken. */
  | { readonly kind: 'unknown'; readonly cause: string };

export const TAKEN: SinkResult = { kind: 'taken' };

type Failure = Exclude<SinkResult, { kind: 'taken' }>;

export interface Sink {
  /** Set when nothing will be taken any more, ever. */
  readonly permanentFailure: LineDropReason | undefined;
  /** Never rejects; may take for ever. */
  write(chunk: Chunk): Promise<SinkResult>;
  /** Forgets everything; what was offered last may still be under way. */
  close(): void;
}

/** A sink that takes chunks at once gives way to what else the app has to do after this time. */
const TURN_MILLIS = 0.25;

export class SinkSender implements Sender {
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #sink: Sink;
  readonly #segment: Segment;
  readonly #outage: OutageReporter;
  readonly #stall: DeadlineTimer;
  #isRunning = false;
  #isClosed = false;
  #failures = 0;
  #pause: { readonly resume: () => void } | undefined;

  constructor(queue: ChunkQueue, ledger: Ledger, options: TransportOptions, sink: Sink) {
    this.#queue = queue;
    this.#ledger = ledger;
    this.#options = options;
    this.#sink = sink;
    this.#segment = new Segment(queue, ledger, { keepsBytes: true });
    this.#outage = new OutageReporter(options.clock, options.onEvent);
    this.#stall = new DeadlineTimer(options.clock);
  }

  get state(): string {
    if (this.#isClosed) return 'closed';
    if (this.#pause !== undefined) return 'waiting';
    return this.#isRunning ? 'sending' : 'idle';
  }

  get oldestEnqueuedAt(): number | undefined {
    return this.#segment.oldestEnqueuedAt;
  }

  get permanentFailure(): LineDropReason | undefined {
    return this.#sink.permanentFailure;
  }

  notify(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    // Later, because who exports should not have to wait for who writes.
    setImmediate(() => void this.#run());
  }

  retryNow(): void {
    this.#pause?.resume();
  }

  destroy(): Promise<void> {
    this.#isClosed = true;
    this.#pause?.resume();
    this.#stall.cancel();
    this.#segment.requeue();
    this.#sink.close();
    return Promise.resolve();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    let turnEnd = clock.now() + TURN_MILLIS;
    for (;;) {
      const chunk = this.#next();
      if (chunk === undefined) break;
      this.#stall.arm(this.#options.stallTimeoutMillis, this.#stalled);
      const result = await this.#sink.write(chunk);
      // Counted as lost by whoever closed.
      if (this.#isClosed) return;
      if (result.kind === 'taken') {
        this.#succeeded();
        if (clock.now() < turnEnd) continue;
        await new Promise<void>((resolve) => setImmediate(resolve));
        turnEnd = clock.now() + TURN_MILLIS;
        continue;
      }
      this.#stall.cancel();
      if (this.#sink.permanentFailure !== undefined) {
        this.#giveUp(this.#sink.permanentFailure, result.cause);
      } else {
        this.#failed(result);
        await this.#retryPause();
      }
    }
    this.#stall.cancel();
    this.#isRunning = false;
  }

  #next(): Chunk | undefined {
    if (this.#isClosed || this.#queue.isEmpty) return undefined;
    this.#segment.fill(1);
    const { next } = this.#segment;
    this.#segment.markWritten();
    return next;
  }

  readonly #stalled = (): void => this.#outage.failed('stall');

  #succeeded(): void {
    this.#failures = 0;
    this.#segment.settleWritten();
    this.#outage.succeeded();
  }

  #failed({ kind, cause }: Failure): void {
    this.#failures += 1;
    if (kind === 'not-taken') this.#segment.requeue();
    const poisonLines = kind === 'unknown' ? this.#segment.resendOrDrop(this.#options.onUnconfirmed) : 0;
    this.#outage.failed(cause);
    if (poisonLines > 0) this.#options.onEvent({ kind: 'poison', lines: poisonLines });
  }

  #giveUp(reason: LineDropReason, cause: string): void {
    this.#segment.requeue();
    for (const chunk of this.#queue.takeAll()) {
      this.#queue.release(chunk);
      this.#ledger.drop(reason, chunk.lines);
    }
    this.#options.onEvent({ kind: 'dead-end', cause });
  }

  async #retryPause(): Promise<void> {
    const { clock, random } = this.#options;
    const startedAt = clock.now();
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        timer.cancel();
        this.#pause = undefined;
        resolve();
      };
      const timer = clock.after(backoffMillis(this.#failures, random), resume);
      this.#pause = { resume };
    });
    this.#ledger.backoffMillis += clock.now() - startedAt;
  }
}
