// How to get to the server of a stream: by name or address, or by the path of a socket file.

import { stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { pathBackoffCapMillis } from '../../runtime/backoff.js';
import type { HostEndpoint } from '../endpoint/endpoint.js';
import { hostResolver } from '../endpoint/host-resolver.js';
import type { Address, Resolver } from '../endpoint/resolver.js';
import type { TransportOptions } from '../options.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import { openTcp, openTls, openUnix, type StreamSocket } from './connect.js';

export interface StreamTarget {
  /** Finds out where to connect to; rejects with a code. */
  resolve(): Promise<void>;
  /** Begins to connect. Only after `prepare()`. */
  open(): StreamSocket;
  markConnected(socket: Socket): void;
  /** The attempt or the connection failed: another address may be better. */
  markFailed(): void;
  /** True when somebody else would answer now than did when the connection was made. */
  isReplaced(): Promise<boolean>;
  /** The longest back-off after such a failure. */
  backoffCapMillis(cause: string): number | undefined;
}

export class HostTarget implements StreamTarget {
  readonly #endpoint: HostEndpoint;
  readonly #options: TransportOptions;
  readonly #resolver: Resolver;
  #addresses: readonly [Address, ...Address[]] | undefined;
  #address: string | undefined;

  constructor(endpoint: HostEndpoint, ledger: Ledger, options: TransportOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#resolver = hostResolver(endpoint, ledger, options);
  }

  async resolve(): Promise<void> {
    this.#addresses = await this.#resolver.resolve();
  }

  open(): StreamSocket {
    if (this.#addresses === undefined) throw new Error('no address is known yet');
    const { mayReset, tls } = this.#options;
    return this.#endpoint.protocol === 'tls'
      ? openTls(this.#addresses, this.#endpoint, mayReset, tls)
      : openTcp(this.#addresses, this.#endpoint.port, mayReset);
  }

  markConnected({ remoteAddress }: Socket): void {
    this.#address = remoteAddress;
    if (remoteAddress !== undefined) this.#resolver.markReachable(remoteAddress);
  }

  markFailed(): void {
    if (this.#address !== undefined) this.#resolver.markFailed(this.#address);
    this.#address = undefined;
  }

  /** The age limit of connections is enough: every new one looks the name up. */
  isReplaced(): Promise<boolean> {
    return Promise.resolve(false);
  }

  backoffCapMillis(): undefined {
    return undefined;
  }
}

export class PathTarget implements StreamTarget {
  readonly #path: string;
  #file: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Remembers the file beforehand: one that is replaced while we connect is noticed later. */
  async resolve(): Promise<void> {
    this.#file = await this.#identity();
  }

  open(): StreamSocket {
    return openUnix(this.#path);
  }

  markConnected(): void {}

  markFailed(): void {}

  async isReplaced(): Promise<boolean> {
    return (await this.#identity()) !== this.#file;
  }

  backoffCapMillis(cause: string): number {
    return pathBackoffCapMillis(cause);
  }

  /** A removed file's inode number may be given to the next, but not its time of change. */
  async #identity(): Promise<string | undefined> {
    try {
      const { dev, ino, ctimeMs } = await stat(this.#path);
      return `${dev}:${ino}:${ctimeMs}`;
    } catch {
      // Connecting will tell what is wrong with it.
      return undefined;
    }
  }
}
