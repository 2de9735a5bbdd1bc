// Chunks as datagrams: paced, one payload at a time while nobody seems to listen, and what was not sent is
// sent again. What a receiver does with them is not known.

import { type Chunk, payloadBytes } from './chunk.js';
import type { DatagramChannel, OpenChannel } from './datagram-channel.js';
import type { Ledger } from './ledger.js';
import type { TransportOptions } from './options.js';
import { Outage } from './outage.js';
import { BURST_PAYLOADS, DatagramPace } from './pacing.js';
import type { ChunkQueue, QueuedChunk } from './queue.js';
import type { Carrier } from './queueing-transport.js';
import { errorCode } from './resolve.js';
import type { LineDropReason } from './transport.js';

/** While somebody waits for a flush, a receiver that comes back should be noticed at once. */
const HURRIED_RETRY_MILLIS = 100;

/** Errors that are the datagram's own: no socket would take it. */
const UNSENDABLE = new Set(['EINVAL', 'EFAULT', 'EOPNOTSUPP']);

type Fate = 'written' | LineDropReason;

/** Undefined when it is to be sent again. */
function fateOf(code: string | undefined): Fate | undefined {
  if (code === undefined) return 'written';
  if (code === 'EMSGSIZE') return 'too_large';
  return UNSENDABLE.has(code) ? 'udp_error' : undefined;
}

/** A chunk on its way: the payloads (by index) that are still to be sent. */
interface Delivery {
  readonly chunk: QueuedChunk;
  readonly pending: number[];
}

export class DatagramCarrier implements Carrier {
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #channel: DatagramChannel;
  readonly #outage: Outage;
  readonly #pace: DatagramPace;
  #delivery: Delivery | undefined;
  #isRunning = false;
  #bursting: Promise<unknown> | undefined;
  #isClosed = false;
  #pause: { readonly resume: () => void } | undefined;
  /** Attempts in a row that failed. */
  #failures = 0;
  #cause = '';
  #isRefused = false;

  constructor(queue: ChunkQueue, ledger: Ledger, options: TransportOptions, openChannel: OpenChannel) {
    this.#queue = queue;
    this.#ledger = ledger;
    this.#options = options;
    this.#outage = new Outage(options.clock, options.onEvent);
    this.#pace = new DatagramPace(options.pacing, options.clock);
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

  get oldestInFlightAt(): number | undefined {
    return this.#delivery?.chunk.enqueuedAt;
  }

  wake(chunk: Chunk): void {
    this.#pace.offered(chunk.payloads.length, chunk.bytes.length);
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  hurry(): void {
    this.#pause?.resume();
  }

  async destroy(): Promise<void> {
    this.#isClosed = true;
    this.#pause?.resume();
    this.#channel.close();
    await this.#bursting;
    const delivery = this.#delivery;
    if (delivery === undefined) return;
    const rest = delivery.pending.splice(0);
    this.#releaseIfDone(delivery);
    for (const index of rest) this.#settle(delivery, index, 'shutdown');
  }

  async #run(): Promise<void> {
    while (this.#takeDelivery()) {
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
    this.#channel.rest();
  }

  /** True when there is something to send. */
  #takeDelivery(): boolean {
    if (this.#isClosed) return false;
    if (this.#delivery === undefined) {
      const [chunk] = this.#queue.take(1);
      if (chunk === undefined) return false;
      this.#ledger.inFlightLines += chunk.lines;
      this.#delivery = { chunk, pending: [...chunk.payloads.keys()] };
    }
    return true;
  }

  /** A burst, as large as the pace allows; one payload while it is doubtful whether somebody listens. */
  async #sendSome(): Promise<void> {
    const delivery = this.#delivery;
    if (delivery === undefined) return;
    const isProbe = this.#failures > 0;
    const count = isProbe ? 1 : await this.#turn(delivery);
    // A refusal that came meanwhile is dealt with first.
    if (this.#isClosed || this.#isRefused) return;
    const burst = this.#sendBurst(delivery, delivery.pending.splice(0, count));
    this.#bursting = burst;
    const problem = await burst;
    if (problem !== undefined) return this.#failed(problem);
    if (!isProbe) return;
    await this.#wait(this.#channel.verdictMillis);
    if (!this.#isRefused) this.#succeeded();
  }

  /** Waits until the pace allows to send; answers how many payloads. */
  async #turn({ chunk, pending }: Delivery): Promise<number> {
    if (this.#channel.receiverPaces) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      return BURST_PAYLOADS;
    }
    const { nextDeadline } = this.#ledger;
    const perChunkByte = chunk.payloads.length / chunk.bytes.length;
    const waitMillis = this.#pace.millisUntilTurn({
      pending: pending.length + this.#queue.bytes * perChunkByte,
      millisLeft: nextDeadline === undefined ? undefined : nextDeadline - this.#options.clock.now(),
    });
    if (waitMillis > 0) await this.#wait(waitMillis);
    else await new Promise<void>((resolve) => setImmediate(resolve));
    return this.#pace.take(pending.length);
  }

  /** Answers what kept payloads from going out; those come first in the next burst. */
  async #sendBurst(delivery: Delivery, burst: readonly number[]): Promise<string | undefined> {
    const codes = await this.#send(burst.map((index) => payloadBytes(delivery.chunk, index)));
    let problem: string | undefined;
    const done: [index: number, fate: Fate][] = [];
    const unsent: number[] = [];
    burst.forEach((index, position) => {
      const code = codes[position];
      // Not tried at all, when the one before must not be overtaken.
      const fate = position < codes.length ? fateOf(code) : undefined;
      if (fate === undefined) unsent.push(index);
      else done.push([index, fate]);
      if (fate === undefined) problem ??= code;
    });
    delivery.pending.unshift(...unsent);
    this.#releaseIfDone(delivery);
    for (const [index, fate] of done) this.#settle(delivery, index, fate);
    return problem;
  }

  /** The result of each payload, up to the first that should not be overtaken. */
  async #send(payloads: readonly Uint8Array[]): Promise<(string | undefined)[]> {
    if (!this.#channel.receiverPaces) {
      return Promise.all(payloads.map((payload) => this.#channel.send(payload)));
    }
    const codes: (string | undefined)[] = [];
    for (const payload of payloads) {
      const code = await this.#channel.send(payload);
      codes.push(code);
      if (code !== undefined) break;
    }
    return codes;
  }

  /** Before the last lines are settled, so that whoever waited for them finds room. */
  #releaseIfDone({ chunk, pending }: Delivery): void {
    if (pending.length > 0) return;
    this.#queue.release(chunk);
    this.#delivery = undefined;
  }

  #settle({ chunk }: Delivery, index: number, fate: Fate): void {
    const { lines } = chunk.payloads[index]!;
    this.#ledger.inFlightLines -= lines;
    if (fate === 'too_large') this.#ledger.udpTooLarge += 1;
    if (fate === 'written') this.#ledger.write(lines, payloadBytes(chunk, index).length);
    else this.#ledger.drop(fate, lines);
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
    const usual = this.#channel.retryMillis(this.#failures, this.#cause);
    const millis = this.#ledger.hasWaiters ? Math.min(usual, HURRIED_RETRY_MILLIS) : usual;
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
