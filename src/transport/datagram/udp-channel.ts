// UDP to one address at a time. The socket is connected, so that sends need no lookup and refusals are reported.

import type { Socket } from 'node:dgram';
import { backoffMillis } from '../../runtime/backoff.js';
import { withinDeadline } from '../../runtime/within-deadline.js';
import type { HostEndpoint } from '../endpoint/endpoint.js';
import { PROTOCOLS } from '../endpoint/protocols.js';
import { type Address, Resolver } from '../endpoint/resolver.js';
import type { TransportOptions } from '../options.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import type { DatagramChannel } from './datagram-channel.js';
import { openUdpSocket, sendDatagrams } from './udp-socket.js';

/** A name may move: after this long it is looked up again before the next send. */
const RESOLVE_AGAIN_MILLIS = 30_000;

/** How long that lookup may hold up datagrams that could be sent to the known address. */
const REFRESH_GRACE_MILLIS = 250;

/** NAT and load balancers pin a flow to one backend; a new source port makes them choose again. */
const RENEW_SOCKET_MILLIS = 300_000;

/** Back-off bounds after a refusal: a probe costs one datagram. */
const PROBE_FLOOR_MILLIS = 250;
const PROBE_CAP_MILLIS = 5_000;

type SocketState =
  | { readonly name: 'none' }
  | {
      readonly name: 'connected';
      readonly socket: Socket;
      readonly address: string;
      readonly openedAt: number;
    }
  | { readonly name: 'closed' };

/** The address to send to; it differs from the socket's when the name has moved. */
type Target =
  /** Unknown, or doubtful after a failure: looked up before the next send. */
  | { readonly name: 'unresolved' }
  | { readonly name: 'resolved'; readonly address: Address; readonly resolvedAt: number }
  /** Looked up again while datagrams are sent to the old address. */
  | { readonly name: 'refreshing'; readonly address: Address };

export class UdpChannel implements DatagramChannel {
  readonly hasBackpressure = PROTOCOLS.udp.hasBackpressure;
  readonly refusalDelayMillis = PROTOCOLS.udp.refusalDelayMillis;
  readonly #endpoint: HostEndpoint;
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #onRefused: () => void;
  readonly #openUdp: typeof openUdpSocket;
  readonly #resolver: Resolver;
  #socket: SocketState = { name: 'none' };
  #target: Target = { name: 'unresolved' };

  constructor(
    endpoint: HostEndpoint,
    ledger: Ledger,
    options: TransportOptions,
    onRefused: () => void,
    openUdp: typeof openUdpSocket = openUdpSocket,
  ) {
    this.#endpoint = endpoint;
    this.#ledger = ledger;
    this.#options = options;
    this.#onRefused = onRefused;
    this.#openUdp = openUdp;
    this.#resolver = Resolver.for(endpoint, ledger, options);
  }

  async open(): Promise<void> {
    const address = await this.#currentAddress();
    const { clock } = this.#options;
    const current = this.#socket;
    const isUsable =
      current.name === 'connected' &&
      current.address === address.address &&
      clock.now() - current.openedAt < RENEW_SOCKET_MILLIS;
    if (isUsable) return;

    const socket = await this.#openSocket(address);
    if (this.#socket.name === 'closed') return void socket.close();
    this.#closeSocket();
    this.#ledger.connects += 1;
    this.#resolver.markReachable(address.address);
    this.#socket = { name: 'connected', socket, address: address.address, openedAt: clock.now() };
  }

  async send(payloads: readonly Uint8Array[]): Promise<readonly (string | undefined)[]> {
    const connected = this.#socket;
    if (connected.name !== 'connected') return ['ENOTCONN'];
    const codes = await sendDatagrams(connected.socket, payloads);
    for (const code of codes) {
      if (code === undefined || code === 'EMSGSIZE' || this.#socket !== connected) continue;
      this.#failed(code, connected.address);
      // Other errors than a refusal may be the socket's.
      if (code !== 'ECONNREFUSED') this.#closeSocket();
    }
    return codes;
  }

  /** The socket stays open: it does not keep the process alive. */
  idle(): void {}

  backoffMillis(failures: number, cause: string): number {
    const { random } = this.#options;
    if (cause !== 'ECONNREFUSED') return backoffMillis(failures, random);
    return backoffMillis(failures, random, { floorMillis: PROBE_FLOOR_MILLIS, capMillis: PROBE_CAP_MILLIS });
  }

  close(): void {
    this.#closeSocket();
    this.#socket = { name: 'closed' };
  }

  async #currentAddress(): Promise<Address> {
    const target = this.#target;
    if (target.name === 'unresolved') return this.#resolve();
    if (target.name === 'resolved' && this.#isStale(target.resolvedAt)) {
      this.#target = { name: 'refreshing', address: target.address };
      // A slow lookup must not hold up what can be sent to the known address.
      await withinDeadline(REFRESH_GRACE_MILLIS, this.#resolve(), this.#options.clock, {
        holdProcess: false,
      });
    }
    return this.#target.name === 'unresolved' ? target.address : this.#target.address;
  }

  async #resolve(): Promise<Address> {
    const [address] = await this.#resolver.resolve();
    this.#target = { name: 'resolved', address, resolvedAt: this.#options.clock.now() };
    return address;
  }

  #isStale(resolvedAt: number): boolean {
    return !this.#resolver.isLiteral && this.#options.clock.now() - resolvedAt >= RESOLVE_AGAIN_MILLIS;
  }

  async #openSocket(address: Address): Promise<Socket> {
    try {
      const socket = await this.#openUdp(address, this.#endpoint.port, (code) => {
        if (this.#socket.name === 'connected' && this.#socket.socket === socket) {
          this.#failed(code, address.address);
        }
      });
      return socket;
    } catch (error) {
      this.#resolver.markFailed(address.address);
      this.#target = { name: 'unresolved' };
      throw error;
    }
  }

  #failed(code: string, address: string): void {
    if (code === 'ECONNREFUSED') {
      this.#ledger.udpRefused += 1;
      this.#onRefused();
    }
    this.#target = { name: 'unresolved' };
    this.#resolver.markFailed(address);
  }

  #closeSocket(): void {
    if (this.#socket.name !== 'connected') return;
    this.#socket.socket.close();
    this.#socket = { name: 'none' };
  }
}
