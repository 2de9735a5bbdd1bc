// Chunks as datagrams: paced, one payload at a time while nobody seems to listen, and what was not sent is
// sent again. What a receiver does with them is not known.

import { errorCode } from '../endpoint/resolver.js';
import type { TransportOptions } from '../options.js';
import { BURST_PAYLOADS, DatagramPacer } from '../pacing/pacing.js';
import { type Chunk, payloadCount } from '../packing/chunk.js';
import type { ChunkQueue } from '../queue/chunk-queue.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import { type InFlightDatagram, InFlightDatagrams, type SendOutcome } from '../queue/in-flight-datagrams.js';
import { OutageReporter } from '../queue/outage-reporter.js';
import type { Sender } from '../queueing-transport.js';
import type { CreateChannel, DatagramChannel } from './datagram-channel.js';

/** While somebody waits for a flush, a receiver that comes back should be noticed at once. */
const HURRIED_RETRY_MILLIS = 100;

/** Errors that are the datagram's own: no socket would take it. */
const UNSENDABLE = new Set(['EINVAL', 'EFAULT', 'EOPNOTSUPP']);

/** Undefined when it is to be sent again. */
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
  readonly #pace: DatagramPacer;
  readonly #consignment: InFlightDatagrams;
  #isRunning = false;
  #bursting: Promise<unknown> | undefined;
  #isClosed = false;
  #pause: { readonly resume: () => void } | undefined;
  /** Attempts in a row that failed. */
  #failures = 0;
  #cause = '';
  #isRefused = false;

  constructor(queue: ChunkQueue, ledger: Ledger, options: TransportOptions, openChannel: CreateChannel) {
    this.#ledger = ledger;
    this.#options = options;
    this.#consignment = new InFlightDatagrams(queue, ledger);
    this.#outage = new OutageReporter(options.clock, options.onEvent);
    this.#pace = new DatagramPacer(options.pacing, options.clock);
    this.#channel = openChannel(() => {
      // Without a run the last datagram was lost after we thought that we were done.
      if (!this.#isRunning) this.#failed('ECONNREFUSED');
      else this.#isRefused = true;
    });
  }

  get state(): string {
    if (this.#isClosed) return 'closed';
    if (!this.#isRunning) return 'idle';
    return this.#failures > 0 ? 'waiting' : 'sending';
  }

  get oldestEnqueuedAt(): number | undefined {
    return this.#consignment.oldestEnqueuedAt;
  }

  notify(chunk: Chunk): void {
    this.#pace.recordOffered(payloadCount(chunk), chunk.bytes.length);
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  retryNow(): void {
    this.#pause?.resume();
  }

  async destroy(): Promise<void> {
    this.#isClosed = true;
    this.#pause?.resume();
    this.#channel.close();
    await this.#bursting;
    this.#consignment.dropAll();
  }

  async #run(): Promise<void> {
    while (this.#hasWork()) {
      if (this.#isRefused) this.#failed('ECONNREFUSED');
      if (this.#failures > 0) await this.#retryPause();
      if (this.#isClosed) return;
      try {
        await this.#channel.open();
      } catch (error) {
        const code = errorCode(error);
        this.#ledger.count(this.#ledger.connectFailures, code);
        this.#failed(code);
        continue;
      }
      if (!this.#isClosed) await this.#sendSome();
    }
    this.#isRunning = false;
    this.#channel.idle();
  }

  #hasWork(): boolean {
    if (this.#isClosed) return false;
    this.#consignment.fill(BURST_PAYLOADS);
    return !this.#consignment.isEmpty;
  }

  /** A burst, as large as the pace allows; one payload while it is doubtful whether somebody listens. */
  async #sendSome(): Promise<void> {
    const isProbe = this.#failures > 0;
    const count = isProbe ? 1 : await this.#turn();
    // A refusal that came meanwhile is dealt with first.
    if (this.#isClosed || this.#isRefused) return;
    const burst = this.#sendBurst(count);
    this.#bursting = burst;
    const problem = await burst;
    if (problem !== undefined) return this.#failed(problem);
    if (!isProbe) return;
    await this.#wait(this.#channel.refusalDelayMillis);
    if (!this.#isRefused) this.#succeeded();
  }

  /** Waits until the pace allows to send; answers how many payloads. */
  async #turn(): Promise<number> {
    if (this.#channel.hasBackpressure) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      return BURST_PAYLOADS;
    }
    const { nextFlushDeadline } = this.#ledger;
    const sizes = this.#consignment.sizes(BURST_PAYLOADS);
    const waitMillis = this.#pace.millisUntilTurn({
      sizes,
      pendingBytes: this.#consignment.pendingBytes,
      millisLeft: nextFlushDeadline === undefined ? undefined : nextFlushDeadline - this.#options.clock.now(),
    });
    if (waitMillis > 0) await this.#wait(waitMillis);
    else await new Promise<void>((resolve) => setImmediate(resolve));
    return this.#pace.take(sizes);
  }

  /** Answers what kept payloads from going out; those come first in the next burst. */
  async #sendBurst(count: number): Promise<string | undefined> {
    const parcels = this.#consignment.take(count);
    const codes = await this.#channel.send(parcels.map(({ bytes }) => bytes));
    if (codes.length === parcels.length && codes.every((code) => code === undefined)) {
      this.#consignment.settle(parcels, 'written');
      return undefined;
    }
    return this.#sort(parcels, codes);
  }

  /** Not all were taken. Those behind the last code were not tried, for the one before must not be overtaken. */
  #sort(parcels: readonly InFlightDatagram[], codes: readonly (string | undefined)[]): string | undefined {
    const unsent: InFlightDatagram[] = [];
    parcels.forEach((parcel, position) => {
      const fate = position < codes.length ? classifySendError(codes[position]) : undefined;
      if (fate === 'too_large') this.#ledger.udpTooLarge += 1;
      if (fate === undefined) unsent.push(parcel);
      else this.#consignment.settle([parcel], fate);
    });
    this.#consignment.putBack(unsent);
    return codes.find((code) => classifySendError(code) === undefined);
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#outage.succeeded();
  }

  #failed(cause: string): void {
    this.#isRefused = false;
    this.#failures += 1;
    this.#cause = cause;
    this.#outage.failed(cause);
  }

  async #retryPause(): Promise<void> {
    const { clock } = this.#options;
    const startedAt = clock.now();
    const usual = this.#channel.backoffMillis(this.#failures, this.#cause);
    const millis = this.#ledger.hasFlushWaiters ? Math.min(usual, HURRIED_RETRY_MILLIS) : usual;
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        timer.cancel();
        this.#pause = undefined;
        resolve();
      };
      const timer = clock.after(millis, resume);
      this.#pause = { resume };
    });
    this.#ledger.backoffMillis += clock.now() - startedAt;
  }

  #wait(millis: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(millis, resolve);
    });
  }
}
