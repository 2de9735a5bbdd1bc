// Delivers to a stream or function of the application, one chunk after the other.

import { backoffMillis } from '../../runtime/backoff.js';
import { type CancellableDelay, cancellableDelay } from '../../runtime/cancellable-delay.js';
import { DeadlineTimer } from '../../runtime/deadline-timer.js';
import { yieldToEventLoop } from '../../runtime/yield.js';
import type { TransportOptions } from '../options.js';
import type { Chunk } from '../packing/chunk.js';
import type { ChunkQueue } from '../queue/chunk-queue.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import { Segment } from '../queue/in-flight-segment.js';
import { OutageReporter } from '../queue/outage-reporter.js';
import type { Sender } from '../queueing-transport.js';
import type { LineDropReason, TransportState } from '../transport.js';
import type { Sink, SinkResult } from './sink.js';

/** A sink that takes chunks at once holds the event loop for at most this long. */
const SLICE_MILLIS = 0.25;

/** `failures`: failed writes in a row. */
type SenderState =
  | { readonly name: 'idle'; readonly failures: number }
  | { readonly name: 'sending'; readonly failures: number }
  | { readonly name: 'backing-off'; readonly failures: number; readonly delay: CancellableDelay }
  | { readonly name: 'closed' };

type Failure = Exclude<SinkResult, { kind: 'written' }>;

export class SinkSender implements Sender {
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #sink: Sink;
  readonly #segment: Segment;
  readonly #outage: OutageReporter;
  readonly #stall: DeadlineTimer;
  #state: SenderState = { name: 'idle', failures: 0 };

  constructor(queue: ChunkQueue, ledger: Ledger, options: TransportOptions, sink: Sink) {
    this.#queue = queue;
    this.#ledger = ledger;
    this.#options = options;
    this.#sink = sink;
    this.#segment = new Segment(queue, ledger, {
      keepsBytes: sink.keepsBytes,
      onUnconfirmed: options.onUnconfirmed,
    });
    this.#outage = new OutageReporter(options.clock, options.onEvent);
    this.#stall = new DeadlineTimer(options.clock);
  }

  get state(): TransportState {
    return this.#state.name;
  }

  get oldestEnqueuedAt(): number | undefined {
    return this.#segment.oldestEnqueuedAt;
  }

  get permanentFailure(): LineDropReason | undefined {
    return this.#sink.permanentFailure;
  }

  notify(): void {
    if (this.#state.name !== 'idle') return;
    this.#state = { ...this.#state, name: 'sending' };
    // Deferred so that export() does not run the application's sink synchronously.
    void yieldToEventLoop().then(() => this.#run());
  }

  retryNow(): void {
    if (this.#state.name === 'backing-off') this.#state.delay.cutShort();
  }

  destroy(): Promise<void> {
    this.retryNow();
    this.#state = { name: 'closed' };
    this.#stall.cancel();
    this.#segment.requeue();
    this.#sink.close();
    return Promise.resolve();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    let sliceEnd = clock.now() + SLICE_MILLIS;
    for (let chunk = this.#next(); chunk !== undefined; chunk = this.#next()) {
      this.#stall.arm(this.#options.stallTimeoutMillis, this.#stalled);
      const result = await this.#sink.write(chunk);
      // destroy() has put the chunk back already.
      if (this.#isClosed()) return;
      if (result.kind !== 'written') {
        this.#stall.cancel();
        await this.#notWritten(result);
      } else {
        this.#succeeded();
        if (clock.now() < sliceEnd) continue;
        await yieldToEventLoop();
        sliceEnd = clock.now() + SLICE_MILLIS;
      }
    }
    this.#stall.cancel();
    if (this.#state.name !== 'closed') this.#state = { name: 'idle', failures: this.#state.failures };
  }

  #next(): Chunk | undefined {
    if (this.#isClosed() || this.#queue.isEmpty) return undefined;
    this.#segment.fill(1);
    const { next } = this.#segment;
    this.#segment.markWritten();
    return next;
  }

  readonly #stalled = (): void => this.#outage.failed('stall');

  #succeeded(): void {
    this.#state = { name: 'sending', failures: 0 };
    this.#segment.settleWritten();
    this.#outage.succeeded();
  }

  async #notWritten(failure: Failure): Promise<void> {
    const reason = this.#sink.permanentFailure;
    if (reason !== undefined) return this.#dropAll(reason, failure.cause);
    if (failure.kind === 'unknown') this.#segment.resendOrDrop();
    else this.#segment.requeue();
    this.#outage.failed(failure.cause);
    await this.#backOff();
  }

  #dropAll(reason: LineDropReason, cause: string): void {
    this.#options.onEvent({ kind: 'permanent-failure', cause });
    this.#segment.requeue();
    for (const chunk of this.#queue.takeAll()) {
      this.#queue.release(chunk);
      this.#ledger.drop(reason, chunk.lines, cause === reason ? {} : { code: cause });
    }
  }

  async #backOff(): Promise<void> {
    const { clock, random } = this.#options;
    if (this.#state.name === 'closed') return;
    const failures = this.#state.failures + 1;
    const delay = cancellableDelay(clock, backoffMillis(failures, random));
    this.#state = { name: 'backing-off', failures, delay };
    this.#ledger.backoffMillis += await delay.elapsed;
    if (!this.#isClosed()) this.#state = { name: 'sending', failures };
  }

  /** A method, because the state changes while another method awaits, which the compiler's narrowing does not know. */
  #isClosed(): boolean {
    return this.#state.name === 'closed';
  }
}
