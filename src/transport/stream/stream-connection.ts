// One open (or opening) stream socket, from the first event to the last. What happens to it becomes events
// for connection-state.ts.

import type { Socket } from 'node:net';
import type { Clock } from '../../runtime/clock.js';
import { errorCode } from '../endpoint/resolver.js';
import type { StreamSocket } from './connect.js';
import type { ConnectionEvent } from './connection-types.js';

/** StatsD servers say nothing; one that says more than this is none. */
const MAX_JUNK_BYTES = 65_536;

/** Time for the operating system to take the rest of a started chunk; a server that reads needs less. */
const LINGER_MILLIS = 100;

export interface ConnectionListener {
  readonly onReady: (socket: Socket) => void;
  readonly onEvent: (event: ConnectionEvent) => void;
}

export class StreamConnection {
  readonly #socket: Socket;
  readonly #abort: () => void;
  #listener: ConnectionListener | undefined;

  constructor({ socket, readyEvent, abort }: StreamSocket, listener: ConnectionListener) {
    this.#socket = socket;
    this.#abort = abort;
    this.#listener = listener;
    // The listeners stay for the socket's whole life, so that a late error can crash nothing; after the link
    // has been left, nobody hears of what they say.
    const tell = (event: ConnectionEvent): void => this.#listener?.onEvent(event);
    socket.on(readyEvent, () => this.#listener?.onReady(socket));
    socket.on('finish', () => tell({ type: 'finished' }));
    socket.on('end', () => tell({ type: 'peer-ended' }));
    socket.on('error', (error) => tell({ type: 'error', code: errorCode(error) }));
    socket.on('close', () => tell({ type: 'closed' }));
    let junkBytes = 0;
    // Without reading there is no 'end', and unread input would turn our own close into a reset.
    socket.on('data', (junk: Buffer) => {
      junkBytes += junk.length;
      if (junkBytes > MAX_JUNK_BYTES) tell({ type: 'junk' });
    });
    socket.unref();
  }

  /**
   * Calls back once the operating system has taken everything. False when it can not have taken anything: a
   * write that fails in the call itself was refused as a whole.
   */
  write(bytes: Uint8Array, onTaken: () => void): boolean {
    const socket = this.#socket;
    socket.write(bytes, () => {
      // Node calls back without an error for data that was lost with a destroyed socket. The turn of the event
      // loop lets the peer's FIN or RST be seen before more is entrusted to it.
      if (!socket.destroyed) setImmediate(() => this.#listener !== undefined && onTaken());
    });
    return socket.errored === null;
  }

  /** Sends our FIN after what is written. */
  end(): void {
    this.#socket.end();
  }

  /** Leaves the connection for good: the server should not read on what is going to be sent again. */
  abort(): void {
    this.#listener = undefined;
    this.#abort();
  }

  /**
   * Leaves the connection without cutting a line in two: a destroyed socket would drop what it was still
   * writing. Resolves when it is gone; until then the process is kept alive if `holdProcess` is set.
   */
  linger(clock: Clock, options: { readonly holdProcess: boolean }): Promise<void> {
    this.#listener = undefined;
    const socket = this.#socket;
    if (socket.connecting) this.#abort();
    if (socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = clock.after(LINGER_MILLIS, () => this.#abandon(resolve), options);
      socket.once('close', () => {
        timer.cancel();
        resolve();
      });
      if (!socket.destroyed) socket.destroySoon();
    });
  }

  #abandon(resolve: () => void): void {
    this.#socket.destroy();
    resolve();
  }
}
