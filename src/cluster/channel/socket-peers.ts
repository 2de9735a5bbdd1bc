// The aggregator's unix socket for other processes of this machine.

import { createServer, type Server, type Socket } from 'node:net';
import { withoutTracing } from '../../exporter/without-tracing.js';
import { backoffMillis } from '../../runtime/backoff.js';
import { type Clock, systemClock, type Timer } from '../../runtime/clock.js';
import { removeStaleSocketFile } from '../../runtime/socket-file.js';
import type { BatchReceiver } from '../aggregator/batch-receiver.js';
import type { Peer } from '../aggregator/worker-registry.js';
import { encodeLine, LineDecoder } from './ndjson.js';

export interface SocketListenerOptions {
  readonly path: string;
  readonly receiver: BatchReceiver;
  readonly log: (message: string) => void;
}

/** Listens on the path, and retries while another process uses it. */
export class SocketListener {
  readonly #options: SocketListenerOptions;
  readonly #clock: Clock;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #retry: Timer | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(options: SocketListenerOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.#clock = clock;
    this.#listen();
  }

  close(): void {
    this.#isClosed = true;
    this.#retry?.cancel();
    this.#server?.close();
    // Sends pending acknowledgements first.
    for (const socket of this.#sockets) socket.end();
  }

  #listen(): void {
    const server = withoutTracing(() => createServer((socket) => this.#serve(socket)));
    this.#server = server;
    server.unref();
    server.on('listening', () => {
      this.#failures = 0;
    });
    server.on('error', (error: NodeJS.ErrnoException) => this.#failed(error));
    withoutTracing(() => server.listen({ path: this.#options.path }));
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (this.#isClosed) return;
    const { path, log } = this.#options;
    if (error.code !== 'EADDRINUSE') return this.#retryLater(error.message);
    void withoutTracing(() => removeStaleSocketFile(path)).then((result) => {
      if (this.#isClosed) return;
      if (result === 'in-use') return this.#retryLater(`another process listens on ${path}`);
      if (result === 'not-removable')
        return this.#retryLater(`${path} is not a socket, or cannot be removed`);
      log(`removed ${path}, the socket of a process that has ended`);
      this.#failures += 1;
      this.#listen();
    });
  }

  #retryLater(reason: string): void {
    if (this.#failures <= 1) this.#options.log(`workers cannot connect yet: ${reason}`);
    this.#failures += 1;
    this.#retry = this.#clock.after(backoffMillis(this.#failures, Math.random), () => {
      if (!this.#isClosed) this.#listen();
    });
  }

  #serve(socket: Socket): void {
    const { receiver } = this.#options;
    socket.unref();
    this.#sockets.add(socket);
    const decoder = new LineDecoder();
    const peer: Peer = {
      send(message) {
        if (socket.writable) socket.write(encodeLine(message));
      },
    };
    socket.on('data', (chunk) => {
      try {
        for (const message of decoder.decode(chunk)) receiver.receive(peer, message);
      } catch {
        socket.destroy();
      }
    });
    // 'close' follows every error.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      receiver.removePeer(peer);
    });
    receiver.addPeer(peer);
  }
}
