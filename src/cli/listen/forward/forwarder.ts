// Passes on what was received to the server that would have got it, and knows when that fails. It keeps nothing for a
// server that is away: what cannot be sent now is counted as lost.

import { backoffMillis } from '../../../runtime/backoff.js';
import type { Clock, Timer } from '../../../runtime/clock.js';
import { errorCode } from '../../../runtime/error-code.js';
import { withinDeadline } from '../../../runtime/within-deadline.js';
import type { Endpoint } from '../../../transport/endpoint/endpoint.js';
import type { Address } from '../../../transport/endpoint/resolver.js';
import type { Framing } from '../../../transport/packing/framing.js';
import { type Carrier, type CarrierEvents, openCarrier, PAYLOAD_BYTES } from './carrier.js';

export interface ForwarderOptions {
  readonly endpoint: Endpoint;
  readonly framing: Framing;
  /** The addresses of the endpoint's host, looked up before each connection; none for a path. */
  readonly addresses: () => Promise<readonly Address[]>;
  readonly clock: Clock;
  readonly random: () => number;
  /** Called when it begins to fail and when it works again. */
  readonly onChange: (state: ForwardState) => void;
}

export type ForwardHealth =
  | { readonly name: 'working' }
  | { readonly name: 'failing'; readonly cause: string };

export interface ForwardState {
  /** Datagrams, lines or frames that the operating system took and that were not refused. */
  readonly passedOn: number;
  readonly lost: number;
  readonly health: ForwardHealth;
}

/** Memory of payloads that wait for a connection, or for a server that reads slowly. */
const MAX_UNSENT_BYTES = 16 * 2 ** 20;

/** A refusal of a datagram comes back after it: this long without one, forwarding works again. */
const PROVEN_MILLIS = 1_000;

/** A server that was restarted gets its lines again after this long at most. */
const BACKOFF_CAP_MILLIS = 1_000;

/** How long the last payloads may take when the command ends. */
const CLOSE_MILLIS = 1_000;

type Link =
  | { readonly name: 'idle' }
  | { readonly name: 'opening'; readonly waiting: Buffer[]; readonly opened: Promise<void> }
  | { readonly name: 'open'; readonly carrier: Carrier }
  /** Before the next attempt. */
  | { readonly name: 'backing-off'; readonly cause: string; readonly timer: Timer }
  | { readonly name: 'closed' };

export class Forwarder {
  readonly #options: ForwarderOptions;
  #link: Link = { name: 'idle' };
  #health: ForwardHealth = { name: 'working' };
  #failures = 0;
  #waitingBytes = 0;
  #proof: Timer | undefined;
  #passedOn = 0;
  #lost = 0;

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  state(): ForwardState {
    return { passedOn: this.#passedOn, lost: this.#lost, health: this.#health };
  }

  send(payload: Buffer): void {
    if (this.#link.name === 'idle') {
      const waiting: Buffer[] = [];
      this.#link = { name: 'opening', waiting, opened: Promise.resolve().then(() => this.#open(waiting)) };
    }
    const link = this.#link;
    if (link.name === 'closed') return;
    if (link.name === 'backing-off') return this.#lose(link.cause);
    const unsent = link.name === 'opening' ? this.#waitingBytes : link.carrier.unsentBytes;
    if (unsent + payload.length + PAYLOAD_BYTES > MAX_UNSENT_BYTES) return this.#lose('stall');
    if (link.name === 'open') return this.#sendOver(link.carrier, payload);
    // A line is a part of what was read with it, up to 64 KiB, which would wait, too.
    link.waiting.push(Buffer.from(payload));
    this.#waitingBytes += payload.length + PAYLOAD_BYTES;
  }

  /** Sends what is left, for a second at most. Never rejects. */
  async close(): Promise<void> {
    const { clock } = this.#options;
    const end = async (): Promise<void> => {
      if (this.#link.name === 'opening') await this.#link.opened;
      if (this.#link.name === 'open') await this.#link.carrier.end();
    };
    await withinDeadline(CLOSE_MILLIS, end(), clock);
    this.#proof?.cancel();
    const link = this.#link;
    this.#link = { name: 'closed' };
    if (link.name === 'backing-off') link.timer.cancel();
    if (link.name === 'open') link.carrier.destroy();
  }

  async #open(waiting: readonly Buffer[]): Promise<void> {
    const { endpoint, framing, addresses } = this.#options;
    const events: CarrierEvents = {
      onRefused: (code) => this.#refused(code),
      onClosed: (code) => {
        if (this.#link.name === 'open') this.#disconnected(code);
      },
    };
    try {
      const carrier = await openCarrier({ endpoint, framing, addresses: await addresses() }, events);
      if (this.#link.name !== 'opening') return carrier.destroy();
      this.#waitingBytes = 0;
      this.#link = { name: 'open', carrier };
      for (const payload of waiting) this.#sendOver(carrier, payload);
    } catch (error) {
      if (this.#link.name !== 'opening') return;
      this.#waitingBytes = 0;
      const code = errorCode(error);
      this.#backOff(code);
      for (let left = waiting.length; left > 0; left -= 1) this.#lose(code);
    }
  }

  #sendOver(carrier: Carrier, payload: Buffer): void {
    carrier.send(payload, (code) => {
      if (code !== undefined) return this.#lose(code);
      this.#passedOn += 1;
      this.#succeeded();
    });
  }

  #refused(code: string): void {
    this.#passedOn = Math.max(0, this.#passedOn - 1);
    this.#lose(code);
  }

  /** The connection is gone; the callbacks of what was not sent have said so. */
  #disconnected(code: string | undefined): void {
    if (code === undefined) this.#link = { name: 'idle' };
    else this.#backOff(code);
  }

  #backOff(cause: string): void {
    const { clock, random } = this.#options;
    const delay = backoffMillis(this.#failures, random, { capMillis: BACKOFF_CAP_MILLIS });
    this.#failures += 1;
    const timer = clock.after(delay, () => {
      this.#link = { name: 'idle' };
    });
    this.#link = { name: 'backing-off', cause, timer };
    this.#failed(cause);
  }

  #lose(cause: string): void {
    this.#lost += 1;
    this.#failed(cause);
  }

  #failed(cause: string): void {
    this.#proof?.cancel();
    this.#proof = undefined;
    if (this.#health.name === 'failing') return;
    this.#health = { name: 'failing', cause };
    this.#options.onChange(this.state());
  }

  #succeeded(): void {
    if (this.#health.name === 'working' || this.#proof !== undefined) return;
    this.#proof = this.#options.clock.after(PROVEN_MILLIS, () => {
      this.#proof = undefined;
      this.#failures = 0;
      this.#health = { name: 'working' };
      this.#options.onChange(this.state());
    });
  }
}
