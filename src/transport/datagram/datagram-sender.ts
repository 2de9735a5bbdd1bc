// Sends chunks as datagrams: paced, one datagram at a time while it is doubtful whether a process listens. Datagrams that
// the operating system did not take are sent again. What the receiver does with the others is not known.

import { type CancellableDelay, cancellableDelay } from '../../runtime/cancellable-delay.js';
import { errorCode } from '../../runtime/error-code.js';
import { yieldToEventLoop } from '../../runtime/yield.js';
import type { TransportOptions } from '../options.js';
import { BURST_DATAGRAMS, DatagramPacer } from '../pacing/datagram-pacer.js';
import { type Chunk, payloadCount } from '../packing/chunk.js';
import type { ChunkQueue } from '../queue/chunk-queue.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import { type InFlightDatagram, InFlightDatagrams, type SendOutcome } from '../queue/in-flight-datagrams.js';
import { OutageReporter } from '../queue/outage-reporter.js';
import type { Sender } from '../queueing-transport.js';
import type { TransportState } from '../transport.js';
import type { CreateChannel, DatagramChannel } from './datagram-channel.js';

/** The longest back-off while a flush waits, so that a receiver that comes back is noticed at once. */
const FLUSH_BACKOFF_MILLIS = 100;

/** Errors of the datagram itself: no socket would take it. */
const UNSENDABLE = new Set(['EINVAL', 'EFAULT', 'EOPNOTSUPP']);

/** Failed attempts since the last datagram that was not refused, and the cause of the last one. */
interface Failures {
  readonly count: number;
  readonly cause: string;
}

const NO_FAILURES: Failures = { count: 0, cause: '' };

type SenderState =
  | { readonly name: 'idle'; readonly failures: Failures }
  /** With failures, one datagram is sent as a probe. `refused`: a refusal arrived that is not yet counted as failure. */
  | { readonly name: 'sending'; readonly failures: Failures; readonly refused: boolean }
  | {
      readonly name: 'backing-off';
      readonly failures: Failures;
      readonly refused: boolean;
      readonly delay: CancellableDelay;
    }
  | { readonly name: 'closed' };

/** Undefined when the datagram is to be sent again. */
function classifySendError(code: string | undefined): SendOutcome | undefined {
  if (code === undefined) return 'written';
  if (code === 'EMSGSIZE') return 'too_large';
  return UNSENDABLE.has(code) ? 'udp_error' : undefined;
}

export class DatagramSender implements Sender {
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #channel: DatagramChannel;
  readonly #outage: OutageReporter;
  readonly #pacer: DatagramPacer;
  readonly #datagrams: InFlightDatagrams;
  #state: SenderState = { name: 'idle', failures: NO_FAILURES };
  /** The burst under way, for `destroy()` to wait for. */
  #burst: Promise<unknown> | undefined;

  constructor(queue: ChunkQueue, ledger: Ledger, options: TransportOptions, createChannel: CreateChannel) {
    this.#ledger = ledger;
    this.#options = options;
    this.#datagrams = new InFlightDatagrams(queue, ledger);
    this.#outage = new OutageReporter(options.clock, options.onEvent);
    this.#pacer = new DatagramPacer(options.pacing, options.clock);
    this.#channel = createChannel(() => this.#refused());
  }

  get state(): TransportState {
    const state = this.#state;
    return state.name === 'sending' && state.failures.count > 0 ? 'probing' : state.name;
  }

  get oldestEnqueuedAt(): number | undefined {
    return this.#datagrams.oldestEnqueuedAt;
  }

