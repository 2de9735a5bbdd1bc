// Datagrams to one connected socket: paced, re-resolved, refused sends repeated. UDP promises nothing; this
// avoids the losses that a sender can avoid.

import type { Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { backoffMillis } from './backoff.js';
import { payloadBytes } from './chunk.js';
import type { Timer } from './clock.js';
import { openDatagramSocket, sendDatagram } from './datagram-socket.js';
import type { Ledger } from './ledger.js';
import type { TransportOptions } from './options.js';
import { Outage } from './outage.js';
import type { ChunkQueue, QueuedChunk } from './queue.js';
import type { Carrier } from './queueing-transport.js';
import { type Address, errorCode, resolveHost } from './resolve.js';

/**
 * A receiver's default buffer holds 92 datagrams of 1432 bytes. Bursts of a third of that, a millisecond
 * apart, leave room for a receiver that is busy for a moment; one unpaced burst loses a fifth or more.
 */
const BURST_PAYLOADS = 32;
const BURST_GAP_MILLIS = 1;

/** A name may move; its address is asked for again after this long, before the next send. */
const RESOLVE_AGAIN_MILLIS = 30_000;

/** After a refusal one payload at a time asks whether somebody listens; the answer comes back within this time. */
const PROBE_MILLIS = 100;
/** Longest wait between such probes; the first comes after a twentieth of it. */
const HOLD_CAP_MILLIS = 5_000;
const HOLD_FLOOR_MILLIS = 250;

type Link =
  | { readonly name: 'none' }
  | { readonly name: 'open'; readonly socket: Socket; readonly address: Address; readonly resolvedAt: number }
  | { readonly name: 'closed' };

/** A chunk on its way: the payloads (by index) that are still to be sent. */
interface Delivery {
  readonly chunk: QueuedChunk;
  readonly pending: number[];
}

export class UdpCarrier implements Carrier {
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #outage: Outage;
  #link: Link = { name: 'none' };
  #delivery: Delivery | undefined;
  #running = false;
  #pause: { readonly timer: Timer; readonly resume: () => void } | undefined;
  /** Failures in a row: refusals, look-ups, sockets that would not open. */
  #failures = 0;

  constructor(queue: ChunkQueue, ledger: Ledger, options: TransportOptions) {
    this.#queue = queue;
    this.#ledger = ledger;
    this.#options = options;
    this.#outage = new Outage(options.clock, options.onEvent);
  }

  get state(): string {
    if (this.#link.name === 'closed') return 'closed';
    if (!this.#running) return 'idle';
    return this.#failures > 0 ? 'waiting' : 'sending';
  }

  get oldestInFlightAt(): number | undefined {
    return this.#delivery?.chunk.enqueuedAt;
  }

  wake(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run();
  }

  hurry(): void {
    this.#pause?.resume();
  }

  destroy(): void {
    this.#closeSocket();
    this.#link = { name: 'closed' };
    if (this.#delivery !== undefined) this.#abandon(this.#delivery);
    this.#pause?.resume();
  }

  async #run(): Promise<void> {
    while (this.#takeDelivery()) {
      const probing = this.#failures > 0 && !this.#ledger.hasWaiters;
      if (probing) await this.#wait(this.#holdMillis());
      const socket = await this.#openSocket();
      if (socket === undefined) continue;

      const refusedBefore = this.#ledger.udpRefused;
      const problem = await this.#sendBurst(socket, probing ? 1 : BURST_PAYLOADS);
      if (probing) await this.#wait(PROBE_MILLIS);
      else if (this.#takeDelivery()) await this.#wait(BURST_GAP_MILLIS);

      const refused = this.#ledger.udpRefused > refusedBefore ? 'ECONNREFUSED' : undefined;
      this.#judge(problem ?? refused);
    }
    this.#running = false;
  }

  /** True when there is something to send; finished chunks make way for the next. */
  #takeDelivery(): boolean {
    if (this.#link.name === 'closed') return false;
    if (this.#delivery?.pending.length === 0) {
      this.#queue.release(this.#delivery.chunk);
      this.#delivery = undefined;
    }
    if (this.#delivery === undefined && !this.#queue.isEmpty) {
      const [chunk] = this.#queue.take(1);
      if (chunk !== undefined) {
        this.#ledger.inFlightLines += chunk.lines;
        this.#delivery = { chunk, pending: [...chunk.payloads.keys()] };
      }
    }
    return this.#delivery !== undefined;
  }

  /** Sends the next payloads side by side; answers what kept one from going out. */
  async #sendBurst(socket: Socket, payloads: number): Promise<string | undefined> {
    const delivery = this.#delivery;
    if (delivery === undefined) return undefined;
    const burst = delivery.pending.splice(0, payloads);
    const codes = await Promise.all(
      burst.map((index) =>
        sendDatagram(socket, payloadBytes(delivery.chunk, index), () => {
          this.#ledger.udpRefused += 1;
        }),
      ),
    );
    // Closed while sending: the rest of the delivery is accounted for, what this burst holds is not.
    const unsent: number[] = [];
    let problem: string | undefined;
    burst.forEach((index, position) => {
      const code = codes[position];
      if (code === undefined) this.#settle(delivery, index, 'written');
      else if (code === 'EMSGSIZE') this.#settle(delivery, index, 'too_large');
      else {
        unsent.push(index);
        problem = code;
      }
    });
    delivery.pending.unshift(...unsent);
    if (this.#link.name === 'closed') this.#abandon(delivery);
    return problem;
  }

  #settle({ chunk }: Delivery, index: number, fate: 'written' | 'too_large' | 'shutdown'): void {
    const { lines } = chunk.payloads[index]!;
    this.#ledger.inFlightLines -= lines;
    if (fate === 'written') this.#ledger.write(lines, payloadBytes(chunk, index).length);
    else this.#ledger.drop(fate, lines);
  }

  #abandon(delivery: Delivery): void {
    for (const index of delivery.pending.splice(0)) this.#settle(delivery, index, 'shutdown');
  }

  #judge(problem: string | undefined): void {
    if (problem === undefined) {
      this.#failures = 0;
      this.#outage.succeeded();
      return;
    }
    this.#failures += 1;
    this.#outage.failed(problem);
    if (problem !== 'ECONNREFUSED') this.#closeSocket();
  }

  async #openSocket(): Promise<Socket | undefined> {
    const { clock, connectTimeoutMillis, endpoint, lookup } = this.#options;
    const link = this.#link;
    if (link.name === 'open' && !this.#isStale(link.resolvedAt)) return link.socket;
    try {
      const address = await resolveHost(endpoint.host, lookup, connectTimeoutMillis, clock);
      const resolvedAt = clock.now();
      if (link.name === 'open' && address.address === link.address.address) {
        this.#link = { ...link, resolvedAt };
        return link.socket;
      }
      const socket = await openDatagramSocket(address, endpoint.port, (code) => this.#socketFailed(code));
      if (this.#link.name === 'closed') {
        socket.close();
        return undefined;
      }
      if (link.name === 'open') this.#ledger.dnsChanges += 1;
      this.#closeSocket();
      this.#ledger.connects += 1;
      this.#link = { name: 'open', socket, address, resolvedAt };
      return socket;
    } catch (error) {
      this.#ledger.dnsFailures += 1;
      // An address that worked is better than none.
      if (link.name === 'open' && this.#link.name === 'open') {
        this.#link = { ...link, resolvedAt: clock.now() };
        return link.socket;
      }
      this.#judge(errorCode(error));
      await this.#wait(backoffMillis(this.#failures, this.#options.random));
      return undefined;
    }
  }

  #isStale(resolvedAt: number): boolean {
    if (isIP(this.#options.endpoint.host) !== 0) return false;
    return this.#failures > 0 || this.#options.clock.now() - resolvedAt >= RESOLVE_AGAIN_MILLIS;
  }

  #socketFailed(code: string): void {
    if (code === 'ECONNREFUSED') this.#ledger.udpRefused += 1;
    this.#judge(code);
  }

  #closeSocket(): void {
    if (this.#link.name !== 'open') return;
    this.#link.socket.close();
    this.#link = { name: 'none' };
  }

  #holdMillis(): number {
    const ceiling = Math.min(HOLD_CAP_MILLIS, HOLD_FLOOR_MILLIS * 2 ** Math.min(this.#failures, 5));
    return Math.max(HOLD_FLOOR_MILLIS, this.#options.random() * ceiling);
  }

  /** Waits, but no longer than until somebody is in a hurry. */
  #wait(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const resume = (): void => {
        this.#pause?.timer.cancel();
        this.#pause = undefined;
        resolve();
      };
      this.#pause = { timer: this.#options.clock.after(millis, resume), resume };
    });
  }
}
