// Where a stream connects to: a host by name or address, or the path of a socket file.

import type { Socket } from 'node:net';
import { pathBackoffCapMillis } from '../../runtime/backoff.js';
import { isNamedPipe } from '../../runtime/socket-path.js';
import type { HostEndpoint } from '../endpoint/endpoint.js';
import { PROTOCOLS } from '../endpoint/protocols.js';
import { type Address, Resolver } from '../endpoint/resolver.js';
import type { AbortMethod, TransportOptions } from '../options.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import { openTcp, openTls, openUnix, type StreamSocket } from './connect.js';

export interface StreamTarget {
  /** How a connection to it is aborted. */
  readonly abortWith: AbortMethod;
  /** Finds out where to connect to; rejects with a code. `isReplaced()` is called only if the connection is to stay open. */
  resolve(options: { readonly staysOpen: boolean }): Promise<void>;
  /** Begins to connect. Only after `resolve()`. */
  open(): StreamSocket;
  markConnected(socket: Socket): void;
  /** The attempt or the connection failed: another address may be better. */
  markFailed(): void;
  /** True when another server would answer now than the connected one. */
  isReplaced(): Promise<boolean>;
  /** The longest back-off after such a failure; undefined for the usual one. */
  backoffCapMillis(cause: string): number | undefined;
}

export class HostTarget implements StreamTarget {
  readonly abortWith: AbortMethod;
  readonly #endpoint: HostEndpoint;
  readonly #options: TransportOptions;
  readonly #resolver: Resolver;
  #addresses: readonly [Address, ...Address[]] | undefined;
  #connectedAddress: string | undefined;

  constructor(endpoint: HostEndpoint, ledger: Ledger, options: TransportOptions) {
    this.abortWith = options.abortWith;
    this.#endpoint = endpoint;
    this.#options = options;
    this.#resolver = Resolver.for(endpoint, ledger, options);
  }

  async resolve(): Promise<void> {
    this.#addresses = await this.#resolver.resolve();
  }

  open(): StreamSocket {
    if (this.#addresses === undefined) throw new Error('open() before resolve()');
    return PROTOCOLS[this.#endpoint.protocol].isEncrypted
      ? openTls(this.#addresses, this.#endpoint, this.#options.tls)
      : openTcp(this.#addresses, this.#endpoint.port);
  }

  markConnected({ remoteAddress }: Socket): void {
    this.#connectedAddress = remoteAddress;
    if (remoteAddress !== undefined) this.#resolver.markReachable(remoteAddress);
  }

  markFailed(): void {
    if (this.#connectedAddress !== undefined) this.#resolver.markFailed(this.#connectedAddress);
    this.#connectedAddress = undefined;
  }

  /** Each new connection looks the name up, so the age limit of connections is enough. */
  isReplaced(): Promise<boolean> {
    return Promise.resolve(false);
  }

  backoffCapMillis(): undefined {
    return undefined;
  }
}

export class PathTarget implements StreamTarget {
  /** There is no RST on unix sockets. */
  readonly abortWith = 'fin';
  readonly #path: string;
  #fileIdentity: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Remembers the file before connecting, so that one that is replaced meanwhile is noticed later. */
  async resolve({ staysOpen }: { readonly staysOpen: boolean }): Promise<void> {
    if (staysOpen) this.#fileIdentity = await this.#currentIdentity();
  }

  open(): StreamSocket {
    return openUnix(this.#path);
  }

  markConnected(): void {}

  markFailed(): void {}

  async isReplaced(): Promise<boolean> {
    return (await this.#currentIdentity()) !== this.#fileIdentity;
  }

  backoffCapMillis(cause: string): number {
    return pathBackoffCapMillis(cause);
  }

  /**
   * The inode number of a removed file may be used again, but not together with its time of change. A named pipe ends with
   * its server, and to look at it would open it.
   */
  async #currentIdentity(): Promise<string | undefined> {
    if (isNamedPipe(this.#path)) return undefined;
    try {
      const { dev, ino, ctimeMs } = await process.getBuiltinModule('node:fs/promises').stat(this.#path);
      return `${dev}:${ino}:${ctimeMs}`;
    } catch {
      // Connecting will report what is wrong.
      return undefined;
    }
  }
}
