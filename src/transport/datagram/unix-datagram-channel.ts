// Datagrams to the socket file of a server on this machine. Nothing is lost on the way: a send fails when the
// receiver has no room or is gone, and the datagram is kept.

import { getSystemErrorName } from 'node:util';
import { backoffMillis, pathBackoffCapMillis } from '../../runtime/backoff.js';
import type { PathEndpoint } from '../endpoint/endpoint.js';
import { errorCode } from '../endpoint/resolver.js';
import type { TransportOptions } from '../options.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import type { DatagramChannel } from './datagram-channel.js';
import type { UnixDatagramModule, UnixDatagramSocket } from './load-unix-dgram.js';

/** unix-dgram calls back with this code when the receiver's queue (net.unix.max_dgram_qlen) is full. */
const CONGESTION = 1;

/** How long to wait for room when nobody says that there is some. */
const ROOM_MILLIS = 1;

export class UnixDatagramChannel implements DatagramChannel {
  readonly hasBackpressure = true;
  readonly refusalDelayMillis = 0;
  readonly #path: string;
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #load: () => Promise<UnixDatagramModule>;
  #socket: UnixDatagramSocket | undefined;
  #onRoom = (): void => {};
  #isClosed = false;

  constructor(
    endpoint: PathEndpoint,
    ledger: Ledger,
    options: TransportOptions,
    load: () => Promise<UnixDatagramModule>,
  ) {
    this.#path = endpoint.path;
    this.#ledger = ledger;
    this.#options = options;
    this.#load = load;
  }

  async open(): Promise<void> {
    if (this.#socket !== undefined) return;
    const { createSocket } = await this.#load();
    if (this.#isClosed) return;
    try {
      this.#socket = connected(createSocket('unix_dgram'), this.#path);
    } catch (error) {
      throw Object.assign(new Error(`cannot connect to ${this.#path}`), { code: numericCode(error) });
    }
    this.#socket.on('writable', () => this.#onRoom());
    this.#ledger.connects += 1;
  }

  /** One after the other, up to the first that has to be sent again. */
  async send(payloads: readonly Uint8Array[]): Promise<readonly (string | undefined)[]> {
    const codes: (string | undefined)[] = [];
    for (const payload of payloads) {
      const code = await this.#send(payload);
      codes.push(code);
      if (code !== undefined) break;
    }
    return codes;
  }

  async #send(payload: Uint8Array): Promise<string | undefined> {
    const { clock, stallTimeoutMillis } = this.#options;
    const giveUpAt = clock.now() + stallTimeoutMillis;
    for (;;) {
      const socket = this.#socket;
      if (socket === undefined) return 'ENOTCONN';
      const code = await sendOnce(socket, payload);
      if (code !== 'ENOBUFS') {
        // A receiver that was restarted has another socket behind the same path.
        if (code !== undefined && code !== 'EMSGSIZE') this.#closeSocket();
        return code;
      }
      if (clock.now() >= giveUpAt) return 'stall';
      await this.#room();
    }
  }

  /** An open socket of unix-dgram 2.0.7 keeps the process alive; another is made in no time. */
  idle(): void {
    this.#closeSocket();
  }

  backoffMillis(failures: number, cause: string): number {
    return backoffMillis(failures, this.#options.random, { capMillis: pathBackoffCapMillis(cause) });
  }

  close(): void {
    this.#isClosed = true;
    this.#closeSocket();
    this.#onRoom();
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(ROOM_MILLIS, () => this.#onRoom());
      this.#onRoom = () => {
        timer.cancel();
        this.#onRoom = () => {};
        resolve();
      };
    });
  }

  /** Once for each socket: to close one twice makes unix-dgram 2.0.7 abort the process. */
  #closeSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    try {
      socket?.close();
    } catch {
      // Closed is closed.
    }
  }
}

/** Events come before `connect()` returns. Throws what the socket says. */
function connected(socket: UnixDatagramSocket, path: string): UnixDatagramSocket {
  let failure: Error | undefined;
  // The listener stays: an error without one would crash the process.
  socket.on('error', (error) => {
    failure = error;
  });
  socket.connect(path);
  if (failure === undefined) return socket;
  socket.close();
  throw failure;
}

function sendOnce(socket: UnixDatagramSocket, payload: Uint8Array): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      socket.send(payload, (error) => resolve(error === undefined ? undefined : numericCode(error)));
    } catch (error) {
      resolve(numericCode(error));
    }
  });
}

/** unix-dgram's errors carry the negative errno as their code. */
function numericCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === CONGESTION) return 'ENOBUFS';
  return typeof code === 'number' && code < 0 ? getSystemErrorName(code) : errorCode(error);
}
