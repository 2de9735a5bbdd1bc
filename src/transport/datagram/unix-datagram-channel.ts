// Datagrams to the socket file of a server on this machine. None is lost in between: a send fails when the receiver has no
// room or is gone, and the datagram is kept.

import { backoffMillis, pathBackoffCapMillis } from '../../runtime/backoff.js';
import { type CancellableDelay, cancellableDelay } from '../../runtime/cancellable-delay.js';
import { errorCode, errorWithCode } from '../../runtime/error-code.js';
import type { PathEndpoint } from '../endpoint/endpoint.js';
import { PROTOCOLS } from '../endpoint/protocols.js';
import type { TransportOptions } from '../options.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import type { DatagramChannel } from './datagram-channel.js';
import type { UnixDatagramModule, UnixDatagramSocket } from './load-unix-dgram.js';

/** unix-dgram calls back with this code when the receiver's queue (net.unix.max_dgram_qlen) is full. */
const CONGESTION = 1;

/** How long to wait for room when no `writable` event arrives. */
const ROOM_MILLIS = 1;

type SocketState =
  | { readonly name: 'none' }
  /** `room`: the wait of a send for room in the receiver's queue. */
  | { readonly name: 'connected'; readonly socket: UnixDatagramSocket; readonly room?: CancellableDelay }
  | { readonly name: 'closed' };

export class UnixDatagramChannel implements DatagramChannel {
  readonly hasBackpressure = PROTOCOLS.unixgram.hasBackpressure;
  readonly refusalDelayMillis = PROTOCOLS.unixgram.refusalDelayMillis;
  readonly #path: string;
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #load: () => Promise<UnixDatagramModule>;
  #state: SocketState = { name: 'none' };

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
    if (this.#state.name !== 'none') return;
    const { createSocket } = await this.#load();
    if (this.#state.name !== 'none') return;
    let socket: UnixDatagramSocket;
    try {
      socket = connected(createSocket('unix_dgram'), this.#path);
    } catch (error) {
      throw errorWithCode(codeOf(error), `cannot connect to ${this.#path}`);
    }
    this.#state = { name: 'connected', socket };
    socket.on('writable', () => this.#stopWaiting());
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
    const deadline = clock.now() + stallTimeoutMillis;
    for (;;) {
      const state = this.#state;
      if (state.name !== 'connected') return 'ENOTCONN';
      const code = await sendOnce(state.socket, payload);
      if (code !== 'ENOBUFS') {
        // A receiver that was restarted has another socket behind the same path.
        if (code !== undefined && code !== 'EMSGSIZE') this.#closeSocket();
        return code;
      }
      if (clock.now() >= deadline) return 'stall';
      await this.#waitForRoom();
    }
  }

  /** An open socket of unix-dgram 2.0.7 keeps the process alive, and a new one costs little. */
  idle(): void {
    this.#closeSocket();
  }

  backoffMillis(failures: number, cause: string): number {
    return backoffMillis(failures, this.#options.random, { capMillis: pathBackoffCapMillis(cause) });
  }

  close(): void {
    this.#stopWaiting();
    this.#closeSocket();
    this.#state = { name: 'closed' };
  }

  async #waitForRoom(): Promise<void> {
    if (this.#state.name !== 'connected') return;
    const room = cancellableDelay(this.#options.clock, ROOM_MILLIS);
    this.#state = { ...this.#state, room };
    await room.elapsed;
  }

  #stopWaiting(): void {
    if (this.#state.name === 'connected') this.#state.room?.cutShort();
  }

  /** Once for each socket: closing one twice makes unix-dgram 2.0.7 abort the process. */
  #closeSocket(): void {
    const state = this.#state;
    if (state.name !== 'connected') return;
    this.#state = { name: 'none' };
    try {
      state.socket.close();
    } catch {
      // It is closed already.
    }
  }
}

/** Events arrive before `connect()` returns. Throws the socket's error. */
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
      socket.send(payload, (error) => resolve(error === undefined ? undefined : codeOf(error)));
    } catch (error) {
      resolve(codeOf(error));
    }
  });
}

/** unix-dgram's errors have the negative errno as their code. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === CONGESTION) return 'ENOBUFS';
  return typeof code === 'number' && code < 0
    ? process.getBuiltinModule('node:util').getSystemErrorName(code)
    : errorCode(error);
}