  notify(chunk: Chunk): void {
    this.#pacer.recordOffered(payloadCount(chunk), chunk.bytes.length);
    if (this.#state.name !== 'idle') return;
    this.#state = { name: 'sending', failures: this.#state.failures, refused: false };
    void this.#run();
  }

  retryNow(): void {
    if (this.#state.name === 'backing-off') this.#state.delay.cutShort();
  }

  async destroy(): Promise<void> {
    this.retryNow();
    this.#state = { name: 'closed' };
    this.#channel.close();
    await this.#burst;
    this.#datagrams.dropAll();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed()) {
      this.#datagrams.fill(BURST_DATAGRAMS);
      if (this.#datagrams.isEmpty) return this.#rest();
      if (this.#isRefused()) this.#failed('ECONNREFUSED');
      if (this.#failures().count > 0) await this.#backOff();
      if (this.#isClosed()) return;
      try {
        await this.#channel.open();
      } catch (error) {
        const code = errorCode(error);
        this.#ledger.count(this.#ledger.connectFailures, code);
        this.#failed(code);
        continue;
      }
      await this.#sendSome();
    }
  }

  #rest(): void {
    this.#state = { name: 'idle', failures: this.#failures() };
    this.#channel.idle();
  }

  /** Sends a burst, as large as the pacer allows, or one datagram as a probe after failures. */
  async #sendSome(): Promise<void> {
    const isProbe = this.#failures().count > 0;
    const count = isProbe ? 1 : await this.#turn();
    // A refusal that arrived meanwhile is handled first.
    if (this.#isClosed() || this.#isRefused()) return;
    const burst = this.#sendBurst(count);
    this.#burst = burst;
    const problem = await burst;
    if (problem !== undefined) return this.#failed(problem);
    if (!isProbe) return;
    await cancellableDelay(this.#options.clock, this.#channel.refusalDelayMillis).elapsed;
    if (!this.#isRefused()) this.#succeeded();
  }

  /** Waits until the pacer allows to send; returns how many datagrams. */
  async #turn(): Promise<number> {
    if (this.#channel.hasBackpressure) {
      await yieldToEventLoop();
      return BURST_DATAGRAMS;
    }
    const { nextFlushDeadline } = this.#ledger;
    const { clock } = this.#options;
    const sizes = this.#datagrams.sizes(BURST_DATAGRAMS);
    const waitMillis = this.#pacer.millisUntilTurn({
      sizes,
      pendingBytes: this.#datagrams.pendingBytes,
      millisLeft: nextFlushDeadline === undefined ? undefined : nextFlushDeadline - clock.now(),
    });
    if (waitMillis > 0) await cancellableDelay(clock, waitMillis).elapsed;
    else await yieldToEventLoop();
    return this.#pacer.take(sizes);
  }

  /** Returns the code of what kept datagrams from being sent; those are first in the next burst. */
  async #sendBurst(count: number): Promise<string | undefined> {
    const datagrams = this.#datagrams.take(count);
    const codes = await this.#channel.send(datagrams.map(({ bytes }) => bytes));
    if (codes.length === datagrams.length && codes.every((code) => code === undefined)) {
      this.#datagrams.settle(datagrams, 'written');
      return undefined;
    }
    return this.#settleEach(datagrams, codes);
  }

  /** Payloads after the last result were not attempted, to keep the order. */
  #settleEach(
    datagrams: readonly InFlightDatagram[],
    codes: readonly (string | undefined)[],
  ): string | undefined {
    const unsent: InFlightDatagram[] = [];
    datagrams.forEach((datagram, position) => {
      const outcome = position < codes.length ? classifySendError(codes[position]) : undefined;
      if (outcome === 'too_large') this.#ledger.udpTooLarge += 1;
      if (outcome === undefined) unsent.push(datagram);
      else this.#datagrams.settle([datagram], outcome, codes[position]);
    });
    this.#datagrams.putBack(unsent);
    return codes.find((code) => classifySendError(code) === undefined);
  }

  /** While idle, the refusal is of a datagram that already counts as written. */
  #refused(): void {
    const state = this.#state;
    if ('refused' in state) this.#state = { ...state, refused: true };
    else this.#failed('ECONNREFUSED');
  }

  #succeeded(): void {
    if (this.#state.name === 'closed') return;
    this.#state = { ...this.#state, failures: NO_FAILURES };
    this.#outage.succeeded();
  }

  #failed(cause: string): void {
    const state = this.#state;
    if (state.name === 'closed') return;
    const failures = { count: state.failures.count + 1, cause };
    this.#state = state.name === 'idle' ? { ...state, failures } : { ...state, failures, refused: false };
    this.#outage.failed(cause);
  }

  async #backOff(): Promise<void> {
    const state = this.#state;
    if (state.name !== 'sending') return;
    const { count, cause } = state.failures;
    const usual = this.#channel.backoffMillis(count, cause);
    const millis = this.#ledger.hasFlushWaiters ? Math.min(usual, FLUSH_BACKOFF_MILLIS) : usual;
    const delay = cancellableDelay(this.#options.clock, millis);
    this.#state = { ...state, name: 'backing-off', delay };
    this.#ledger.backoffMillis += await delay.elapsed;
    if (this.#state.name === 'backing-off') {
      const { failures, refused } = this.#state;
      this.#state = { name: 'sending', failures, refused };
    }
  }

  // The state changes while a method awaits, which the compiler's narrowing does not know.

  #isClosed(): boolean {
    return this.#state.name === 'closed';
  }

  #isRefused(): boolean {
    return 'refused' in this.#state && this.#state.refused;
  }

  #failures(): Failures {
    return 'failures' in this.#state ? this.#state.failures : NO_FAILURES;
  }
}
