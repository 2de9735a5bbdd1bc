// One open (or opening) stream socket, from the first event to the last. Its events become events of the state machine
// (connection-state.ts).

import type { Socket } from 'node:net';
import type { Clock } from '../../runtime/clock.js';
import { errorCode } from '../../runtime/error-code.js';
import { setImmediate } from '../../runtime/timers.js';
import type { AbortMethod } from '../options.js';
import { abortSocket, type StreamSocket } from './connect.js';
import type { ConnectionEvent } from './connection-types.js';

/** StatsD servers send nothing; a peer that sends more than this is not one. */
const MAX_JUNK_BYTES = 65_536;

/** Time for the operating system to take the rest of a started chunk; a server that reads needs less. */
const LINGER_MILLIS = 100;

export interface ConnectionListener {
  readonly onReady: (socket: Socket) => void;
  /** The operating system has taken all of a write. */
  readonly onTaken: () => void;
  readonly onEvent: (event: ConnectionEvent) => void;
}

export class StreamConnection {
  readonly #socket: Socket;
  readonly #streamSocket: StreamSocket;
  #listener: ConnectionListener | undefined;
  // One function for all writes.
  readonly #onTaken = (): void => this.#listener?.onTaken();
  /**
   * Node calls back without an error for data that was lost with a destroyed socket. The turn of the event loop lets the
   * peer's FIN or RST be seen before more is written.
   */
  readonly #onCallback = (): void => {
    if (!this.#socket.destroyed) setImmediate(this.#onTaken);
  };

  constructor(streamSocket: StreamSocket, listener: ConnectionListener) {
    const { socket, readyEvent } = streamSocket;
    this.#socket = socket;
    this.#streamSocket = streamSocket;
    this.#listener = listener;
    // The listeners stay for the socket's whole life, so that a late error does not crash the process. After the
    // connection was abandoned, #listener is undefined and they do nothing.
    const emit = (event: ConnectionEvent): void => this.#listener?.onEvent(event);
    socket.on(readyEvent, () => this.#listener?.onReady(socket));
    socket.on('finish', () => emit({ type: 'finished' }));
    socket.on('end', () => emit({ type: 'peer-ended' }));
    socket.on('error', (error) => emit({ type: 'error', code: errorCode(error) }));
    socket.on('close', () => emit({ type: 'closed' }));
    let junkBytes = 0;
    // Without reading there is no 'end', and unread input would turn our own close into a RST.
    socket.on('data', (junk: Buffer) => {
      junkBytes += junk.length;
      if (junkBytes > MAX_JUNK_BYTES) emit({ type: 'junk' });
    });
    socket.unref();
  }

  /**
   * `onTaken` is called once the operating system has taken everything. Returns false when it took nothing: a write that
   * fails in the call itself is rejected as a whole.
   */
  write(pieces: readonly Uint8Array[]): boolean {
    const socket = this.#socket;
    // One system call, and one callback, for all of them.
    socket.cork();
    pieces.forEach((bytes, index) => {
      if (index < pieces.length - 1) socket.write(bytes);
      else socket.write(bytes, this.#onCallback);
    });
    socket.uncork();
    return socket.errored === null;
  }

  /** Sends our FIN after what is written. */
  end(): void {
    this.#socket.end();
  }

  /** Abandons the connection at once. With `rst` the server cannot read on what will be sent again. */
  abort(abortWith: AbortMethod): void {
    this.#listener = undefined;
    abortSocket(this.#streamSocket, abortWith);
  }

  /**
   * Abandons the connection without truncating a line: a destroyed socket would drop the rest of a started write.
   * Resolves when it is closed; until then the process is kept alive if `holdProcess` is set.
   */
  linger(clock: Clock, options: { readonly holdProcess: boolean }): Promise<void> {
    this.#listener = undefined;
    const socket = this.#socket;
    if (socket.connecting) abortSocket(this.#streamSocket, 'fin');
    if (socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const destroy = (): void => {
        socket.destroy();
        resolve();
      };
      const timer = clock.after(LINGER_MILLIS, destroy, options);
      socket.once('close', () => {
        timer.cancel();
        resolve();
      });
      if (!socket.destroyed) socket.destroySoon();
    });
  }
}
