// The connections of the aggregator's unix socket. Whatever a peer sends or does not read, its memory is bounded, and so
// is that of all connections together.

import type { Socket } from 'node:net';
import type { BatchReceiver } from '../aggregator/batch-receiver.js';
import type { Peer } from '../aggregator/worker-registry.js';
import { encodeLine, LineDecoder } from './ndjson.js';

export interface ConnectionLimits {
  readonly connections: number;
  /** Memory of the incomplete lines of all connections. */
  readonly bufferedBytes: number;
  /** Answers that one peer has not read. */
  readonly unreadBytes: number;
}

/**
 * A few connections for each core of a large machine. A line takes 1 MiB at most, and mostly some 60 KB. An answer takes
 * about 150 bytes, and a worker with one batch in flight is owed a few.
 */
export const CONNECTION_LIMITS: ConnectionLimits = {
  connections: 1_000,
  bufferedBytes: 32 * 2 ** 20,
  unreadBytes: 64 * 2 ** 10,
};

export class SocketConnections {
  readonly #receiver: BatchReceiver;
  readonly #limits: ConnectionLimits;
  readonly #connections = new Map<Socket, LineDecoder>();
  #bufferedBytes = 0;

  constructor(receiver: BatchReceiver, limits: ConnectionLimits) {
    this.#receiver = receiver;
    this.#limits = limits;
  }

  add(socket: Socket): void {
    const receiver = this.#receiver;
    socket.unref();
    const decoder = new LineDecoder();
    this.#connections.set(socket, decoder);
    const peer: Peer = { send: (message) => this.#send(socket, message) };
    socket.on('data', (chunk) => this.#receive(socket, decoder, chunk, peer));
    // 'close' follows every error.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#connections.delete(socket);
      this.#bufferedBytes -= decoder.bufferedBytes;
      receiver.removePeer(peer);
    });
    receiver.addPeer(peer);
  }

  /** Sends pending acknowledgements first. */
  close(): void {
    for (const socket of this.#connections.keys()) socket.end();
  }

  #receive(socket: Socket, decoder: LineDecoder, chunk: Buffer, peer: Peer): void {
    if (socket.destroyed) return;
    const before = decoder.bufferedBytes;
    try {
      for (const message of decoder.decode(chunk)) this.#receiver.receive(peer, message);
    } catch (error) {
      this.#refuse(socket, error instanceof Error ? error.message : String(error));
    }
    this.#bufferedBytes += decoder.bufferedBytes - before;
    if (this.#bufferedBytes > this.#limits.bufferedBytes) this.#closeLargest();
  }

  #send(socket: Socket, message: object): void {
    if (!socket.writable) return;
    socket.write(encodeLine(message));
    if (socket.writableLength > this.#limits.unreadBytes)
      this.#refuse(socket, 'a connection does not read its answers');
  }

  /** The connection with the longest incomplete line: others are likely to complete theirs soon. */
  #closeLargest(): void {
    let largest: Socket | undefined;
    let bytes = 0;
    for (const [socket, { bufferedBytes }] of this.#connections) {
      if (bufferedBytes <= bytes || socket.destroyed) continue;
      largest = socket;
      bytes = bufferedBytes;
    }
    if (largest !== undefined) {
      this.#refuse(
        largest,
        `incomplete messages have more than ${this.#limits.bufferedBytes} bytes together`,
      );
    }
  }

  #refuse(socket: Socket, reason: string): void {
    this.#receiver.refuse(reason);
    socket.destroy();
  }
}
