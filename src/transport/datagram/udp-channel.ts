// UDP to one address at a time: connected, so that sends need no look-up and refusals are heard of.

import type { Socket } from 'node:dgram';
import { backoffMillis } from '../../runtime/backoff.js';
import type { HostEndpoint } from '../endpoint/endpoint.js';
import { hostResolver } from '../endpoint/host-resolver.js';
import type { Address, Resolver } from '../endpoint/resolver.js';
import type { TransportOptions } from '../options.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import type { DatagramChannel } from './datagram-channel.js';
import { openUdpSocket, sendDatagrams } from './udp-socket.js';

/** A name may move; its address is asked for again after this long, before the next send. */
const RESOLVE_AGAIN_MILLIS = 30_000;

/** How long that may hold up what could be sent to the address that is known. */
const PATIENCE_MILLIS = 250;

/** Address translators may keep sending a flow to a server that is gone; a new socket is a new flow. */
const RENEW_MILLIS = 300_000;

/** Between probes of a port on which nobody listened. */
const PROBE_FLOOR_MILLIS = 250;
const PROBE_CAP_MILLIS = 5_000;

/** How long the ICMP answer to a datagram may take. */
const ICMP_MILLIS = 100;

interface Link {
  readonly socket: Socket;
  readonly address: string;
  readonly openedAt: number;
}

export class UdpChannel implements DatagramChannel {
  readonly hasBackpressure = false;
  readonly refusalDelayMillis = ICMP_MILLIS;
  readonly #endpoint: HostEndpoint;
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #onRefused: () => void;
  readonly #resolver: Resolver;
  #link: Link | undefined;
  #resolvedAt = 0;
  /** Where to send to; differs from the link's address when the name has moved. */
  #target: Address | undefined;
  /** True after a failure: the address may be wrong. */
  #isDoubtful = false;
  /** True while a name is being asked for again; what is sent meanwhile goes where it went before. */
  #isAsking = false;
  #isClosed = false;

  constructor(endpoint: HostEndpoint, ledger: Ledger, options: TransportOptions, onRefused: () => void) {
    this.#endpoint = endpoint;
    this.#ledger = ledger;
    this.#options = options;
    this.#onRefused = onRefused;
    this.#resolver = hostResolver(endpoint, ledger, options);
  }

  async open(): Promise<void> {
    const isUsable = this.#link !== undefined && !this.#isDoubtful;
    if (!isUsable) await this.#resolve();
    else if (this.#isStale() && !this.#isAsking) await this.#resolveInPassing();
    const link = this.#link;
    const target = this.#target;
    if (target === undefined) throw new Error('no address is known');
    if (link !== undefined && link.address === target.address && !this.#isOld(link)) return;

    const socket = await this.#openSocket(target);
    if (this.#isClosed) return void socket.close();
    this.#closeLink();
    this.#ledger.connects += 1;
    this.#resolver.markReachable(target.address);
    this.#link = { socket, address: target.address, openedAt: this.#options.clock.now() };
  }

  async send(payloads: readonly Uint8Array[]): Promise<readonly (string | undefined)[]> {
    const link = this.#link;
    if (link === undefined) return ['ENOTCONN'];
    const codes = await sendDatagrams(link.socket, payloads);
    for (const code of codes) {
      if (code === undefined || code === 'EMSGSIZE' || this.#link !== link) continue;
      this.#failed(code);
      // Other errors than a refusal may be the socket's.
      if (code !== 'ECONNREFUSED') this.#closeLink();
    }
    return codes;
  }

  /** The socket is kept, and does not hold the process. */
  idle(): void {}

  backoffMillis(failures: number, cause: string): number {
    const { random } = this.#options;
    if (cause !== 'ECONNREFUSED') return backoffMillis(failures, random);
    return backoffMillis(failures, random, { floorMillis: PROBE_FLOOR_MILLIS, capMillis: PROBE_CAP_MILLIS });
  }

  close(): void {
    this.#isClosed = true;
    this.#closeLink();
  }

  async #resolve(): Promise<void> {
    const [target] = await this.#resolver.resolve();
    this.#target = target;
    this.#resolvedAt = this.#options.clock.now();
    this.#isDoubtful = false;
  }

  /** Asks again, but does not let a slow answer hold up what can be sent to the address that is known. */
  #resolveInPassing(): Promise<void> {
    this.#isAsking = true;
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(PATIENCE_MILLIS, resolve);
      const done = (): void => {
        this.#isAsking = false;
        timer.cancel();
        resolve();
      };
      this.#resolve().then(done, done);
    });
  }

  async #openSocket(target: Address): Promise<Socket> {
    try {
      const socket = await openUdpSocket(target, this.#endpoint.port, (code) => {
        if (this.#link?.socket === socket) this.#failed(code);
      });
      return socket;
    } catch (error) {
      this.#resolver.markFailed(target.address);
      this.#isDoubtful = true;
      throw error;
    }
  }

  #isStale(): boolean {
    return !this.#resolver.isLiteral && this.#options.clock.now() - this.#resolvedAt >= RESOLVE_AGAIN_MILLIS;
  }

  #isOld({ openedAt }: Link): boolean {
    return this.#options.clock.now() - openedAt >= RENEW_MILLIS;
  }

  #failed(code: string): void {
    if (code === 'ECONNREFUSED') {
      this.#ledger.udpRefused += 1;
      this.#onRefused();
    }
    this.#isDoubtful = true;
    if (this.#link !== undefined) this.#resolver.markFailed(this.#link.address);
  }

  #closeLink(): void {
    this.#link?.socket.close();
    this.#link = undefined;
  }
}
