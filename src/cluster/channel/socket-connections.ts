// The connections of the aggregator's unix socket. Whatever a peer sends or does not read, its memory is bounded, and so
// is that of all connections together.

import type { Socket } from 'node:net';
import type { Clock } from '../../runtime/clock.js';
import { hasFreeDescriptor, NO_DESCRIPTORS } from '../../runtime/file-descriptors.js';
import { Turns } from '../../runtime/turns.js';
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

/**
 * Of processing before other work of the event loop gets its turn. A message of the largest size may take some 20 more; most
 * take less than one.
 */
const TURN_MILLIS = 5;

interface Connection {
  readonly socket: Socket;
  readonly peer: Peer;
  readonly decoder: LineDecoder;
  /** Its part of the buffered bytes of all connections. */
  countedBytes: number;
}

export class SocketConnections {
  readonly #receiver: BatchReceiver;
  readonly #limits: ConnectionLimits;
  readonly #connections = new Set<Connection>();
  readonly #refused = new WeakSet<Socket>();
  /** Chunks to process, one for each paused socket. */
  readonly #turns: Turns;
  #bufferedBytes = 0;

  constructor(receiver: BatchReceiver, limits: ConnectionLimits, clock: Clock) {
    this.#receiver = receiver;
    this.#limits = limits;
    this.#turns = new Turns(TURN_MILLIS, clock);
  }

  add(socket: Socket): void {
    socket.unref();
    if (!hasFreeDescriptor()) return this.#refuse(socket, NO_DESCRIPTORS);
    const peer: Peer = { send: (message) => this.#send(socket, message) };
    const connection: Connection = { socket, peer, decoder: new LineDecoder(), countedBytes: 0 };
    this.#connections.add(connection);
    socket.on('data', (chunk) => this.#enqueue(connection, chunk));
    // 'close' follows every error.
    socket.on('error', () => {});
    socket.on('close', () => this.#remove(connection));
    this.#receiver.addPeer(peer);
  }

  /** Sends pending acknowledgements first. */
  close(): void {
    for (const { socket } of this.#connections) socket.end();
  }

  #remove(connection: Connection): void {
    this.#connections.delete(connection);
    this.#count(connection, 0);
    this.#receiver.removePeer(connection.peer);
  }

  #enqueue(connection: Connection, chunk: Buffer): void {
    connection.socket.pause();
    this.#turns.add(connection, this.#receive(connection, chunk));
  }

  /** Yields after each message. */
  *#receive(connection: Connection, chunk: Buffer): Generator<void> {
    const { socket, decoder, peer } = connection;
    try {
      for (const message of decoder.decode(chunk)) {
        if (this.#refused.has(socket)) return;
        this.#receiver.receive(peer, message);
        yield;
      }
    } catch (error) {
      this.#refuse(socket, error instanceof Error ? error.message : String(error));
    }
    // A connection that was closed meanwhile has no part of the buffered bytes.
    if (socket.destroyed) return;
    this.#count(connection, decoder.bufferedBytes);
    if (this.#bufferedBytes > this.#limits.bufferedBytes) this.#closeLargest(connection);
    socket.resume();
  }

  #count(connection: Connection, bytes: number): void {
    this.#bufferedBytes += bytes - connection.countedBytes;
    connection.countedBytes = bytes;
  }

  #send(socket: Socket, message: object): void {
    if (!socket.writable) return;
    socket.write(encodeLine(message));
    if (socket.writableLength > this.#limits.unreadBytes) {
      this.#refuse(socket, 'a connection does not read its answers');
    }
  }

  /** The connection with the longest incomplete line: others are likely to complete theirs soon. */
  #closeLargest(first: Connection): void {
    let largest = first;
    for (const connection of this.#connections) {
      if (connection.countedBytes > largest.countedBytes) largest = connection;
    }
    // At once: chunks of others may follow before the connection has closed.
    this.#count(largest, 0);
    const { bufferedBytes } = this.#limits;
    this.#refuse(largest.socket, `incomplete messages have more than ${bufferedBytes} bytes together`);
  }

  #refuse(socket: Socket, reason: string): void {
    if (this.#refused.has(socket)) return;
    this.#refused.add(socket);
    this.#receiver.refuse(reason);
    socket.destroy();
  }
}
